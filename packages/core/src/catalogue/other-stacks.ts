import type { Family } from "./model.ts";
import { parameter } from "./samples.ts";

const guide = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide";
const hello = parameter("Value: hello");
const size = `Parameters: { Size: { Type: String } }\n${parameter("Value: !Ref Size")}`;

export const otherStacks: Family = {
  title: "Nested stacks and imports",
  about: "Told of what a stack takes from others, when the desired state is loaded.",
  entries: {
    "export.duplicate": {
      says: "Two stacks export the same name.",
      why: "In an account and region a name is exported once: an import could mean either.",
      mend: "Give one of them another name.",
      see: `${guide}/using-cfn-stack-exports.html`,
      example: {
        "one.yaml": exporting("greeting"),
        "two.yaml": exporting("greeting"),
      },
    },
    "import.cycle": {
      says: "Stacks import from each other.",
      why: "None of them could be made first.",
      mend: "Move what one needs of the other into one of the two, or into a third.",
      see: `${guide}/using-cfn-stack-exports.html`,
      example: { "one.yaml": exporting("one", "two"), "two.yaml": exporting("two", "one") },
    },
    "import.not-in-project": {
      says: "No stack of the project exports what is imported.",
      why: "It may be an export of a stack that CloudFormation made; a plan asks for that. Where a name is near, it is misspelt.",
      mend: "Correct the name; nothing, if CloudFormation has it.",
      see: `${guide}/intrinsic-function-reference-importvalue.html`,
      example: parameter("Value: !ImportValue network-id"),
    },
    "nested.no-template": {
      says: "A nested stack does not name its template.",
      why: "TemplateURL is what is nested.",
      mend: "Add the path of a template, from the folder of this one.",
      example: nesting("Parameters: {}"),
    },
    "nested.template-missing": {
      says: "The template of a nested stack is not there.",
      why: "The path counts from the folder of the template that nests it.",
      mend: "Correct the path.",
      example: nesting("TemplateURL: ./hello.yaml"),
    },
    "nested.cycle": {
      says: "A template is nested in itself.",
      why: "It would have no end.",
      mend: "Take the circle apart.",
      example: nesting("TemplateURL: ./template.yaml"),
    },
    "nested.circle": {
      says: "What a nested stack is given depends on what it gives.",
      why: "A nested stack is evaluated as a whole: outputs of it cannot stand in its own parameters.",
      mend: "Move what both need into the parent, or into another nested stack.",
      example: {
        "template.yaml": nesting("TemplateURL: nested/inner.yaml", "Parameters: { Size: !GetAtt Inner.Outputs.Size }"),
        "nested/inner.yaml": `${size}Outputs: { Size: { Value: !Ref Size } }\n`,
      },
    },
    "nested.condition": {
      says: "Whether something is part of a nested stack depends on what is read from AWS.",
      why: "Conditions are decided before resources are read, and this one is made of a value of a resource.",
      mend: "Give the condition a parameter of its own, with a value that is written out. Whether an identifier is given (`!Equals [!Ref Id, '']`) is known without reading: it is not empty.",
      example: {
        "template.yaml": `Resources:
  Topic: { Type: AWS::SNS::Topic }
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: nested/inner.yaml, Parameters: { Topic: !GetAtt Topic.TopicName } }
`,
        "nested/inner.yaml": `Parameters: { Topic: { Type: String } }
Conditions: { IsOurs: !Equals [!Ref Topic, ours] }
Resources: { Queue: { Type: AWS::SQS::Queue, Condition: IsOurs } }
`,
      },
    },
    "nested.size": {
      says: "Nested stacks declare too much.",
      why: "Templates that nest others twice double with every level. 20,000 resources are in no account.",
      mend: "Nest less.",
    },
    "unsupported.nested": {
      says: "Something of a nested stack is CloudFormation's alone.",
      why: "Nested stacks are expanded in place: their resources are made like all others. NotificationARNs and TimeoutInMinutes are of the service.",
      mend: "Remove it.",
      example: {
        "template.yaml": nesting("TemplateURL: nested/hello.yaml", "TimeoutInMinutes: 10"),
        "nested/hello.yaml": hello,
      },
    },
    "unsupported.template-url": {
      says: "The template of a nested stack is not in the repository.",
      why: "A plan follows from the commit alone, so a template behind an address is not read; nor can a path be made by functions.",
      mend: "Put the template into the repository, and write its path.",
      example: nesting("TemplateURL: https://s3.amazonaws.com/templates/hello.yaml"),
    },
  },
};

function exporting(name: string, importing?: string): string {
  const value = importing === undefined ? "hello" : `!ImportValue ${importing}`;
  return `${parameter(`Value: ${value}`)}Outputs: { Out: { Value: !GetAtt Example.Value, Export: { Name: ${name} } } }\n`;
}

function nesting(...properties: readonly string[]): string {
  const lines = properties.map((line) => `      ${line}`);
  return ["Resources:", "  Inner:", "    Type: AWS::CloudFormation::Stack", "    Properties:", ...lines, ""].join("\n");
}
