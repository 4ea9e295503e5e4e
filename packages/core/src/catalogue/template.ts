// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax.
import type { Family } from "./model.ts";
import { above, below } from "./samples.ts";

const guide = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide";
const valued = "Properties: { Type: String, Value: hello }";

export const template: Family = {
  title: "The parts of a template",
  about: "Told when a template is read, whatever the values of its parameters are.",
  entries: {
    "template.empty": {
      says: "A key of a template has nothing after it.",
      why: "A section or attribute without a value is most often one whose lines were moved away, or are indented wrongly.",
      mend: "Give it a value, or remove the key.",
      example:
        "Resources:\n  Example:\n    Type: AWS::SSM::Parameter\n    DependsOn:\n    Properties: { Type: String, Value: hello }\n",
    },
    "template.form": {
      says: "A part of a template has the wrong form.",
      why: "CloudFormation gives each section a form: a map of names, a list of texts, a text.",
      mend: "Write what is asked for; most often dashes are missing, or too many.",
      see: `${guide}/template-anatomy.html`,
      example: "Resources:\n  - Type: AWS::SSM::Parameter\n",
    },
    "template.no-resources": {
      says: "A template declares no resources.",
      why: "Resources is the only section that a template must have, with one resource at least.",
      mend: "Add the section, or remove the file.",
      see: `${guide}/resources-section-structure.html`,
      example: "Resources: {}\n",
    },
    "template.version": {
      says: "There is no template format of this version.",
      why: "The only version that CloudFormation has ever had is 2010-09-09. It is no date that one brings up to date.",
      mend: 'Write AWSTemplateFormatVersion: "2010-09-09", or leave the line out.',
      see: `${guide}/format-version-structure.html`,
      example: above('AWSTemplateFormatVersion: "2024-01-01"'),
    },
    "template.waiting": {
      says: "A loop runs over values that are not known yet.",
      why: "What Fn::ForEach declares follows from its list. Where the list comes from outside, validation cannot look at what it declares; a plan can.",
      mend: "Nothing needs to be done. Write the list out, or give the parameter a Default, to have it checked offline.",
      see: `${guide}/intrinsic-function-reference-foreach.html`,
      example: [
        "Transform: AWS::LanguageExtensions",
        "Parameters:",
        "  Names: { Type: AWS::SSM::Parameter::Value<CommaDelimitedList>, Default: /names }",
        "Resources:",
        "  Fn::ForEach::Each:",
        "    - Name",
        "    - !Ref Names",
        '    - "Example${Name}": { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: !Ref Name } }',
        "",
      ].join("\n"),
    },
    "section.unknown": {
      says: "A template has no such section.",
      why: "CloudFormation refuses sections that it does not know. A resource that slipped out of Resources looks like one as well.",
      mend: "Correct the name, or indent what belongs into another section.",
      see: `${guide}/template-anatomy.html`,
      example: above("Ressources: {}"),
    },
    "name.form": {
      says: "A name has characters that CloudFormation does not allow there.",
      why: "Names of parameters, mappings, conditions, resources and outputs have letters and digits only, and at most 255 of them.",
      mend: "Rename it, and what refers to it. An existing resource keeps being the same with Metadata: { Reconcile: { renamed-from: Old } }.",
      example: above("Parameters:", "  size_of: { Type: String, Default: small }"),
    },
    "name.duplicate": {
      says: "A parameter and a resource have the same name.",
      why: "Ref could mean either, so CloudFormation refuses it.",
      mend: "Rename one of the two.",
      example: above("Parameters:", "  Example: { Type: String, Default: x }"),
    },
    "resource.no-type": {
      says: "A resource has no Type.",
      why: "Without a type there is nothing to say of the rest.",
      mend: "Add Type, spelt with a capital letter.",
      example: "Resources:\n  Example:\n    Condition: Never\n",
    },
    "resource.unknown-attribute": {
      says: "A resource has no such attribute.",
      why: "Beside its properties a resource has Condition, DependsOn, DeletionPolicy and a few more. A property that is not indented below Properties looks like an attribute.",
      mend: "Correct the name, or move it into Properties.",
      see: `${guide}/aws-product-attribute-reference.html`,
      example: `Resources:\n  Example:\n    Type: AWS::SSM::Parameter\n    Value: hello\n    Properties: { Type: String, Value: hello }\n`,
    },
    "resource.deletion-policy": {
      says: "There is no such policy for deleting or replacing this resource.",
      why: "DeletionPolicy is Delete, Retain, RetainExceptOnCreate or Snapshot; UpdateReplacePolicy is Delete, Retain or Snapshot. Only a few types have snapshots. Until it is corrected, the resource is kept.",
      mend: "Use one that the type has.",
      see: `${guide}/aws-attribute-deletionpolicy.html`,
      example: `Resources:\n  Example:\n    Type: AWS::SSM::Parameter\n    DeletionPolicy: Keep\n    ${valued}\n`,
    },
    "depends-on.itself": {
      says: "A resource depends on itself.",
      why: "It could never be made.",
      mend: "Remove the name from DependsOn.",
      example: `Resources:\n  Example:\n    Type: AWS::SSM::Parameter\n    DependsOn: Example\n    ${valued}\n`,
    },
    "depends-on.undefined": {
      says: "DependsOn names a resource that is not in the template.",
      why: "Nothing can be waited for that nobody makes. Resources of other stacks are named by depends-on of a stack file, or follow from imports.",
      mend: "Correct the name, or remove it.",
      example: `Resources:\n  Example:\n    Type: AWS::SSM::Parameter\n    DependsOn: Other\n    ${valued}\n`,
    },
    "output.no-value": {
      says: "An output has no Value.",
      why: "There is nothing to show or to export.",
      mend: "Add Value.",
      example: below("Outputs:", "  Name: { Description: its name }"),
    },
    "output.form": {
      says: "The Value of an output is a list or a map.",
      why: "CloudFormation refuses it: the value of an output is one text.",
      mend: "Join a list with Fn::Join, and write a map as JSON text.",
      see: `${guide}/outputs-section-structure.html`,
      example: below("Outputs:", "  Names: { Value: [one, two] }"),
    },
    "output.unknown-key": {
      says: "An output has no such key.",
      why: "An output has Value, Description, Condition and Export with a Name.",
      mend: "Correct the key, or remove it.",
      see: `${guide}/outputs-section-structure.html`,
      example: below("Outputs:", "  Name: { Value: !Ref Example, Exports: { Name: example } }"),
    },
    "parameter.no-type": {
      says: "A parameter has no Type.",
      why: "CloudFormation demands one; it is taken for a String here, so that the rest can be looked at.",
      mend: "Add Type: String.",
      example: above("Parameters:", "  Size: { Default: small }"),
    },
    "parameter.type": {
      says: "There is no such type of parameter.",
      why: "Parameters are texts, numbers, lists of them, names of certain things of AWS, or values in Parameter Store. There are no booleans.",
      mend: "Take a type of the list; for true and false, String with AllowedValues.",
      see: `${guide}/cloudformation-supplied-parameter-types.html`,
      example: above("Parameters:", "  Size: { Type: Sting, Default: small }"),
    },
    "parameter.unknown-key": {
      says: "A parameter has no such key.",
      why: "A misspelt AllowedPattern would check nothing, and nobody would notice.",
      mend: "Correct the key, or remove it.",
      see: `${guide}/parameters-section-structure.html`,
      example: above("Parameters:", "  Size: { Type: String, Default: small, AllowedValue: [small, large] }"),
    },
    "rule.no-assert": {
      says: "An assertion of a rule has no Assert.",
      why: "There is nothing that could hold or be broken.",
      mend: "Add Assert with a rule function.",
      see: `${guide}/rules-section-structure.html`,
      example: above(
        "Rules:",
        "  Small: { Assertions: [{ Assert: !Equals [a, a] }, { AssertDescription: must be small }] }",
      ),
    },
    "rule.no-assertions": {
      says: "A rule asserts nothing.",
      why: "A rule with no assertions always holds.",
      mend: "Add Assertions, or remove the rule.",
      see: `${guide}/rules-section-structure.html`,
      example: above("Rules:", "  Small: { RuleCondition: !Equals [a, b] }"),
    },
    "rule.unknown-key": {
      says: "A rule has no such key.",
      why: "CloudFormation passes over it, so what it was meant to say has no effect.",
      mend: "Correct the key: RuleCondition, Assertions, Assert and AssertDescription.",
      see: `${guide}/rules-section-structure.html`,
      example: above("Rules:", "  Small: { Assertion: [], Assertions: [{ Assert: !Equals [a, a] }] }"),
    },
    "metadata.existing": {
      says: "Something else is said of a resource that is declared as existing.",
      why: "What exists is never changed, adopted or deleted by this stack; only what is ignored in it may be said.",
      mend: "Remove existing, or everything else but ignore.",
      example: withMetadata("existing: true, protect: true"),
    },
    "metadata.expires": {
      says: "What follows expires is not a day.",
      why: "A resource with expires is deleted by the first run after that day, UTC. A day that cannot be read is never guessed.",
      mend: "Write it as 2030-01-31.",
      example: withMetadata("expires: next week"),
    },
    "metadata.moved-from": {
      says: "What follows moved-from is neither a stack nor a resource of one.",
      why: "It says from which stack the resource is taken over, and under which logical id it was there.",
      mend: "Write the stack, or stack/LogicalId.",
      example: withMetadata("moved-from: some where"),
    },
    "metadata.pointer": {
      says: "A path to a property is no JSON pointer.",
      why: "ignore and exclusive name properties as JSON pointers: /Name, /Tags/0, * for every element.",
      mend: "Begin it with a slash, and put one between names.",
      example: withMetadata("ignore: [Value]"),
    },
    "metadata.unknown-key": {
      says: "Metadata.Reconcile has no such key.",
      why: "What is said to Reconcile of a resource decides whether it may be deleted: a misspelt word must not pass.",
      mend: "Correct the key, or remove it.",
      example: withMetadata("protected: true"),
    },
    "metadata.exclusive": {
      says: "exclusive names a property whose elements cannot be resources of their own.",
      why: "It says that elements which nobody declares are removed. That has a meaning only where others could have added some.",
      mend: "Remove it, or name such a property of the type.",
      example: withMetadata("exclusive: [/Tags]"),
    },
    "metadata.unknown-property": {
      says: "Metadata.Reconcile names a property that the type does not have.",
      why: "To ignore what is not there ignores nothing.",
      mend: "Correct the path.",
      example: withMetadata("ignore: [/Valeu]"),
    },
    "loop.duplicate": {
      says: "A loop produces the same name twice.",
      why: "Every resource, condition and output needs a name of its own, so that of a loop must hold its identifier.",
      mend: "Use the identifier in the key, and no item twice.",
      see: `${guide}/intrinsic-function-reference-foreach.html`,
      example: loop("Name, [a, b], { Example: *x }"),
    },
    "loop.identifier": {
      says: "The identifier of a loop stands for something else already.",
      why: "A parameter or a loop around it has the name, and a reference could mean either.",
      mend: "Give the identifier a name of its own.",
      see: `${guide}/intrinsic-function-reference-foreach.html`,
      example: loop('Size, [a, b], { "Example${Size}": *x }', "Parameters:\n  Size: { Type: String, Default: small }"),
    },
    "loop.secret": {
      says: "A loop runs over a secret.",
      why: "Names of resources are made of what a loop runs over, and names are shown everywhere.",
      mend: "Loop over a parameter without NoEcho.",
      example: {
        "stack.yaml": "template-file-path: templates/hello.yaml\nparameters: { Names: [a, b] }\n",
        "templates/hello.yaml": loop(
          'Name, !Ref Names, { "Example${Name}": *x }',
          "Parameters:\n  Names: { Type: CommaDelimitedList, NoEcho: true }",
        ),
      },
    },
    "expansion.limit": {
      says: "The loops of a template produce too much.",
      why: "Loops in loops multiply. CloudFormation takes 500 resources; what produces more than 150,000 values is a mistake or an attack.",
      mend: "Loop over less, or make several stacks.",
      example: endless(),
    },
  },
};

