/** What is measured most: parameters have the dearest reads of all types per resource, groups the cheapest. */
export type Kind = "parameters" | "groups";

export const typeOf = { parameters: "AWS::SSM::Parameter", groups: "AWS::EC2::SecurityGroup" } as const;

/** Of each group: two are declared, and two let everything out. */
export const rulesPerGroup = 4;

/** A template of so many resources, as YAML that looks like what people write. */
export function templateOf(kind: Kind, count: number): string {
  const resources = Array.from({ length: count }, (_, index) => resourceOf[kind](String(index).padStart(5, "0")));
  return `Description: ${count} ${kind}.\n\nResources:\n${resources.join("\n")}`;
}

/** Of both, half of each, every resource of the second half referring to one of the first: for what reads a template and does not ask AWS. */
export function mixedTemplate(count: number): string {
  const half = Math.floor(count / 2);
  const numbers = Array.from({ length: half }, (_, index) => String(index).padStart(5, "0"));
  const referring = (number: string) => parameter(number, `!Sub "\${Group${number}.GroupId}-\${AWS::Region}"`);
  const resources = [...numbers.map(group), ...numbers.map(referring)];
  return `Description: ${count} resources.\n\nResources:\n${resources.join("\n")}`;
}

/** The same with fewer lines to each resource: of the other, 10,000 are more than a file may have. */
export function slimTemplate(count: number): string {
  const numbers = Array.from({ length: Math.floor(count / 2) }, (_, index) => String(index).padStart(5, "0"));
  const referring = (number: string) => slimParameter(number, `!GetAtt Group${number}.GroupId`);
  const resources = [...numbers.map(slimGroup), ...numbers.map(referring)];
  return `Description: ${count} resources.\n\nResources:\n${resources.join("\n")}`;
}

const resourceOf = { parameters: (number: string) => parameter(number, `value ${number}`), groups: group };

function parameter(number: string, value: string): string {
  return `${slimParameter(number, value)}      Description: The setting number ${number}
      Tags: { Team: core }
`;
}

function slimParameter(number: string, value: string): string {
  return `  Parameter${number}:
    Type: AWS::SSM::Parameter
    Properties:
      Name: /bench/${number}
      Type: String
      Value: ${value}
`;
}

function group(number: string): string {
  return `${slimGroup(number)}        - { IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 203.0.113.10/32, Description: office }
      Tags:
        - { Key: Team, Value: core }
`;
}

function slimGroup(number: string): string {
  return `  Group${number}:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupName: bench-${number}
      GroupDescription: The group number ${number}
      SecurityGroupIngress:
        - { IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8, Description: inside }
`;
}
