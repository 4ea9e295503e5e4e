import type { ServiceName } from "./services.ts";

/**
 * When an error is worth waiting for: always; or only when this run has something to do with it, because the error names something that a write of this run answered with
 * (`named`), or because this run has written to that service. Else the same error is a plain mistake, which fails at once.
 */
type When = "always" | "named" | ServiceName;

/** Operation, error code, how many seconds it is worth waiting, when, and what the error's message has to say. */
export type RetryRow = readonly [operation: RegExp, code: RegExp, seconds: number, when: When, message?: RegExp];

/**
 * Errors that pass: AWS knows late what it was told a moment ago, and something that is being deleted still holds on to something else. For writes inside a planned
 * change. The seconds are the longest that such a state is known to last.
 */
export const retryTable: readonly RetryRow[] = [
  [/^ec2:/, /\.NotFound$/, 300, "named"],
  [
    /^ec2:(?:RunInstances|(?:Associate|Replace)IamInstanceProfile)/,
    /^InvalidParameterValue$/,
    120,
    "iam",
    /Invalid IAM Instance Profile|has no associated IAM Roles/i,
  ],
  [/^ec2:StartInstances$/, /^InvalidParameterValue$/, 120, "ec2", /LaunchPlan instance type does not match/],
  [/^ec2:AssociateAddress$/, /^InvalidAllocationID\.NotFound$/, 120, "ec2"],
  // The latter where the address is for an interface: "The pending-instance-creation instance to which 'eni' is attached".
  [/^ec2:AssociateAddress$/, /^(?:InvalidInstanceID|IncorrectInstanceState)$/, 120, "ec2", /pending.instance/],
  [/^ec2:AssociateAddress$/, /^AuthFailure$/, 120, "ec2", /does not belong to you/],
  [/^ec2:ReleaseAddress$/, /^(?:InvalidIPAddress\.InUse|AuthFailure)$/, 180, "ec2"],
  [/^ec2:DeleteSecurityGroup$/, /^(?:DependencyViolation|InvalidGroup\.InUse)$/, 900, "ec2"],

  [/^iam:/, /^(?:ConcurrentModification|EntityTemporarilyUnmodifiable)/, 120, "always"],
  [/^iam:/, /^NoSuchEntity/, 120, "named"],
  [/^iam:(?:CreateRole|UpdateAssumeRolePolicy)$/, /^MalformedPolicyDocument/, 120, "iam", /Invalid principal/i],
  [
    /^iam:AddRoleToInstanceProfile$/,
    /^(?:InvalidParameterValue|NoSuchEntity)/,
    120,
    "iam",
    /Invalid IAM Instance Profile name|The role with name/i,
  ],
  [/^iam:Delete/, /^DeleteConflict/, 120, "iam"],

  [/^ecr:/, /^RepositoryNotFoundException$/, 120, "named"],
  [
    /^ecr:SetRepositoryPolicy$/,
    /^InvalidParameterException$/,
    120,
    "iam",
    // An unknown principal, and one that was made moments ago, are one and the same to ECR.
    /Invalid repository policy provided/i,
  ],

  [/^ssm:(?:Add|Remove)Tags/, /^InvalidResourceId$/, 120, "ssm"],
  [/^ssm:/, /^TooManyUpdates$/, 60, "always"],

  [/^cloudfront:(?:Create|Update)Distribution/, /^InvalidViewerCertificate$/, 60, "always"],
  // A stale ETag (PreconditionFailed) is not here: the same request can never succeed.
  [/^cloudfront:DeleteDistribution$/, /^DistributionNotDisabled$/, 180, "cloudfront"],
];