function withMetadata(reconcile: string): string {
  return `Resources:\n  Example:\n    Type: AWS::SSM::Parameter\n    Metadata: { Reconcile: { ${reconcile} } }\n    ${valued}\n`;
}

/** A loop over resources; `*x` in it is one. */
function loop(call: string, sections?: string): string {
  const body = call.replace("*x", "{ Type: AWS::SSM::Parameter, Properties: { Type: String, Value: x } }");
  return [
    "Transform: AWS::LanguageExtensions",
    ...(sections === undefined ? [] : [sections]),
    "Resources:",
    `  Fn::ForEach::Each: [${body}]`,
    "",
  ].join("\n");
}

function endless(): string {
  const items = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]";
  const names = ["A", "B", "C", "D", "E", "F"];
  const lines = names.flatMap((name, depth) => [
    `${"  ".repeat(depth + 1)}Fn::ForEach::${name}:`,
    `${"  ".repeat(depth + 1)}- ${name}`,
    `${"  ".repeat(depth + 1)}- ${items}`,
    `${"  ".repeat(depth + 1)}-`,
  ]);
  const key = `Example${names.map((name) => `\${${name}}`).join("")}`;
  return [
    "Transform: AWS::LanguageExtensions",
    "Resources:",
    ...lines,
    `${"  ".repeat(names.length + 1)}${key}: { Type: AWS::SSM::Parameter, ${valued} }`,
    "",
  ].join("\n");
}
