import { type InputRequest, type OfflineResource, Unknown } from "@reconcile/core";

/** What AWS's calls need besides themselves, and says so on these pages. Everything else about actions is read from AWS's own reference (action-facts.ts). */

export interface Dependency {
  /** The call. */
  of: string;
  /** What it needs. */
  needs: string;
  page: string;
}

const tagsOfEc2 = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html";
const tagsOfIam = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html";

/** Tags that a create call brings along are a permission of their own. */
export const tagsOnCreate: readonly Dependency[] = [
  {
    of: "cloudfront:CreateDistribution",
    needs: "cloudfront:TagResource",
    page: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/tagging.html",
  },
  { of: "ec2:AllocateAddress", needs: "ec2:CreateTags", page: tagsOfEc2 },
  { of: "ec2:AuthorizeSecurityGroupEgress", needs: "ec2:CreateTags", page: tagsOfEc2 },
  { of: "ec2:AuthorizeSecurityGroupIngress", needs: "ec2:CreateTags", page: tagsOfEc2 },
  { of: "ec2:CreateKeyPair", needs: "ec2:CreateTags", page: tagsOfEc2 },
  { of: "ec2:CreateSecurityGroup", needs: "ec2:CreateTags", page: tagsOfEc2 },
  { of: "ec2:ImportKeyPair", needs: "ec2:CreateTags", page: tagsOfEc2 },
  { of: "ec2:RunInstances", needs: "ec2:CreateTags", page: tagsOfEc2 },
  {
    of: "ecr:CreateRepository",
    needs: "ecr:TagResource",
    page: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/supported-iam-actions-tagging.html",
  },
  { of: "iam:CreateInstanceProfile", needs: "iam:TagInstanceProfile", page: tagsOfIam },
  { of: "iam:CreateOpenIDConnectProvider", needs: "iam:TagOpenIDConnectProvider", page: tagsOfIam },
  { of: "iam:CreatePolicy", needs: "iam:TagPolicy", page: tagsOfIam },
  { of: "iam:CreateRole", needs: "iam:TagRole", page: tagsOfIam },
  {
    of: "ssm:PutParameter",
    needs: "ssm:AddTagsToResource",
    page: "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html",
  },
];

/** Calls that hand a role to a service. */
export const passes: readonly (Dependency & { service: string; property: string })[] = [
  {
    of: "iam:AddRoleToInstanceProfile",
    needs: "iam:PassRole",
    service: "ec2.amazonaws.com",
    property: "Roles",
    page: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html",
  },
  ...["ec2:AssociateIamInstanceProfile", "ec2:ReplaceIamInstanceProfileAssociation", "ec2:RunInstances"].map((of) => ({
    of,
    needs: "iam:PassRole",
    service: "ec2.amazonaws.com",
    property: "IamInstanceProfile",
    page: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html",
  })),
];

export interface KeyUse {
  type: string;
  /** The keys that a resource names; AWS's own need no permission. */
  keys(properties: OfflineResource["properties"]): readonly unknown[];
  /** As `kms:ViaService` names it. */
  service: string;
  needs: readonly string[];
  page: string;
}

/** Keys of the account, used through another service. */
export const keyUses: readonly KeyUse[] = [
  {
    type: "AWS::EC2::Instance",
    keys: ({ BlockDeviceMappings }) => partsOf(BlockDeviceMappings).map((each) => partsOf([each.Ebs])[0]?.KmsKeyId),
    service: "ec2",
    needs: [
      "kms:CreateGrant",
      "kms:Decrypt",
      "kms:DescribeKey",
      "kms:GenerateDataKeyWithoutPlaintext",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
    ],
    page: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html",
  },
  {
    type: "AWS::ECR::Repository",
    keys: ({ EncryptionConfiguration }) => partsOf([EncryptionConfiguration]).map((each) => each.KmsKey),
    service: "ecr",
    needs: ["kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"],
    page: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html",
  },
];

function partsOf(value: unknown): Record<string, unknown>[] {
  const list = Array.isArray(value) ? value : [];
  return list.filter((each) => typeof each === "object" && each !== null && !(each instanceof Unknown));
}

/** What a type reads and writes outside its own kind of things, by name. */
export const elsewhere: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // Where EC2 keeps the private half of a pair that it made.
  "AWS::EC2::KeyPair": { "ssm:parameter": "ec2/keypair/*" },
};

/** Reads that give what is secret: only of what is declared, or ours. */
export const secretReads: ReadonlySet<string> = new Set([
  "secretsmanager:GetSecretValue",
  "ssm:GetParameter",
  "ssm:GetParameterHistory",
  "ssm:GetParameters",
]);

/** What every run asks, whatever it declares: who calls, and what is ours by the index of tags. */
export const always: readonly string[] = ["sts:GetCallerIdentity", "tag:GetResources"];

/** What looking up an outside value calls (aws/inputs.ts). The environment of a run is nobody's to allow. */
export const inputReads: Readonly<Record<Exclude<InputRequest["kind"], "existing">, readonly string[]>> = {
  env: [],
  ssm: ["ssm:GetParameters"],
  "ssm-secure": ["ssm:GetParameters"],
  secretsmanager: ["secretsmanager:GetSecretValue"],
  "prefix-list": ["ec2:DescribeManagedPrefixLists"],
  zones: ["ec2:DescribeAvailabilityZones", "ec2:DescribeSubnets"],
  export: ["cloudformation:ListExports"],
  "stack-output": ["cloudformation:DescribeStacks"],
};
