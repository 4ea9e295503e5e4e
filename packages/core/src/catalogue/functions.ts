// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax.
import type { Family } from "./model.ts";
import { above, parameter, resource } from "./samples.ts";

const guide = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide";

export const functions: Family = {
  title: "Functions, conditions and references",
  about: "Told when a template is evaluated, also of resources whose condition is false.",
  entries: {
    "ref.undefined": {
      says: "A name refers to nothing.",
      why: "Ref, GetAtt and Sub name parameters, resources and pseudo parameters of the same template. Functions that say what a template declares, the list of a loop for one, cannot see resources.",
      mend: "Correct the name, or declare what is missing. What another stack has is imported, or given as a parameter.",
      see: `${guide}/intrinsic-function-reference-ref.html`,
      example: parameter("Value: !Ref Grteting"),
    },
    "ref.inactive": {
      says: "A reference leads to a resource that is not part of the stack.",
      why: "The condition of the resource is false with the values that the parameters have, so there is nothing to refer to. CloudFormation refuses it as well.",
      mend: "Put the reference in an Fn::If with the same condition, or give both the same condition.",
      see: `${guide}/conditions-section-structure.html`,
      example: [
        "Conditions: { Never: !Equals [a, b] }",
        "Resources:",
        "  Greeting: { Type: AWS::SSM::Parameter, Condition: Never, Properties: { Type: String, Value: hello } }",
        "  Copy: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: !GetAtt Greeting.Value } }",
        "",
      ].join("\n"),
    },
    "ref.cycle": {
      says: "Resources use each other in a circle.",
      why: "None of them could be made first. A security group whose rules name another group that names the first is the usual one.",
      mend: "Declare what closes the circle as a resource of its own: AWS::EC2::SecurityGroupIngress beside the groups.",
      see: `${guide}/troubleshooting.html`,
      example: [
        "Resources:",
        "  One: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: !Ref Two } }",
        "  Two: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: !Ref One } }",
        "",
      ].join("\n"),
    },
    "getatt.unknown-attribute": {
      says: "A resource has no such attribute.",
      why: "Fn::GetAtt gives what AWS lists under Return values of the type, and of a nested stack its outputs.",
      mend: "Use one of those that are listed; Ref gives the name or the id.",
      see: `${guide}/aws-template-resource-type-ref.html`,
      example: [
        "Resources:",
        "  Greeting: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: hello } }",
        "Outputs: { Greeting: { Value: !GetAtt Greeting.Valeu } }",
        "",
      ].join("\n"),
    },
    "getatt.property": {
      says: "A property is asked for as if it were an attribute.",
      why: "With most types CloudFormation gives only the attributes that are listed under Return values. A few types give their properties as well, which AWS does not list.",
      mend: "Write the value again, or make it a parameter and use that in both places.",
      see: `${guide}/intrinsic-function-reference-getatt.html`,
      example: [
        "Resources:",
        "  Greeting: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: hello, Name: greeting } }",
        "Outputs: { Name: { Value: !GetAtt Greeting.Name } }",
        "",
      ].join("\n"),
    },
    "sub.variable": {
      says: "Fn::Sub cannot replace what stands between ${ and }.",
      why: "Names have letters, digits, dots and colons. In scripts, ${name} is often meant for the shell.",
      mend: "Write ${!name} to keep the text as it is; $name needs nothing.",
      see: `${guide}/intrinsic-function-reference-sub.html`,
      example: parameter('Value: !Sub "echo ${1:-hello}"'),
    },
    "function.alone": {
      says: "A function stands beside other keys.",
      why: "A map with a function is replaced by its value, so that the other keys would be lost.",
      mend: "Move the function to a level of its own.",
      example: parameter("Value: { Fn::Sub: hello, Name: hello }"),
    },
    "function.form": {
      says: "A function is not written as it must be.",
      why: "Each takes its arguments in an order and a form of its own: a list of two, a text, a map.",
      mend: "Write it in the form that is shown.",
      see: `${guide}/intrinsic-function-reference.html`,
      example: parameter("Value: !Join [a, b, c]"),
    },
    "function.place": {
      says: "A function cannot stand here.",
      why: "What decides which resources there are is evaluated before there are resources, so conditions, mappings and rules take few functions.",
      mend: "Use a parameter, a mapping or a condition instead.",
      see: `${guide}/intrinsic-function-reference.html`,
      example: above("Conditions: { Here: !Equals [!GetAtt Example.Value, x] }"),
    },
    "function.size": {
      says: "Functions produce too much text.",
      why: "Variables of variables double a text with every line. No property takes ten million characters.",
      mend: "Shorten the texts.",
      example: parameter(`Value: ${doubled(24)}`),
    },
    "function.unknown": {
      says: "There is no such function.",
      why: "A key that begins with Fn:: is a function of CloudFormation's, and this one is not.",
      mend: "Correct the name.",
      see: `${guide}/intrinsic-function-reference.html`,
      example: parameter('Value: { "Fn::Jion": ["-", [a, b]] }'),
    },
    "transform.missing": {
      says: "Something needs the transform AWS::LanguageExtensions.",
      why: "CloudFormation knows Fn::Length, Fn::ToJsonString, Fn::ForEach and some other forms only in templates that name this transform. It is evaluated here, not sent.",
      mend: "Add Transform: AWS::LanguageExtensions.",
      see: `${guide}/transform-aws-languageextensions.html`,
      example: parameter('Value: { "Fn::ToJsonString": { a: 1 } }'),
    },
    "condition.cycle": {
      says: "A condition depends on itself.",
      why: "Whether it holds could never be told.",
      mend: "Break the circle: one condition must stand without the others.",
      example: above("Conditions: { One: !Not [!Condition Two], Two: !Not [!Condition One] }"),
    },
    "condition.depth": {
      says: "Conditions name one another too many levels deep.",
      why: "Each level is a call within a call; some hundreds are in no template that people write.",
      mend: "Use fewer conditions, or flatter ones.",
      example: above("Conditions:", ...chain(450)),
    },
    "condition.form": {
      says: "Something is no condition.",
      why: "A condition is Fn::Equals, Fn::And, Fn::Or, Fn::Not or the name of another; a text or a list is neither true nor false.",
      mend: 'Compare: !Equals [!Ref Stage, production]. For the values "true" and "false" of a parameter: !Equals [!Ref Switch, "true"].',
      see: `${guide}/intrinsic-function-reference-conditions.html`,
      example: above("Conditions: { Here: yes }"),
    },
    "condition.resource": {
      says: "A condition refers to a resource.",
      why: "Conditions decide which resources there are, and are evaluated before there are any.",
      mend: "Compare parameters, pseudo parameters and mappings.",
      see: `${guide}/conditions-section-structure.html`,
      example: above("Conditions: { Here: !Equals [!Ref Example, x] }"),
    },
    "condition.undefined": {
      says: "There is no condition of this name.",
      why: "Condition and Fn::If take the name of a condition that the section Conditions declares.",
      mend: "Correct the name, or declare it.",
      see: `${guide}/conditions-section-structure.html`,
      example: parameter("Value: !If [IsProduction, a, b]"),
    },
    "rule.failed": {
      says: "The values of parameters break a rule of the template.",
      why: "Its author says in the section Rules which values go together. CloudFormation refuses such values too.",
      mend: "Give the parameters other values.",
      see: `${guide}/rules-section-structure.html`,
      example: above(
        "Parameters: { Stage: { Type: String, Default: production }, Size: { Type: String, Default: small } }",
        "Rules:",
        "  Size:",
        "    RuleCondition: !Equals [!Ref Stage, production]",
        "    Assertions: [{ Assert: !Equals [!Ref Size, large], AssertDescription: production is large }]",
      ),
    },
    "rule.waiting": {
      says: "A rule asks for what there is in the account.",
      why: "`Fn::RefAll`, `Fn::ValueOf` and `Fn::ValueOfAll` look at live AWS. A plan does; to validate is to ask nobody.",
      mend: "Nothing needs to be done.",
      see: `${guide}/intrinsic-function-reference-rules.html`,
      example: above(
        "Parameters: { Network: { Type: AWS::EC2::VPC::Id, Default: vpc-0123456789abcdef0 } }",
        'Rules: { Ours: { Assertions: [{ Assert: !Equals [{ "Fn::ValueOf": [Network, Tags.Team] }, core] } ] } }',
      ),
    },
    "rule.resource": {
      says: "A rule refers to a resource.",
      why: "Rules look at the values of parameters, before there are resources.",
      mend: "Compare parameters.",
      see: `${guide}/rules-section-structure.html`,
      example: above("Rules: { Here: { Assertions: [{ Assert: !Equals [!Ref Example, x] }] } }"),
    },
    "mapping.missing": {
      says: "A mapping has no such key.",
      why: "Fn::FindInMap names a mapping and two keys. AWS::Region is the usual first one, so a mapping must have every region in which the stack is made.",
      mend: "Add the key, or a DefaultValue (with the transform AWS::LanguageExtensions).",
      see: `${guide}/intrinsic-function-reference-findinmap.html`,
      example: above(
        "Mappings: { Sizes: { production: { size: large } } }",
        "Outputs: { Size: { Value: !FindInMap [Sizes, staging, size] } }",
      ),
    },
    "cidr.range": {
      says: "A range of addresses cannot be divided like this.",
      why: "Fn::Cidr gives up to 256 ranges, each as large as its number of bits says, and they must fit into the range that it is given.",
      mend: "Ask for fewer ranges, or for smaller ones.",
      see: `${guide}/intrinsic-function-reference-cidr.html`,
      example: parameter("Value: !Select [0, !Cidr [10.0.0.0/24, 8, 8]]"),
    },
    "select.range": {
      says: "A list has no element at this index.",
      why: "Fn::Select counts from 0.",
      mend: "Use an index of the list.",
      see: `${guide}/intrinsic-function-reference-select.html`,
      example: parameter("Value: !Select [2, [a, b]]"),
    },
    "zones.region": {
      says: "Fn::GetAZs is given something that is no region.",
      why: 'It takes the code of a region, or "" for the region of the stack.',
      mend: 'Write !GetAZs "".',
      see: `${guide}/intrinsic-function-reference-getavailabilityzones.html`,
      example: parameter("Value: !Select [0, !GetAZs Virginia]"),
    },
    "dynamic-reference.form": {
      says: "A dynamic reference is not written as it must be.",
      why: "{{resolve:…}} asks ssm, ssm-secure or secretsmanager, each with parts of its own. What is misspelt would be sent as text: the password would be the reference.",
      mend: "Write it in the form that is shown.",
      see: `${guide}/dynamic-references.html`,
      example: parameter('Value: "{{resolve:sms:/greeting}}"'),
    },
    "no-value.place": {
      says: "AWS::NoValue cannot stand here.",
      why: "It removes the property or element in whose place it stands. A part of a text cannot be removed, nor the value of an output.",
      mend: 'Use "" in a text; give an output a Condition.',
      see: `${guide}/pseudo-parameter-reference.html`,
      example: parameter('Value: !Join ["-", [a, !Ref AWS::NoValue]]', "Name: !Sub 'x${AWS::NoValue}'"),
    },
    "value.null": {
      says: "There is no value.",
      why: "CloudFormation knows no null: a key with nothing behind it is refused.",
      mend: "Give a value, or remove the key; !Ref AWS::NoValue removes it by a condition.",
      example: parameter("Value: hello", "Description:"),
    },
    "export.name": {
      says: "The name of an export is not known before there are resources.",
      why: "Other stacks ask for a value by this name before anything is made.",
      mend: "Make it of texts, parameters and pseudo parameters.",
      see: `${guide}/outputs-section-structure.html`,
      example: `${parameter("Value: hello")}Outputs: { Greeting: { Value: hello, Export: { Name: !Ref Example } } }\n`,
    },
    "import.name": {
      says: "The name of an import is not known before there are resources.",
      why: "What is imported is looked up before anything is made; and a secret is told to nobody.",
      mend: "Make it of texts, parameters and pseudo parameters.",
      see: `${guide}/intrinsic-function-reference-importvalue.html`,
      example: `${parameter("Value: hello")}Outputs: { Greeting: { Value: !ImportValue { Ref: Example } } }\n`,
    },
    "unsupported.function": {
      says: "A function can only be carried out by CloudFormation's service.",
      why: "Fn::Transform hands a part of the template to a macro, which is a function in somebody's account.",
      mend: "Write the macro's result into the template, or leave the resource out with --skip-unsupported.",
      see: `${guide}/template-macros.html`,
      example: resource(
        "AWS::SSM::Parameter",
        "Type: String",
        "Value: { Fn::Transform: { Name: Shout, Parameters: {} } }",
      ),
    },
    "unsupported.rule-function": {
      says: "A rule asks for what cannot be listed.",
      why: "`Fn::RefAll`, `Fn::ValueOf` and `Fn::ValueOfAll` are answered from live AWS for what EC2 lists, but for images, of which there are too many. That part of a rule is passed over.",
      mend: "Nothing needs to be done: what does not exist is noticed when it is used.",
      see: `${guide}/intrinsic-function-reference-rules.html`,
      example: above(
        "Parameters: { Image: { Type: AWS::EC2::Image::Id, Default: ami-0123456789abcdef0 } }",
        'Rules: { Known: { Assertions: [{ Assert: { "Fn::Contains": [{ "Fn::RefAll": AWS::EC2::Image::Id }, !Ref Image] } }] } }',
      ),
    },
  },
};

/** Fn::Sub in Fn::Sub, each with twice the text of the one in it. */
function doubled(times: number): string {
  const inner = times === 0 ? "x" : doubled(times - 1);
  return times === 0 ? inner : `{ "Fn::Sub": ["\${a}\${a}", { a: ${inner} }] }`;
}

/** Conditions of which each is the opposite of the next. */
function chain(length: number): string[] {
  const names = Array.from({ length }, (_, index) => `C${index}`);
  return names.map((name, index) =>
    index + 1 < length ? `  ${name}: !Not [!Condition C${index + 1}]` : `  ${name}: !Equals [a, a]`,
  );
}
