import type { ResourceType } from "@reconcile/core";
import type { Aws } from "./aws/context.ts";
import { Distribution } from "./cloudfront/distribution.ts";
import { EIP } from "./ec2/eip.ts";
import { EIPAssociation } from "./ec2/eip-association.ts";
import { Instance } from "./ec2/instance.ts";
import { KeyPair } from "./ec2/key-pair.ts";
import { SecurityGroup } from "./ec2/security-group.ts";
import { SecurityGroupEgress } from "./ec2/security-group-egress.ts";
import { SecurityGroupIngress } from "./ec2/security-group-ingress.ts";
import { Repository } from "./ecr/repository.ts";
import { InstanceProfile } from "./iam/instance-profile.ts";
import { ManagedPolicy } from "./iam/managed-policy.ts";
import { OIDCProvider } from "./iam/oidc-provider.ts";
import { Role } from "./iam/role.ts";
import { RolePolicy } from "./iam/role-policy.ts";
import { Parameter } from "./ssm/parameter.ts";

export type { CallRecord } from "./aws/call.ts";
export type { Aws, SessionOptions } from "./aws/context.ts";
export { connect, openSession, type Session, type Target } from "./aws/session.ts";
export { type GitHubOptions, gitHubTemplate } from "./policy/github.ts";
export { type Policy, type PolicyOptions, policiesFor } from "./policy/policies.ts";
export { type BookkeepingSettings, openReconciler, type Reconciler, type ReconcilerOptions } from "./reconciler.ts";

/** Every resource type there is: the only registry. */
export const types: readonly ResourceType<Aws>[] = [
  Distribution,
  EIP,
  EIPAssociation,
  Instance,
  KeyPair,
  SecurityGroup,
  SecurityGroupEgress,
  SecurityGroupIngress,
  Repository,
  InstanceProfile,
  ManagedPolicy,
  OIDCProvider,
  Role,
  RolePolicy,
  Parameter,
];
