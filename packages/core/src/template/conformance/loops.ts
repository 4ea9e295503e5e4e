// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax.
import type { Row } from "./outcome.ts";

/** A template with the transform. */
function loop(rule: string, template: string, more: Partial<Row> = {}): Row {
  return { of: "Fn::ForEach", rule, template: `Transform: AWS::LanguageExtensions\n${template}`, ...more };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html */
export const loops: readonly Row[] = [
  loop(
    "a resource for each item",
    `
Resources:
  Fn::ForEach::Tables:
    - Table
    - [Orders, Customers]
    - "Table\${Table}":
        Type: AWS::DynamoDB::Table
        Properties: { TableName: !Ref Table, Tags: [{ Key: for, Value: !Sub "\${Table} in \${AWS::Region}" }] }
`,
    {
      properties: {
        TableOrders: { TableName: "Orders", Tags: [{ Key: "for", Value: "Orders in us-east-1" }] },
        TableCustomers: { TableName: "Customers", Tags: [{ Key: "for", Value: "Customers in us-east-1" }] },
      },
    },
  ),
  loop(
    "over a list parameter",
    `
Parameters: { Names: { Type: CommaDelimitedList } }
Resources:
  Fn::ForEach::Topics:
    - Name
    - !Ref Names
    - "Topic\${Name}": { Type: AWS::SNS::Topic, Properties: { TopicName: !Join [".", [!Ref Name, fifo]] } }
`,
    {
      values: { Names: "a, b" },
      properties: { Topica: { TopicName: "a.fifo" }, Topicb: { TopicName: "b.fifo" } },
    },
  ),
  loop(
    "over a list of a mapping that a parameter chooses",
    `
Parameters: { Stage: { Type: String, Default: live } }
Mappings: { Buckets: { live: { Names: [A, B] }, dev: { Names: [A] } } }
Resources:
  Fn::ForEach::Buckets: [Name, !FindInMap [Buckets, !Ref Stage, Names], { "Bucket\${Name}": { Type: AWS::S3::Bucket } }]
`,
    { resources: ["BucketA", "BucketB"] },
  ),
  loop(
    "items with other characters: &{…} is their letters and digits",
    `
Resources:
  Fn::ForEach::Hosts:
    - Host
    - [a.example.com, 10.0.0.1]
    - "Record&{Host}": { Type: A::B::C, Properties: { Name: !Ref Host, Id: "r&{Host}" } }
`,
    {
      properties: {
        Recordaexamplecom: { Name: "a.example.com", Id: "raexamplecom" },
        Record10001: { Name: "10.0.0.1", Id: "r10001" },
      },
    },
  ),
  loop(
    "several resources of each item, which refer to one another",
    `
Resources:
  Fn::ForEach::Gateways:
    - Zone
    - [A, B]
    - "Nat\${Zone}":
        Type: AWS::EC2::NatGateway
        Properties: { AllocationId: !GetAtt [!Sub "Ip\${Zone}", AllocationId], SubnetId: !Ref { Fn::Sub: "Subnet\${Zone}" } }
      "Ip\${Zone}": { Type: AWS::EC2::EIP, DependsOn: "Subnet\${Zone}" }
      "Subnet\${Zone}": { Type: AWS::EC2::Subnet }
`,
    {
      properties: {
        NatA: { AllocationId: { unknown: ["IpA.AllocationId"] }, SubnetId: { unknown: ["SubnetA"] } },
        IpA: {},
        SubnetA: {},
        NatB: { AllocationId: { unknown: ["IpB.AllocationId"] }, SubnetId: { unknown: ["SubnetB"] } },
        IpB: {},
        SubnetB: {},
      },
    },
  ),
  loop(
    "a condition that a mapping has for some items only",
    `
Mappings: { Zones: { Condition: { B: Second } } }
Conditions: { Second: !Equals [a, b] }
Resources:
  Fn::ForEach::Zones:
    - Zone
    - [A, B]
    - "Ip\${Zone}":
        Type: AWS::EC2::EIP
        Condition: !FindInMap [Zones, Condition, !Ref Zone, { DefaultValue: !Ref AWS::NoValue }]
`,
    { resources: ["IpA"] },
  ),
  loop(
    "a loop in a loop",
    `
Resources:
  Fn::ForEach::Kinds:
    - Kind
    - [Transit, Public]
    - "Acl\${Kind}": { Type: AWS::EC2::NetworkAcl }
      Fn::ForEach::Subnets:
        - Zone
        - [A, B]
        - "\${Kind}Subnet\${Zone}": { Type: AWS::EC2::Subnet, Properties: { Acl: !Ref { Fn::Sub: "Acl\${Kind}" } } }
`,
    { resources: ["AclTransit", "TransitSubnetA", "TransitSubnetB", "AclPublic", "PublicSubnetA", "PublicSubnetB"] },
  ),
  loop(
    "properties",
    `
Mappings: { Large: { Properties: { ImageId: ami-1 } } }
Resources:
  Server:
    Type: AWS::EC2::Instance
    Properties:
      Monitoring: true
      Fn::ForEach::Properties:
        - Property
        - [ImageId, InstanceType]
        - "\${Property}": !FindInMap [Large, Properties, !Ref Property, { DefaultValue: !Ref AWS::NoValue }]
`,
    { properties: { Server: { Monitoring: true, ImageId: "ami-1" } } },
  ),
  loop(
    "conditions",
    `
Parameters: { FlagA: { Type: String, Default: "true" }, FlagB: { Type: String, Default: "false" } }
Conditions:
  Fn::ForEach::Flags: [Flag, [A, B], { "Is\${Flag}": !Equals [!Ref { Fn::Sub: "Flag\${Flag}" }, "true"] }]
Resources:
  One: { Type: A::B::C, Condition: IsA }
  Two: { Type: A::B::C, Condition: IsB }
`,
    { resources: ["One"] },
  ),
  loop(
    "outputs, one for each attribute of each resource",
    `
Resources: { BucketA: { Type: AWS::S3::Bucket } }
Outputs:
  Fn::ForEach::Buckets:
    - Name
    - [A]
    - Fn::ForEach::Attributes:
        - Attribute
        - [Arn, DomainName]
        - "Bucket\${Name}\${Attribute}": { Value: !GetAtt [!Sub "Bucket\${Name}", !Ref Attribute] }
`,
    {
      outputs: { BucketAArn: { unknown: ["BucketA.Arn"] }, BucketADomainName: { unknown: ["BucketA.DomainName"] } },
    },
  ),
  loop("an item twice", "Resources:\n  Fn::ForEach::L: [I, [A, B, A], { 'R${I}': { Type: A::B::C } }]\n", {
    says: ["loop.duplicate"],
  }),
  loop(
    "items that are the same without their characters",
    "Resources:\n  Fn::ForEach::L: [I, [a.b, a-b], { 'R&{I}': { Type: A::B::C } }]\n",
    {
      says: ["loop.duplicate"],
    },
  ),
  loop(
    "items of functions",
    "Resources:\n  Fn::ForEach::L: [I, !Split ['|', 'A|B'], { 'R${I}': { Type: A::B::C } }]\n",
    { resources: ["RA", "RB"] },
  ),
  loop(
    "over the zones of a region",
    "Resources:\n  Fn::ForEach::L: [Zone, !GetAZs us-east-1, { 'R&{Zone}': { Type: A::B::C } }]\n",
    { resources: ["Ruseast1a"], world: { inputs: { "zones:us-east-1": { value: ["us-east-1a"] } } } },
  ),
  loop(
    "items by a condition",
    "Conditions: { No: !Equals [a, b] }\nResources:\n  Fn::ForEach::L: [I, [A, !If [No, B, !Ref AWS::NoValue]], { 'R${I}': { Type: A::B::C } }]\n",
    { resources: ["RA"] },
  ),
  loop(
    "how many items there are",
    `
Parameters: { Names: { Type: CommaDelimitedList, Default: "A,B,C" } }
Resources:
  Fn::ForEach::L: [I, !Ref Names, { "R\${I}": { Type: A::B::C, Properties: { Of: { Fn::Length: !Ref Names } } } }]
Outputs: { Count: { Value: { Fn::Length: !Ref Names } } }
`,
    { properties: { RA: { Of: 3 }, RB: { Of: 3 }, RC: { Of: 3 } }, outputs: { Count: 3 } },
  ),
  loop(
    "outputs with a condition and an export for each item",
    `
Conditions: { IsA: !Equals [a, a], IsB: !Equals [a, b] }
Resources: { S: { Type: A::B::C } }
Outputs:
  Fn::ForEach::L: [I, [A, B], { "O\${I}": { Condition: !Sub "Is\${I}", Value: !Ref I, Export: { Name: !Sub "\${AWS::StackName}-\${I}" } } }]
`,
    { outputs: { OA: "A" } },
  ),
  loop(
    "attributes of a resource",
    "Resources:\n  Fn::ForEach::L: [I, [Retain, Delete], { 'R${I}': { Type: A::B::C, DeletionPolicy: !Ref I } }]\n",
    { declares: { RRetain: { deletionPolicy: "Retain" }, RDelete: { deletionPolicy: "Delete" } } },
  ),
  loop("not in Parameters", "Parameters:\n  Fn::ForEach::L: [I, [A], {}]\nResources: { S: { Type: A::B::C } }\n", {
    says: ["function.place"],
  }),
  loop("a name", "Resources:\n  Fn::ForEach: [I, [A], { 'R${I}': { Type: A::B::C } }]\n", { says: ["function.form"] }),
  loop(
    "an empty list declares nothing",
    "Resources:\n  S: { Type: A::B::C }\n  Fn::ForEach::L: [I, [], { 'R${I}': { Type: A::B::C } }]\n",
    { resources: ["S"] },
  ),
  loop(
    "a condition by its name in Fn::If",
    "Conditions: { IsA: !Equals [a, a] }\nResources:\n  Fn::ForEach::L: [I, [A], { 'R${I}': { Type: A::B::C, Properties: { P: !If ['Is${I}', yes, no] } } }]\n",
    { properties: { RA: { P: "yes" } } },
  ),
  loop(
    "a literal of Fn::Sub",
    "Resources:\n  Fn::ForEach::L: [I, [A], { 'R${I}': { Type: A::B::C, Properties: { P: !Sub '${!I}-${I}' } } }]\n",
    { properties: { RA: { P: "${I}-A" } } },
  ),
  {
    of: "Fn::ForEach",
    rule: "needs the transform",
    template: "Resources:\n  Fn::ForEach::L: [I, [A], { 'R${I}': { Type: A::B::C } }]\n",
    says: ["transform.missing"],
  },
  loop(
    "what it declares must not be there",
    "Resources:\n  RA: { Type: A::B::C }\n  Fn::ForEach::L: [I, [A], { 'R${I}': { Type: A::B::C } }]\n",
    { says: ["loop.duplicate"] },
  ),
  loop("the key holds the identifier", "Resources:\n  Fn::ForEach::L: [I, [A, B], { R: { Type: A::B::C } }]\n", {
    says: ["loop.duplicate"],
  }),
  loop(
    "the identifier is no parameter",
    "Parameters: { P: { Type: String } }\nResources:\n  Fn::ForEach::L: [P, [A], { 'R${P}': { Type: A::B::C } }]\n",
    { says: ["loop.identifier"] },
  ),
  loop(
    "the identifier is no other loop's",
    "Resources:\n  Fn::ForEach::L: [I, [A], { Fn::ForEach::M: [I, [B], { 'R${I}': { Type: A::B::C } }] }]\n",
    { says: ["loop.identifier"] },
  ),
  loop(
    "the list must be known before there are resources",
    "Resources:\n  S: { Type: A::B::C }\n  Fn::ForEach::L: [I, [!Ref S], { 'R${I}': { Type: A::B::C } }]\n",
    { says: ["ref.undefined"] },
  ),
  loop(
    "the list must not be a secret",
    "Parameters: { P: { Type: CommaDelimitedList, NoEcho: true, Default: 'a,b' } }\nResources:\n  Fn::ForEach::L: [I, !Ref P, { 'R${I}': { Type: A::B::C } }]\n",
    { says: ["loop.secret"] },
  ),
  loop(
    "a loop that waits in one that does not knows the outer item",
    "Parameters: { P: { Type: CommaDelimitedList } }\nResources:\n  Fn::ForEach::L: [I, [A], { Fn::ForEach::M: [J, !Ref P, { '${I}${J}': { Type: A::B::C } }] }]\n",
    { values: { P: "B" }, resources: ["AB"] },
  ),
  loop(
    "a key in it is a text",
    "Resources:\n  Fn::ForEach::L: [I, [A], { 'R${I}': { Type: A::B::C, Properties: { ? [I] : a, P: '${I}' } } }]\n",
    { says: ["yaml.key"] },
  ),
  loop(
    "Ref of anything but a name is no item",
    "Resources:\n  Fn::ForEach::L: [I, [A], { 'R${I}': { Type: A::B::C, Properties: { P: { Ref: [I] } } } }]\n",
    { says: ["function.form"] },
  ),
  loop(
    "an attribute of what a loop that waits may declare is not known",
    "Parameters: { P: { Type: CommaDelimitedList } }\nResources:\n  S: { Type: A::B::C, Properties: { P: !GetAtt RA.Arn } }\n  Fn::ForEach::L: [I, !Ref P, { 'R${I}': { Type: A::B::C } }]\n",
    { properties: { S: { P: { unknown: ["RA.Arn"] } } } },
  ),
  loop("three parts", "Resources:\n  Fn::ForEach::L: [I, [A]]\n", { says: ["function.form"] }),
  loop("not in Mappings", "Mappings:\n  Fn::ForEach::L: [I, [A], {}]\nResources: { S: { Type: A::B::C } }\n", {
    says: ["function.place"],
  }),
];
