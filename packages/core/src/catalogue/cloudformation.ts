import type { Family } from "./model.ts";
import { above, below, parameter, resource, stackFile } from "./samples.ts";

const guide = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide";
const limits = `${guide}/cloudformation-limits.html`;

export const cloudformation: Family = {
  title: "What would not go back to CloudFormation",
  about:
    "Told by `reconcile validate --cloudformation` only: of templates that are sound here, and that CloudFormation would read in another way or refuse.",
  entries: {
    "cloudformation.alias": {
      says: "CloudFormation does not support YAML's aliases.",
      why: "Aliases are resolved here; CloudFormation's documentation says that it does not take them.",
      mend: "Write the value out, or keep it in a mapping.",
      see: `${guide}/template-formats.html`,
      example: parameter("Value: &value hello", "Description: *value"),
    },
    "cloudformation.attribute": {
      says: "CloudFormation does not give an attribute.",
      why: "A provider may read more of a resource than CloudFormation returns.",
      mend: "Use one that it gives.",
    },
    "cloudformation.coercion": {
      says: "CloudFormation wants a value in another form.",
      why: "A single text in the place of a list of one, or JSON text in the place of an object, is understood here.",
      mend: "Write the value in the form that is asked for.",
      example: resource(
        "AWS::Lambda::LayerVersion",
        "Content: { S3Bucket: layers, S3Key: layer.zip }",
        "CompatibleRuntimes: nodejs22.x",
      ),
    },
    "cloudformation.count": {
      says: "A template has more of something than CloudFormation takes.",
      why: "500 resources, 200 parameters, 200 outputs, 200 mappings, 60 dynamic references.",
      mend: "Split it into stacks that import from one another, or into nested stacks.",
      see: limits,
      example: below("Outputs:", ...Array.from({ length: 201 }, (_, index) => `  Out${index}: { Value: hello }`)),
    },
    "cloudformation.dynamic-reference": {
      says: "CloudFormation does not look up a secret here.",
      why: "It resolves ssm-secure and secretsmanager in the properties of resources only.",
      mend: "Move the reference to the property that needs it.",
      see: `${guide}/dynamic-references.html`,
      example: below('Outputs: { Greeting: { Value: "{{resolve:secretsmanager:greeting}}" } }'),
    },
    "cloudformation.existing": {
      says: "CloudFormation would create a resource that is declared as existing.",
      why: "existing is Reconcile's: CloudFormation passes over Metadata.",
      mend: "Pass what others need of it as a parameter.",
      example:
        "Resources:\n  Example:\n    Type: AWS::SSM::Parameter\n    Metadata: { Reconcile: { existing: greeting } }\n    Properties: { Type: String, Value: hello, Name: greeting }\n",
    },
    "cloudformation.length": {
      says: "A text is longer than CloudFormation takes.",
      why: "Descriptions have 1,024 bytes, values of parameters 4,096.",
      mend: "Shorten it, or keep it in Parameter Store or a bucket.",
      see: limits,
      example: above(`Description: ${"very ".repeat(210)}long`),
    },
    "cloudformation.nested-template": {
      says: "CloudFormation reads nested templates from a bucket.",
      why: "Here a nested template is a file of the repository.",
      mend: "Run aws cloudformation package, which uploads it and writes its address.",
      see: "https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html",
      example: {
        "template.yaml": resource("AWS::CloudFormation::Stack", "TemplateURL: nested/hello.yaml"),
        "nested/hello.yaml": parameter("Value: hello"),
      },
    },
    "cloudformation.parameter-value": {
      says: "CloudFormation takes values of parameters as text only.",
      why: "A stack file may give a list, or say where a value comes from.",
      mend: "Write one text with commas; pass what is looked up when CloudFormation makes the stack.",
      example: stackFile(
        ["parameters: { Names: [a, b] }"],
        above("Parameters: { Names: { Type: CommaDelimitedList } }"),
      ),
    },
    "cloudformation.property": {
      says: "CloudFormation has no such property, or none that can be set.",
      why: "A provider may have a property that AWS's API has and CloudFormation does not.",
      mend: "Remove it from what goes to CloudFormation.",
    },
    "cloudformation.required": {
      says: "CloudFormation wants a property that may be left out here.",
      why: "Where a value can be told from the rest, it need not be written here.",
      mend: "Add it.",
    },
    "cloudformation.secure-string": {
      says: "CloudFormation cannot create a SecureString.",
      why: "AWS::SSM::Parameter has String and StringList in CloudFormation, so that no secret stands in a template.",
      mend: "Keep the value in AWS::SecretsManager::Secret, or make the parameter outside of the template.",
      see: `${guide}/aws-resource-ssm-parameter.html`,
      example:
        "Parameters: { Greeting: { Type: String, NoEcho: true } }\nResources:\n  Example:\n    Type: AWS::SSM::Parameter\n    Properties: { Type: SecureString, Value: !Ref Greeting }\n",
    },
    "cloudformation.short-form": {
      says: "CloudFormation does not know the short form of a function.",
      why: "What only AWS::LanguageExtensions brings is written in its long form there: Fn::Length and Fn::ToJsonString.",
      mend: "Write the long form.",
      see: `${guide}/transform-aws-languageextensions.html`,
      example: `Transform: AWS::LanguageExtensions\n${parameter('Value: !ToJsonString { greeting: "hello" }')}`,
    },
    "cloudformation.size": {
      says: "A template is larger than CloudFormation takes.",
      why: "A request holds 51,200 bytes; a template in a bucket has at most one megabyte.",
      mend: "Give it from a bucket, or split it.",
      see: limits,
    },
    "cloudformation.ssm-secure": {
      says: "CloudFormation does not look up {{resolve:ssm-secure}} in a property.",
      why: "It does so in a list of properties only, most of which are passwords.",
      mend: "Keep the value in Secrets Manager, which is looked up in every property.",
      see: `${guide}/dynamic-references-ssm-secure-strings.html`,
      example: parameter('Value: "{{resolve:ssm-secure:/greeting}}"'),
    },
    "cloudformation.stack-file": {
      says: "CloudFormation's Git sync does not know a key of a stack file.",
      why: "It reads template-file-path, parameters and tags; the others are Reconcile's.",
      mend: "Say the name, region and role when the stack is connected to the repository.",
      see: `${guide}/git-sync-concepts-terms.html`,
      example: stackFile(["region: us-east-1"]),
    },
    "cloudformation.value": {
      says: "CloudFormation does not know a value.",
      why: "AWS's API takes it, and CloudFormation's list of values does not have it.",
      mend: "Use a value that it knows.",
    },
    "cloudformation.yaml": {
      says: "CloudFormation reads a value in another way.",
      why: "It reads YAML 1.1, in which yes, no, on and off are true or false, 0123 is octal and 12:30 is a number with the base of 60. Here they are the texts that they look like.",
      mend: "Write the value in quotes.",
      see: "https://yaml.org/type/",
      example: parameter("Value: yes"),
    },
  },
};
