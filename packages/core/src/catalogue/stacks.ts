import type { Family } from "./model.ts";
import { parameter, project, stackFile } from "./samples.ts";

const hello = parameter("Value: hello");
const size = `Parameters: { Size: { Type: String } }\n${parameter("Value: !Ref Size")}`;

export const stacks: Family = {
  title: "Stack files and reconcile.yaml",
  about: "Told when the desired state is loaded.",
  entries: {
    "path.not-found": {
      says: "There is no such file or folder.",
      why: "A path counts from the folder that one stands in; for a revision, from the repository's root at that revision.",
      mend: "Correct the path.",
    },
    "path.default-missing": {
      says: "There is no desired state to look at.",
      why: "Without a path, the folder desired-state of the repository is taken.",
      mend: "Give a path, or make the folder: reconcile init writes a first one.",
    },
    "stack.account": {
      says: "Something is no number of an account.",
      why: "An AWS account has twelve digits. Without quotes, YAML would take off a leading zero; it is read as it is written here.",
      mend: 'Write twelve digits in quotes: account: "012345678901".',
      example: stackFile(["account: 1234"]),
    },
    "stack.cycle": {
      says: "A stack depends on itself.",
      why: "depends-on says which stacks come first. In a circle none could.",
      mend: "Remove one of the names.",
      example: stackFile(["depends-on: [stack]"]),
    },
    "stack.duplicate": {
      says: "Two stacks have the same name.",
      why: "The name is a part of what every resource is marked with: two stacks would take each other's resources for their own.",
      mend: "Give one of them another stack-name.",
      example: {
        "one.yaml": "template-file-path: templates/hello.yaml\nstack-name: greeting\n",
        "two.yaml": "template-file-path: templates/hello.yaml\nstack-name: greeting\n",
        "templates/hello.yaml": hello,
      },
    },
    "stack.empty": {
      says: "A key of a stack file has nothing after it.",
      why: "Whether the value was forgotten or the line was, cannot be told.",
      mend: "Give it a value, or remove the key.",
      example: stackFile(["region:"]),
    },
    "stack.form": {
      says: "A part of a stack file has the wrong form.",
      why: "A region is a text, tags and parameters are maps, depends-on is a list of names.",
      mend: "Write what is asked for.",
      example: stackFile(["tags: [Team, web]"]),
    },
    "stack.ignored": {
      says: "A file in the folder is neither a stack file nor a template.",
      why: "Everything that ends in .yaml, .yml or .json directly in the folder is looked at. A stack that nobody recognises would go unnoticed.",
      mend: "Add template-file-path or Resources, or move the file into a folder of its own.",
      example: { "notes.yaml": "remember: the milk\n", "template.yaml": hello },
    },
    "stack.name": {
      says: "A name cannot be that of a stack.",
      why: "Names of stacks have letters, digits and hyphens, begin with a letter and have at most 64 characters. Names of resources are made of them.",
      mend: "Write another stack-name, or rename the file that it is made from.",
      example: stackFile(["stack-name: 1_greeting"]),
    },
    "stack.neither": {
      says: "A file is neither a stack file nor a template.",
      why: "It was named on the command line, and has neither template-file-path nor Resources.",
      mend: "Name a stack file, a template, or a folder that holds one.",
    },
    "stack.no-template": {
      says: "A stack file does not name its template.",
      why: "template-file-path is the one key that a stack file must have.",
      mend: "Add it, with the path from the repository's root or from the stack file's folder.",
      example: { "stack.yaml": "template-file-pat: templates/hello.yaml\n" },
    },
    "stack.none": {
      says: "There is no stack in a folder.",
      why: "Stack files and templates directly in the folder are stacks; folders in it are not looked into.",
      mend: "Name the folder that holds them.",
    },
    "stack.region": {
      says: "Something is no region.",
      why: "A region is written by its code.",
      mend: "Write us-east-1, eu-central-1 and the like.",
      example: stackFile(["region: us-east"]),
    },
    "stack.role-arn": {
      says: "Something is no ARN of a role.",
      why: "Reconcile takes the role before it looks at the stack. A name alone does not say in which account it is.",
      mend: "Write arn:aws:iam::123456789012:role/name.",
      example: stackFile(["role-arn: deployer"]),
    },
    "stack.template-missing": {
      says: "The template of a stack file is not there.",
      why: "The path counts from the repository's root; if nothing is there, from the folder of the stack file.",
      mend: "Correct the path, or add the template.",
      example: { "stack.yaml": "template-file-path: templates/helo.yaml\n", "templates/hello.yaml": hello },
    },
    "stack.unknown-key": {
      says: "A stack file has no such key.",
      why: "A misspelt key would have no effect, and nobody would notice.",
      mend: "Correct the key, or remove it.",
      example: stackFile(["stack_name: greeting"]),
    },
    "stack.depends-on-absent": {
      says: "A stack depends on one that is not part of the run.",
      why: "The order is kept between stacks of one run. What the other has must be there already.",
      mend: "Nothing needs to be done if it is there; else give both stacks, or their folder.",
    },
    "tag.form": {
      says: "AWS refuses a tag, or it is not yours to set.",
      why: "Names of tags have up to 128 characters and values up to 256. aws: is AWS's own; reconcile: says whose a resource is.",
      mend: "Change or remove the tag.",
      see: "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html",
      example: stackFile(["tags: { aws:team: web }"]),
    },
    "check.count": {
      says: "A stack has too many checks.",
      why: "They run at the end of every run, which waits for them.",
      mend: "Keep those that tell whether the whole works, and leave the others to monitoring.",
    },
    "check.duplicate": {
      says: "Two checks have the same name.",
      why: "Reports name a check by it.",
      mend: "Give one of them another.",
      example: stackFile([
        "checks:",
        "  - { name: web, tcp: { host: example.com, port: 80 } }",
        "  - { name: web, tcp: { host: example.com, port: 443 } }",
      ]),
    },
    "check.form": {
      says: "checks is not a list.",
      why: "Each check is an element with a name and what it does.",
      mend: "Write one an element: - name: health.",
      example: stackFile(["checks: { tcp: { host: example.com, port: 80 } }"]),
    },
    "check.name": {
      says: "A check has no name, or one that it cannot have.",
      why: "The name stands in reports and in file names: letters, digits, dots, underscores and hyphens, at most 64.",
      mend: "Give it such a name.",
      example: stackFile(["checks: [{ name: is it up?, tcp: { host: example.com, port: 80 } }]"]),
    },
    "check.outside-value": {
      says: "A check reads a value from outside by itself.",
      why: "What a stack reads from outside is looked up for its template, before anything is planned, and recorded. A check is evaluated much later.",
      mend: "Read it in a parameter or an output of the stack, and refer to that.",
      example: stackFile(['checks: [{ name: web, tcp: { host: "{{resolve:ssm:/host}}", port: 80 } }]']),
    },
    "parameter.form": {
      says: "The value of a parameter has the wrong form.",
      why: "In a stack file a value is a text, a list of texts, or says where it comes from. Functions belong in the template.",
      mend: "Write the value out, or { env: NAME }, { ssm: /name } and the like.",
      example: stackFile(["parameters: { Size: !Ref Other }"], size),
    },
    "parameter.source": {
      says: "Values cannot come from there.",
      why: "Values come from the environment, Parameter Store, Secrets Manager, or are the id of a prefix list.",
      mend: "Correct the key.",
      example: stackFile(["parameters: { Size: { envv: SIZE } }"], size),
    },
    "input.env": {
      says: "A variable of the environment may not be asked for.",
      why: "Names have letters, digits and underscores. AWS_*, GITHUB_* and ACTIONS_* hold credentials of the run itself, which have no place in a template.",
      mend: "Pass the value in a variable of another name.",
      example: stackFile(["parameters: { Size: { env: AWS_SECRET_ACCESS_KEY } }"], size),
    },
    "input.prefix-list": {
      says: "Something cannot be the name of a prefix list.",
      why: "Such names have letters, digits, dots, underscores and hyphens.",
      mend: "Correct it.",
      example: stackFile(["parameters: { Size: { prefix-list: com amazonaws } }"], size),
    },
    "input.ssm": {
      says: "Something cannot be a parameter in Parameter Store.",
      why: "Names have letters, digits, dots, underscores, hyphens and slashes; versions are numbers.",
      mend: "Correct the name or the version.",
      example: stackFile(["parameters: { Size: { ssm: /size, version: latest } }"], size),
    },
    "input.ssm-secure": {
      says: "Something cannot be, or is, a SecureString in Parameter Store.",
      why: "Either the name has characters that no parameter has, or a SecureString is read with {{resolve:ssm:…}} or { ssm }, which give plain values, as in CloudFormation.",
      mend: "Correct the name, or write ssm-secure to read a secret.",
      example: stackFile(["parameters: { Size: { ssm-secure: the size } }"], size),
    },
    "input.secretsmanager": {
      says: "Something cannot be a secret, or a version of one.",
      why: "A secret is named by its name or ARN, and its version by a stage or an id, not both.",
      mend: "Correct it.",
      example: stackFile(
        ["parameters: { Size: { secretsmanager: size, version-stage: AWSCURRENT, version-id: 1 } }"],
        size,
      ),
    },
    "project.check-severity": {
      says: "A check is given no severity that there is.",
      why: "Under checks: in reconcile.yaml each check has error, warning, note or off.",
      mend: "Write one of them.",
      example: project("checks: { storage.unencrypted: fatal }"),
    },
    "project.empty": {
      says: "A key of reconcile.yaml has nothing after it.",
      why: "Whether the value was forgotten or the line was, cannot be told.",
      mend: "Give it a value, or remove the key.",
      example: project("project:"),
    },
    "project.form": {
      says: "A part of reconcile.yaml has the wrong form.",
      why: "defaults, guards, quotas and checks are maps; the project's name is a text.",
      mend: "Write what is asked for.",
      example: project("defaults: us-east-1"),
    },
    "project.guard": {
      says: "A guard has a number that it cannot have.",
      why: "Guards refuse runs that would delete many resources; a percentage ends at 100.",
      mend: "Write a number in the range that is shown, or remove the line.",
      example: project("guards: { max-delete-percent: 200 }"),
    },
    "project.quota": {
      says: "A quota has a number that it cannot have.",
      why: "AWS lets a security group have up to 1,000 rules, if asked.",
      mend: "Write the quota of the account.",
      see: "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html",
      example: project("quotas: { rules-per-security-group: 5000 }"),
    },
    "project.unknown-check": {
      says: "There is no check of this name whose severity could be set.",
      why: "Severities of what a reviewer would say can be set; errors of the language and of AWS's types cannot.",
      mend: "Correct the name.",
      example: project("checks: { storage.unencryptd: off }"),
    },
    "project.unknown-key": {
      says: "reconcile.yaml has no such key.",
      why: "It holds guards that keep data from being deleted: a misspelt one must not pass.",
      mend: "Correct the key, or remove it.",
      example: project("projekt: greetings"),
    },
    "guard.unknown-type": {
      says: "guards name a resource type that does not exist.",
      why: "The list says which resources hold data. A misspelt type would protect nothing.",
      mend: "Correct the name.",
      example: project("guards: { allow-data-loss-of: [AWS::ECR::Repo] }"),
    },
    "not-yet.role-arn": {
      says: "A role for all stacks is not built yet.",
      why: "role-arn in a stack file is; under defaults: in reconcile.yaml it would have no effect.",
      mend: "Write it in the stack files.",
      example: project("defaults: { role-arn: arn:aws:iam::123456789012:role/deployer }"),
    },
  },
};
