// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax.
import type { Row } from "./outcome.ts";
import { extensions, section } from "./section.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html */
export const sections: readonly Row[] = [
  section("AWSTemplateFormatVersion", "the one there is, as a date", "AWSTemplateFormatVersion: 2010-09-09"),
  section("AWSTemplateFormatVersion", "the one there is, as text", 'AWSTemplateFormatVersion: "2010-09-09"'),
  section("AWSTemplateFormatVersion", "any other", "AWSTemplateFormatVersion: 2012-10-17", {
    says: ["template.version"],
  }),
  section("Description", "is text", "Description: A queue"),
  section("Description", "cannot be a function", "Description: !Sub a", { says: ["template.form"] }),
  section(
    "Metadata",
    "is anybody's",
    "Metadata: { AWS::CloudFormation::Interface: { ParameterGroups: [] }, Mine: [!Ref Nobody] }",
  ),
  section("Hooks", "are the service's", "Hooks: { H: { Type: AWS::CodeDeploy::BlueGreen } }", {
    says: ["unsupported.section"],
  }),
  section("a section", "that there is none", "Resource: {}", { says: ["section.unknown"] }),
  { of: "Resources", rule: "are needed", template: "Description: Nothing", says: ["template.no-resources"] },
  {
    of: "a template",
    rule: "may be JSON",
    template:
      '{ "Resources": { "Queue": { "Type": "AWS::SQS::Queue", "Properties": { "A": { "Ref": "AWS::Region" } } } } }',
    properties: { Queue: { A: "us-east-1" } },
  },
  {
    of: "a template",
    rule: "may be JSON with tabs",
    template: '{\n\t"Resources":\t{\n\t\t"Queue": { "Type": "AWS::SQS::Queue" }\n\t}\n}',
    resources: ["Queue"],
  },
  {
    of: "a template",
    rule: "keeps the text of plain scalars",
    template:
      "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties: { A: yes, B: off, C: 2012-10-17, D: 12:30, E: ~x, F: 0x1F, G: '1' }\n",
    properties: { Queue: { A: "yes", B: "off", C: "2012-10-17", D: "12:30", E: "~x", F: 31, G: "1" } },
  },
  section("Transform", "the one that is evaluated here", "Transform: AWS::LanguageExtensions"),
  section("Transform", "the one in a list", "Transform: [AWS::LanguageExtensions]"),
  section(
    "Transform",
    "the Serverless Application Model",
    "Transform: AWS::Serverless-2016-10-31\nGlobals: { Function: {} }",
    { says: ["unsupported.transform"] },
  ),
  section("Transform", "a macro beside it", "Transform: [AWS::LanguageExtensions, Mine]", {
    says: ["unsupported.transform"],
  }),
  section("Transform", "AWS::Include", "Transform: { Name: AWS::Include, Parameters: { Location: s3://bucket/key } }", {
    says: ["unsupported.transform"],
  }),
  section(
    "Mappings",
    "two levels, and texts, numbers or lists",
    "Mappings: { M: { a: { b: c, d: 1, e: [f, g], h: true } } }",
  ),
  section(
    "Mappings",
    "maps and lists in a list",
    "Mappings: { M: { a: { Tags: [{ Key: k, Value: v }, { Keys: [{ k: v }] }], Rows: [[a, b], [c]] } } }",
  ),
  section("Mappings", "any name", 'Mappings: { Region-Map_1: { us-east-1: { "64": ami-1 } } }'),
  section("Mappings", "one level is too few", "Mappings: { M: { a: b } }", { says: ["template.form"] }),
  section("Mappings", "three levels are too many", "Mappings: { M: { a: { b: { c: d } } } }", {
    says: ["template.form"],
  }),
  section("Mappings", "no functions", "Mappings: { M: { a: { b: !Ref AWS::Region } } }", { says: ["template.form"] }),
  section(
    "Mappings",
    "no functions in a list",
    "Mappings: { M: { a: { b: [{ c: { Ref: AWS::Region } }, !Ref AWS::Region] } } }",
    {
      says: ["template.form", "template.form"],
    },
  ),
  {
    of: "Mappings",
    rule: "a key without a value gives nothing",
    template: `Mappings: { M: { a: { Empty: , Full: b } } }
Resources: { Queue: { Type: AWS::SQS::Queue, Properties: { P: !FindInMap [M, a, Empty] } } }`,
    says: ["template.empty", "mapping.missing"],
  },
  section("Outputs", "a value", "Outputs: { O: { Value: !Ref AWS::Region, Description: Where } }", {
    outputs: { O: "us-east-1" },
  }),
  section("Outputs", "of a resource", 'Outputs: { O: { Value: !Sub "${Queue.Arn}" } }', {
    outputs: { O: "arn:q" },
    world: { attributes: { "Queue.Arn": { value: "arn:q" } } },
  }),
  section(
    "Outputs",
    "with a condition",
    "Conditions: { No: !Equals [a, b] }\nOutputs: { O: { Condition: No, Value: a } }",
    { outputs: {} },
  ),
  section(
    "Outputs",
    "with a name for other stacks",
    'Outputs: { O: { Value: a, Export: { Name: !Sub "${AWS::StackName}-o" } } }',
    { outputs: { O: "a" } },
  ),
  section("Outputs", "a function as the name of the condition", "Outputs: { O: { Condition: !Sub No, Value: a } }", {
    says: ["transform.missing"],
  }),
  section(
    "Outputs",
    "a function as the name of the condition, with the transform",
    `${extensions}Conditions: { No: !Equals [a, b] }\nOutputs: { O: { Condition: !Sub No, Value: a } }`,
    { outputs: {} },
  ),
  section(
    "Outputs",
    "an export by functions of functions",
    'Outputs: { O: { Value: a, Export: { Name: !Join [":", [!Ref AWS::StackName, !Select [0, [o]]]] } } }',
    {
      outputs: { O: "a" },
    },
  ),
  section("Outputs", "an export has a name", "Outputs: { O: { Value: a, Export: {} } }", { says: ["template.empty"] }),
  section(
    "Mappings",
    "a macro that brings some",
    "Mappings: { Fn::Transform: { Name: AWS::Include, Parameters: { Location: s3://b/k } } }",
    {
      says: ["unsupported.function"],
    },
  ),
  section("Outputs", "a list joined", 'Outputs: { O: { Value: !Join [",", [a, b]] } }', { outputs: { O: "a,b" } }),
  section("a template", "that cannot be read", "Outputs: {", { says: ["yaml.syntax"] }),
  section("a macro", "may read attributes of its own", "Transform: Mine", {
    template: "Transform: Mine\nResources: { R: { Type: A::B::C, Mine: a } }",
    says: ["unsupported.transform"],
  }),
  section("Outputs", "need a value", "Outputs: { O: { Description: Nothing } }", { says: ["output.no-value"] }),
  section("Outputs", "a value must be there", "Outputs: { O: { Value: !Ref AWS::NoValue } }", {
    says: ["no-value.place"],
  }),
  section("Outputs", "letters and digits", "Outputs: { my-output: { Value: a } }", { says: ["name.form"] }),
];
