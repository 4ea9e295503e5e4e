import { type Pointer, pointer } from "../../pointer.ts";
import { isRecord, type Properties, type Value } from "../../value.ts";
import type { Reviewed } from "./model.ts";

/** What a policy is attached to decides what may be asked of it: `boundary` grants nothing by itself. */
export type PolicyKind = "identity" | "trust" | "resource" | "boundary";

export interface Policy {
  kind: PolicyKind;
  /** Of the document, in the properties. What stands below it in JSON text has the place of that text. */
  at: Pointer;
  document: Properties;
  /** As it is written; undefined where there is none. */
  version: Value | undefined;
  statements: readonly Statement[];
}

export interface Statement {
  statement: Properties;
  /** Of the statement, in the properties. */
  at: Pointer;
}

/** Where types have policies; `*` is each element of a list. */
const documents: Readonly<Record<string, readonly (readonly [path: string, kind: PolicyKind])[]>> = {
  "AWS::ApiGateway::RestApi": [["Policy", "resource"]],
  "AWS::Backup::BackupVault": [["AccessPolicy", "resource"]],
  "AWS::CodeArtifact::Domain": [["PermissionsPolicyDocument", "resource"]],
  "AWS::CodeArtifact::Repository": [["PermissionsPolicyDocument", "resource"]],
  "AWS::DynamoDB::Table": [["ResourcePolicy/PolicyDocument", "resource"]],
  "AWS::EC2::VPCEndpoint": [["PolicyDocument", "boundary"]],
  "AWS::ECR::RegistryPolicy": [["PolicyText", "resource"]],
  "AWS::ECR::Repository": [["RepositoryPolicyText", "resource"]],
  "AWS::EFS::FileSystem": [["FileSystemPolicy", "resource"]],
  "AWS::Elasticsearch::Domain": [["AccessPolicies", "resource"]],
  "AWS::Events::EventBusPolicy": [["Statement", "resource"]],
  "AWS::IAM::Group": [["Policies/*/PolicyDocument", "identity"]],
  "AWS::IAM::GroupPolicy": [["PolicyDocument", "identity"]],
  "AWS::IAM::ManagedPolicy": [["PolicyDocument", "identity"]],
  "AWS::IAM::Policy": [["PolicyDocument", "identity"]],
  "AWS::IAM::Role": [
    ["AssumeRolePolicyDocument", "trust"],
    ["Policies/*/PolicyDocument", "identity"],
  ],
  "AWS::IAM::RolePolicy": [["PolicyDocument", "identity"]],
  "AWS::IAM::User": [["Policies/*/PolicyDocument", "identity"]],
  "AWS::IAM::UserPolicy": [["PolicyDocument", "identity"]],
  "AWS::IoT::Policy": [["PolicyDocument", "boundary"]],
  "AWS::KMS::Key": [["KeyPolicy", "resource"]],
  "AWS::KMS::ReplicaKey": [["KeyPolicy", "resource"]],
  "AWS::Kinesis::ResourcePolicy": [["ResourcePolicy", "resource"]],
  "AWS::Logs::ResourcePolicy": [["PolicyDocument", "resource"]],
  "AWS::OpenSearchService::Domain": [["AccessPolicies", "resource"]],
  "AWS::Organizations::Policy": [["Content", "boundary"]],
  "AWS::S3::AccessPoint": [["Policy", "resource"]],
  "AWS::S3::BucketPolicy": [["PolicyDocument", "resource"]],
  "AWS::SNS::TopicPolicy": [["PolicyDocument", "resource"]],
  "AWS::SQS::QueuePolicy": [["PolicyDocument", "resource"]],
  "AWS::SSO::PermissionSet": [["InlinePolicy", "identity"]],
  "AWS::SecretsManager::ResourcePolicy": [["ResourcePolicy", "resource"]],
};

export const policyTypes = Object.keys(documents);

const known = new WeakMap<Reviewed, readonly Policy[]>();

/** Every policy that a resource declares, documents in JSON text included. What is unknown is left out. */
export function policiesOf(resource: Reviewed): readonly Policy[] {
  const policies = known.get(resource) ?? findPolicies(resource);
  known.set(resource, policies);
  return policies;
}

function findPolicies({ type, properties }: Reviewed): Policy[] {
  return (documents[type] ?? []).flatMap(([path, kind]) =>
    valuesAt(properties, path.split("/"), "").flatMap(({ value, at }) => {
      const document = typeof value === "string" ? parsed(value) : value;
      if (!isRecord(document)) return [];
      const { Version: version } = document as Properties;
      return {
        kind,
        at,
        document: document as Properties,
        version,
        statements: statementsIn(document as Properties, at),
      };
    }),
  );
}

/** Where a policy should be and is a text that is not JSON. */
export function notPolicies({ type, properties }: Reviewed): Pointer[] {
  return (documents[type] ?? []).flatMap(([path]) =>
    valuesAt(properties, path.split("/"), "").flatMap(({ value, at }) =>
      typeof value === "string" && !isRecord(parsed(value)) ? [at] : [],
    ),
  );
}

function valuesAt(value: Value, segments: readonly string[], at: Pointer): { value: Value; at: Pointer }[] {
  const [first, ...rest] = segments;
  if (first === undefined) return [{ value, at }];
  if (first === "*")
    return Array.isArray(value) ? value.flatMap((item, index) => valuesAt(item, rest, at + pointer(index))) : [];
  const part = isRecord(value) && Object.hasOwn(value, first) ? (value[first] as Value) : undefined;
  return part === undefined ? [] : valuesAt(part, rest, at + pointer(first));
}

/** Of a document, or (of EventBridge) a statement by itself. */
function statementsIn(document: Properties, at: Pointer): Statement[] {
  if (!Object.hasOwn(document, "Statement"))
    return Object.hasOwn(document, "Effect") ? [{ statement: document, at }] : [];
  const { Statement: statements } = document;
  const below = at + pointer("Statement");
  if (!Array.isArray(statements))
    return isRecord(statements) ? [{ statement: statements as Properties, at: below }] : [];
  return statements.flatMap((each, index) =>
    isRecord(each) ? { statement: each as Properties, at: below + pointer(index) } : [],
  );
}

function parsed(text: string): Value | undefined {
  try {
    return JSON.parse(text) as Value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export interface Element {
  text: string;
  at: Pointer;
}

/** The texts of an element that is one value or a list of them, each at its place. */
export function textsOf({ statement, at }: Statement, name: string): Element[] {
  const value = statement[name];
  const below = at + pointer(name);
  if (typeof value === "string") return [{ text: value, at: below }];
  if (!Array.isArray(value)) return [];
  return value.flatMap((item, index) => (typeof item === "string" ? { text: item, at: below + pointer(index) } : []));
}

export function allows({ statement }: Statement): boolean {
  return statement.Effect === "Allow";
}
