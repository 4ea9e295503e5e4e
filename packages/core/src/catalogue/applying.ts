import type { Family } from "./model.ts";

const again = "Run again: what is there now is read first, and nothing is made twice.";

export const applying: Family = {
  title: "Applying and verifying",
  about:
    "Told while resources are changed, or checked afterwards. What was done stays done; the next run goes on from there.",
  entries: {
    "apply.still-unknown": {
      says: "A value is not known even now that what it comes from is done.",
      why: "An attribute is not there in this state of the resource: an instance without a public address has no PublicIp.",
      mend: "Refer to something that the resource has.",
    },
    "apply.stopped": {
      says: "A run was told to stop before a resource was done.",
      why: "Ctrl-C ends what is only waited for, and lets nothing more be sent. Calls that were under way have ended.",
      mend: again,
    },
    "check.unknown": {
      says: "A check cannot run, because a value is not known.",
      why: "What gives it is not there.",
      mend: "Run reconcile: it makes what is declared.",
    },
    "converge.not-equal": {
      says: "A resource still differs after two updates.",
      why: "Something else writes the property too, or AWS keeps another value than it was sent.",
      mend: "Find out who writes it; or declare what AWS makes of the value; or name it in Metadata: { Reconcile: { ignore: […] } }.",
    },
    "converge.not-found": {
      says: "A resource was created and cannot be found.",
      why: "AWS's lists are late at times. Whether it failed afterwards is not known.",
      mend: "Run again: what exists by then is taken up.",
    },
    "converge.vanished": {
      says: "A resource vanished while it was updated.",
      why: "Somebody deleted it in between.",
      mend: "Run again: it is made anew.",
    },
    "delete.in-use": {
      says: "A managed policy is still attached.",
      why: "IAM deletes none that roles, users or groups have.",
      mend: "Detach it there and run again, or keep it with DeletionPolicy: Retain.",
    },
    "delete.still-there": {
      says: "A resource is still there long after its deletion was accepted.",
      why: "Some deletions take long, or wait for something that AWS does not tell.",
      mend: "Run again later.",
    },
    "distribution.still-deploying": {
      says: "A distribution is still being deployed.",
      why: "CloudFront carries a change to all its places, which may take long.",
      mend: "Run again later: it goes on from there.",
    },
    "instance.architecture-mismatch": {
      says: "An instance type cannot run an image.",
      why: "The image is for another processor: arm64 for Graviton, x86_64 for the others.",
      mend: "Take a type or an image that fit together; both are offered.",
      see: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-types.html",
    },
    "instance.still-changing": {
      says: "An instance has not come to rest.",
      why: "It has been starting or stopping for longer than EC2 takes.",
      mend: "Look at it in the console, and run again.",
    },
    "instance.terminated": {
      says: "A new instance did not stay.",
      why: "EC2 ended it: a quota, a key that may not be used for its disk, an image that does not start.",
      mend: "See to the reason, and run again.",
      see: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshooting-launch.html",
    },
    "instance.termination-disabled": {
      says: "An instance cannot be terminated.",
      why: "Its DisableApiTermination is true.",
      mend: "Apply it once with false, then delete it.",
    },
    "record.not-written": {
      says: "What was done could not be written down.",
      why: "The record of runs is a convenience: what is live is what counts.",
      mend: "Run again: it finds nothing to do, and writes it down.",
    },
    "sandbox.failed": {
      says: "The sandbox did not start.",
      why: "It is an emulator that runs on this machine, and needs what the message names.",
      mend: "Follow the message; nothing of AWS was touched.",
    },
    "internal.error": {
      says: "This should not have happened.",
      why: "It is a fault of Reconcile.",
      mend: "Run again with --debug, and report it.",
    },
    "aws.access-denied": {
      says: "AWS denied an action.",
      why: "The policies of the caller do not allow it, or one of them, a boundary or the organisation denies it.",
      mend: "reconcile policy prints what planning and applying need.",
      see: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
    },
    "aws.clock-skew": {
      says: "The clock of this machine is wrong.",
      why: "AWS refuses requests that are signed more than a few minutes early or late.",
      mend: "Set the clock, and run again.",
    },
    "aws.credentials-expired": {
      says: "The credentials have expired.",
      why: "Those of roles and of single sign-on are good for some hours.",
      mend: "Log in again, or take new ones; in CI, in the same job.",
    },
    "aws.credentials-invalid": {
      says: "AWS does not accept the credentials.",
      why: "The key does not exist or was switched off, or the account has not enabled the region.",
      mend: "Check which ones are used: aws sts get-caller-identity.",
    },
    "aws.credentials-missing": {
      says: "There are no credentials.",
      why: "They are looked for as the AWS CLI does: profile, environment, web identity, single sign-on, container, instance.",
      mend: "Name a profile with --profile, or log in.",
      see: "https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-authentication.html",
    },
    "aws.in-use": {
      says: "AWS refuses to take something away, because it is used.",
      why: "Another resource holds it: one of another stack, or of somebody else.",
      mend: "What uses it has to let go of it first. Run again then.",
    },
    "aws.no-answer": {
      says: "A change was sent, and its answer is missing.",
      why: "The network or the service broke off: it may have happened or not.",
      mend: again,
    },
    "aws.not-implemented": {
      says: "The sandbox does not implement a call.",
      why: "An emulator does not do everything that AWS does.",
      mend: "Leave out in the sandbox what needs it, or run against AWS.",
    },
    "aws.other": {
      says: "AWS refused a call, in its own words.",
      why: "The code is made of the name of AWS's error: aws.invalid-parameter-value is InvalidParameterValue.",
      mend: "The message is AWS's: the documentation of the operation explains its errors.",
    },
    "aws.region-missing": {
      says: "No region is named.",
      why: "It is taken from the stack file, reconcile.yaml, --region, AWS_REGION or the profile. None is guessed.",
      mend: "Set region in the stack file or under defaults: in reconcile.yaml.",
    },
    "aws.throttled": {
      says: "AWS refused too many requests.",
      why: "Somebody else in the account may be using up its limit. It was waited and tried again for as long as makes sense.",
      mend: "Run again later, or with a lower --parallelism.",
    },
    "aws.unreachable": {
      says: "AWS cannot be reached.",
      why: "There is no such host, nothing listens there, or the network has a proxy.",
      mend: "Check the network, the proxy and the name of the region.",
    },
    "aws.unreadable-answer": {
      says: "An answer is not AWS's.",
      why: "Something in between answers in its own words: a proxy, or the login page of a network.",
      mend: "Check --endpoint-url, AWS_ENDPOINT_URL and the proxy.",
    },
    "aws.wrong-account": {
      says: "The credentials are of another account.",
      why: "The stack says to which account it belongs. Nothing was read or changed.",
      mend: "Use credentials of that account, or correct account.",
    },
    "input.prefix-list-ambiguous": {
      says: "Several prefix lists have a name.",
      why: "Which one is meant cannot be told.",
      mend: "Pass the id of the one that is meant.",
    },
    "input.prefix-list-missing": {
      says: "There is no prefix list of a name.",
      why: "AWS has other lists in every region.",
      mend: "Correct its name: aws ec2 describe-managed-prefix-lists shows them.",
    },
    "input.secret-binary": {
      says: "A secret is binary.",
      why: "Only texts can stand in a property, as in CloudFormation.",
      mend: "Store it as a text.",
    },
    "input.secret-key": {
      says: "A secret has no such key.",
      why: "It is not a JSON object, or has other keys.",
      mend: "Correct the key, or leave it out for all of the secret.",
    },
    "input.secret-missing": {
      says: "There is no such secret.",
      why: "It does not exist in the region, has no such version, or is marked for deletion.",
      mend: "Create or restore it, or correct its name.",
    },
    "input.ssm-missing": {
      says: "There is no such parameter in Parameter Store.",
      why: "Parameters are of one region and account.",
      mend: "Create it, or correct its name.",
    },
  },
};
