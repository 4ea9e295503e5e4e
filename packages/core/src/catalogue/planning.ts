import type { Family } from "./model.ts";

const approve = "Make the plan again, and have it approved.";
const again = "Run again: what is there now is read first, and nothing is made twice.";

export const planning: Family = {
  title: "Plans and guards",
  about:
    "Told when what is declared is held against live AWS, before anything is changed. A plan with an error is not applied.",
  entries: {
    "abandon.declared": {
      says: "A resource cannot be abandoned while it is declared.",
      why: "To abandon is to let go of what the stack owns and does not declare. What it declares would be taken up again by the next run.",
      mend: "Take it out of the template first, or declare it as existing.",
    },
    "abandon.unknown": {
      says: "There is nothing of this name to abandon.",
      why: "No stack of the run owns such a resource without declaring it.",
      mend: "Name it by its logical id, or as stack/LogicalId.",
    },
    "adopt.must-replace": {
      says: "A resource cannot be adopted as it is declared.",
      why: "A property differs that can only be set when the resource is made, so adopting it would be replacing it.",
      mend: "Declare what is there, adopt it, and change it afterwards.",
    },
    "adopt.not-found": {
      says: "There is nothing to adopt.",
      why: "adopt names an identifier, and nothing has it; or adopt: true stands at a type that has no name to find it by. To make something instead would be a second one.",
      mend: "Write or correct the identifier, or take the line away so that one is made.",
    },
    "deletion-policy.lost-with-parent": {
      says: "A resource is to stay, and what it is a part of is to be deleted.",
      why: "A rule lives in its group and an inline policy in its role: it cannot be retained, released or abandoned when that goes.",
      mend: "Let the parent stay too (DeletionPolicy: Retain; UpdateReplacePolicy where it is replaced), or let the resource go with it: DeletionPolicy: Delete.",
      see: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html",
    },
    "deletion-policy.lost-to-parent": {
      says: "A resource is to be let go of, and what it is a part of would delete it.",
      why: "A declared security group has the rules that are declared and no others; a rule in it that is abandoned would be deleted by the next run.",
      mend: "Declare it in the parent instead, from where it can be taken out; or add the parent's property to the parent's `ignore`, after which others may write there.",
    },
    "deletion-policy.no-snapshot": {
      says: "A last snapshot is to be made, and none can be made yet.",
      why: "DeletionPolicy: Snapshot is the default of some databases. Without the snapshot the data would be lost, so nothing is deleted.",
      mend: "Declare Retain; or make the snapshot by hand and declare Delete.",
      see: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html",
    },
    "approval.depends": {
      says: "A resource is left as it is, because it needs one that is.",
      why: "With --plan-file only what was approved is done, and nothing that waits for something else.",
      mend: approve,
    },
    "approval.form": {
      says: "A file is no plan that was saved.",
      why: "--plan-file takes the JSON document that a plan of this version has written.",
      mend: "Save one: reconcile --plan --output plan.json.",
    },
    "approval.graver": {
      says: "A resource would have more done to it than was approved.",
      why: "An update has become a replacement or a deletion since the plan was saved: live AWS has moved.",
      mend: approve,
    },
    "approval.moved": {
      says: "A resource is not any more as it was when the plan was saved.",
      why: "Somebody has changed it since. What was approved was a change of something else.",
      mend: approve,
    },
    "approval.no-revision": {
      says: "A saved plan does not say which commit it was made from.",
      why: "Its files were not committed, so nobody can tell whether they are the same now.",
      mend: "Commit, and make the plan again.",
    },
    "approval.not-approved": {
      says: "A change is not in the saved plan.",
      why: "Only what was approved is done.",
      mend: approve,
    },
    "approval.other-place": {
      says: "A saved plan is of another account, region or project.",
      why: "What was approved for one place says nothing of another.",
      mend: approve,
    },
    "approval.other-revision": {
      says: "A saved plan was made from another commit.",
      why: "What is declared may have changed since.",
      mend: approve,
    },
    "approval.other-stacks": {
      says: "A saved plan is of other stacks.",
      why: "Stacks depend on one another: a part of what was planned is another plan.",
      mend: "Give the same paths, and the same --stack.",
    },
    "base.unavailable": {
      says: "What was applied last cannot be read.",
      why: "A plan tells what the commit changes from what has drifted, and needs the files as they were for that. Without them everything is told as a difference; what would be done is the same.",
      mend: "Fetch the whole history (fetch-depth: 0), or name a base with --base.",
    },
    "delete.used-elsewhere": {
      says: "A resource stays, because another stack still uses it.",
      why: "Something that is live in another stack was made with it. AWS would refuse to delete it, or break what uses it.",
      mend: "Take it out of there; the next run deletes it.",
    },
    "drift.never-applied": {
      says: "No run that applied a stack is recorded.",
      why: "Drift is what has changed since the last run. Without one, what is live is compared with the files as they are.",
      mend: "Apply the stack once.",
    },
    "existing.differs": {
      says: "A resource that is declared as existing is not as declared.",
      why: "What exists is never changed here; what others are given of it may not be what they expect.",
      mend: "Declare it as it is, or name what does not matter in Metadata: { Reconcile: { ignore: […] } }.",
    },
    "existing.missing": {
      says: "A resource is declared as existing, and is not there.",
      why: "It is somebody else's to make.",
      mend: "Correct its name, make it where it belongs, or remove existing so that it is made here.",
    },
    "existing.no-name": {
      says: "What is declared as existing has no name.",
      why: "Its properties do not say which one it is.",
      mend: "Write its identifier: Metadata: { Reconcile: { existing: IDENTIFIER } }.",
    },
    "exists.not-ours": {
      says: "Something of this name exists already, and nobody's tags are on it.",
      why: "Only what is marked as this stack's is changed: it may be somebody's.",
      mend: "If it is meant, adopt it: Metadata: { Reconcile: { adopt: true } }. Else declare another name.",
    },
    "exists.other-owner": {
      says: "Something of this name exists already, and belongs to another stack.",
      why: "Its tags name the owner. Two stacks would change it in turns.",
      mend: "Declare another name, take it over with moved-from, or declare it as existing.",
    },
    "exists.unclear": {
      says: "Something carries the stack's tag, and none that says which of its resources it is.",
      why: "What AWS gives no name of its own, such as an instance, is found by its tags. Without them another one would be made in its place.",
      mend: "Set its tag `reconcile:resource` to its logical id and type again; or take `reconcile:owner` off, if it is not the stack's.",
    },
    "export.in-use": {
      says: "An export that a stack outside the run uses goes away, or what it names does.",
      why: "What uses it was made with its value, and could not be made again. AWS itself holds what is in use for few types.",
      mend: "Do both in one run, or take the import out of the other stack first.",
      see: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html",
    },
    "guard.holds-data": {
      says: "A resource that holds data would be lost.",
      why: "Types whose data cannot be brought back are deleted or replaced only when that is allowed by name.",
      mend: "Look at what forces it. If it is meant: --allow-delete ID.",
    },
    "guard.protected": {
      says: "A protected resource would be lost.",
      why: "Metadata: { Reconcile: { protect: true } } says that it may be neither deleted nor replaced; its tag says so when the declaration is gone.",
      mend: "Apply it once with protect: false, and delete it then.",
    },
    "guard.too-many-deletions": {
      says: "A run would delete a large part of a stack.",
      why: "A wrong branch, an empty template or another stack's file looks like that. The limits are guards: in reconcile.yaml. What an earlier replacement left over does not count.",
      mend: "Check the file and the branch. If it is meant: --allow-delete ID for each, or --allow-delete all.",
    },
    "unset.irreversible": {
      says: "A property is declared no more, and AWS would keep its value.",
      why: "Where AWS decides what an undeclared property is, nothing tells what it was before the line was. To remove the line would do nothing, without a word.",
      mend: "Declare the value that it is to have, or name it in Metadata: { Reconcile: { ignore: […] } }.",
    },
    "import.not-live": {
      says: "What is imported is not there yet.",
      why: "Another stack of the project declares it, has not been applied, and is not part of this run.",
      mend: "Apply that stack first, or both in one run.",
    },
    "import.role-arn": {
      says: "An output is asked for with a role.",
      why: "Fn::GetStackOutput may name a role to look in another account with. Roles are taken by stack files only, where a reviewer sees them.",
      mend: "Make it a stack of the project, or pass the value as a parameter.",
    },
    "import.undefined": {
      says: "Nobody exports what is imported.",
      why: "No stack of the project does, and none of CloudFormation's in this account and region.",
      mend: "Correct the name, or make the stack that exports it a part of the project.",
      see: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-importvalue.html",
    },
    "move.still-declared": {
      says: "A resource cannot be taken over, because it is still declared where it comes from.",
      why: "Two stacks would own it.",
      mend: "Remove it there, or remove moved-from here.",
    },
    "move.unclear": {
      says: "A resource leaves one stack and comes in another.",
      why: "It may have moved, or be deleted here and made there: its data would tell the difference.",
      mend: "If it is the same, write moved-from; if not, allow its deletion by name.",
    },
    "rename.still-declared": {
      says: "A resource cannot be one under a new name that is still declared.",
      why: "renamed-from names a logical id that the template still has.",
      mend: "Remove renamed-from, or the other resource.",
    },
    "replace.cannot-retain": {
      says: "A resource has to be replaced, and the old one cannot be kept.",
      why: "UpdateReplacePolicy keeps it, and nothing can be written on it that would say whose it was.",
      mend: "Remove its UpdateReplacePolicy, or give the new one another logical id.",
    },
    "replace.name-taken": {
      says: "A resource is to have a name that is not free by then.",
      why: "A new one is made before the old one is deleted, and a name is there once: the old one has it, or another resource of the stack that cannot let go of it first.",
      mend: "Declare another name, or none; or delete it first with --allow-delete ID.",
    },
    "rollback.nothing-before": {
      says: "No earlier commit that was applied is recorded.",
      why: "A rollback goes to the commit that the runs have written down.",
      mend: "Name the revision: reconcile rollback REV.",
    },
    "stack.elsewhere": {
      says: "A stack lives in another region or account than its files say.",
      why: "What it declares would be made a second time, and the first one be seen by nobody: it is looked for where git had the stack before, and where the project's other stacks live.",
      mend: "Destroy it there before it moves; or give the new one a file and a name of its own, and destroy the old one later.",
    },
    "stack.orphan": {
      says: "A stack has resources, or a record of its runs, and has no file any more.",
      why: "Its file was deleted or renamed. What it owns is live and may cost money.",
      mend: "Bring the file back, or delete what is left of it with --prune-stacks.",
    },
    "stack.prune-nameless": {
      says: "Stacks without a file are only deleted for a project that has a name.",
      why: "Without one, the stacks of two repositories in an account look like those of one project.",
      mend: "Write project: NAME into reconcile.yaml.",
    },
    "stack.prune-unread": {
      says: "Stacks without a file are only deleted when all files of the project can be read.",
      why: "A stack whose file is empty, cut off or broken looks like one whose file is gone.",
      mend: "Mend the files that are named, or delete those that are not needed.",
    },
    "git.missing": {
      says: "git is not installed.",
      why: "The desired state at a commit is read from git's objects.",
      mend: "Install git, or leave out the revision.",
    },
    "git.revision": {
      says: "There is no such commit in this repository.",
      why: "The branch or tag was not fetched, or the checkout has only the last commit.",
      mend: "git fetch; in GitHub Actions, fetch-depth: 0.",
    },
    "init.write": {
      says: "A file cannot be written.",
      why: "Something of this name is there already, a link leads outside the repository, or the disk says no. Nothing is overwritten.",
      mend: "Move away what is in the way, or choose another folder.",
    },
    "plan.timeout": {
      says: "Reading live AWS took longer than was allowed.",
      why: "With --timeout a plan that is not made by then ends. Nothing was changed. Without it, a plan takes as long as AWS does: throttling alone does not fail it.",
      mend: "Allow more time; or ask for less, with a PATH or --stack.",
    },
    "plan.moved": {
      says: "Live AWS is not any more what the plan was made from.",
      why: "What is applied is never more than what was planned and read: another run or a person has changed something in between.",
      mend: "Plan again and look at it.",
    },
    "lease.held": {
      says: "Another run holds a stack.",
      why: "Two runs at once would undo each other's work. A run holds each of its stacks, and lets go when it ends.",
      mend: "Run again when it is done, or wait with --lock-timeout SECONDS. That of a killed run is free after half a minute.",
    },
    "lease.lost": {
      says: "A run could not renew its hold of a stack.",
      why: "It was paused or cut off for so long that another run may have taken over. Nothing more is sent, so that both do not write.",
      mend: again,
    },
  },
};
