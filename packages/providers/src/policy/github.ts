import type { Policy } from "./policies.ts";

/** Which workflows get which policies. */
export interface GitHubOptions {
  /** `OWNER/REPO`. */
  repository: string;
  /** Whose runs may apply: those of a branch, or those that GitHub has let into an environment. */
  apply: { branch: string } | { environment: string };
  plan: readonly Policy[];
  applyPolicies: readonly Policy[];
}

const issuer = "token.actions.githubusercontent.com";
const providerArn = { "Fn::Sub": `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:oidc-provider/${issuer}` };

/**
 * A CloudFormation template of the roles that workflows of a repository assume, without a key anywhere: one that plans, for its pull requests and its branch, and one that
 * applies. https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
 */
export function gitHubTemplate({ repository, apply, plan, applyPolicies }: GitHubOptions): object {
  const subject = "branch" in apply ? `ref:refs/heads/${apply.branch}` : `environment:${apply.environment}`;
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: `Roles by which the workflows of ${repository} plan and apply.`,
    Parameters: {
      GitHubProvider: {
        Type: "String",
        AllowedValues: ["create", "exists"],
        Default: "create",
        Description: "An account has one identity provider for GitHub: create it here, or use the one that exists.",
      },
    },
    Conditions: { CreatesProvider: { "Fn::Equals": [{ Ref: "GitHubProvider" }, "create"] } },
    Resources: {
      Provider: {
        Type: "AWS::IAM::OIDCProvider",
        Condition: "CreatesProvider",
        Properties: { Url: `https://${issuer}`, ClientIdList: ["sts.amazonaws.com"] },
      },
      ...roleWith("Plan", plan, repository, ["pull_request", subject]),
      ...roleWith("Apply", applyPolicies, repository, [subject]),
    },
    Outputs: {
      PlanRoleArn: { Value: { "Fn::GetAtt": ["PlanRole", "Arn"] } },
      ApplyRoleArn: { Value: { "Fn::GetAtt": ["ApplyRole", "Arn"] } },
    },
  };
}

function roleWith(name: string, policies: readonly Policy[], repository: string, subjects: readonly string[]): object {
  const managed = policies.map(({ document }, index) => [
    `${name}Policy${policies.length > 1 ? index + 1 : ""}`,
    { Type: "AWS::IAM::ManagedPolicy", Properties: { PolicyDocument: document } },
  ]);
  return {
    ...Object.fromEntries(managed),
    [`${name}Role`]: {
      Type: "AWS::IAM::Role",
      Properties: {
        AssumeRolePolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Federated: providerArn },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringEquals: {
                  [`${issuer}:aud`]: "sts.amazonaws.com",
                  [`${issuer}:sub`]: subjects.map((subject) => `repo:${repository}:${subject}`),
                },
              },
            },
          ],
        },
        ManagedPolicyArns: managed.map(([id]) => ({ Ref: id })),
      },
    },
  };
}
