import type { Tags } from "@reconcile/core";
import type { Aws } from "../../aws/context.ts";
import { ifFound } from "../../aws/errors.ts";
import { tagMap } from "../../aws/tags.ts";

/** The tags that a thing has at the moment, by its ARN: what IAM would look up. */
export async function tagsOf(aws: Aws, arn: string): Promise<Tags> {
  const [, , service = "", , , ...rest] = arn.split(":");
  const [kind = "", ...names] = rest.join(":").split("/");
  const name = names.join("/");
  switch (`${service}:${kind}`) {
    case "ec2:key-pair": {
      const { KeyPairs = [] } = await aws.ec2.describeKeyPairs({});
      return tagMap(KeyPairs.find((each) => each.KeyName === name)?.Tags);
    }
    case "iam:role":
      return tagMap((await ifFound(aws.iam.listRoleTags({ RoleName: names.at(-1) }), "NoSuchEntity"))?.Tags);
    case "iam:instance-profile": {
      const listed = aws.iam.listInstanceProfileTags({ InstanceProfileName: names.at(-1) });
      return tagMap((await ifFound(listed, "NoSuchEntity"))?.Tags);
    }
    case "iam:policy":
      return tagMap((await ifFound(aws.iam.listPolicyTags({ PolicyArn: arn }), "NoSuchEntity"))?.Tags);
    case "iam:oidc-provider": {
      const listed = aws.iam.listOpenIDConnectProviderTags({ OpenIDConnectProviderArn: arn });
      return tagMap((await ifFound(listed, "NoSuchEntity"))?.Tags);
    }
    case "ecr:repository":
      return tagMap((await ifFound(aws.ecr.listTagsForResource({ resourceArn: arn }), "RepositoryNotFound"))?.tags);
    case "ssm:parameter":
      return parameterTags(aws, name);
    case "cloudfront:distribution":
      return tagMap(
        (await ifFound(aws.cloudfront.listTagsForResource({ Resource: arn }), "NoSuchResource"))?.Tags?.Items,
      );
    default: {
      if (service !== "ec2") throw new Error(`What tags of ${arn}? Say how to look them up.`);
      const { Tags = [] } = await aws.ec2.describeTags({ Filters: [{ Name: "resource-id", Values: [name] }] });
      return tagMap(Tags);
    }
  }
}

async function parameterTags(aws: Aws, name: string): Promise<Tags> {
  const { Parameters = [] } = await aws.ssm.describeParameters({});
  const named = Parameters.find((each) => each.Name?.replace(/^\//, "") === name)?.Name;
  if (named === undefined) return {};
  const listed = aws.ssm.listTagsForResource({ ResourceType: "Parameter", ResourceId: named });
  return tagMap((await ifFound(listed, "InvalidResourceId"))?.TagList);
}

/** What an association of EC2's joins: an address, or the instance that has a profile. */
export async function joinedBy(aws: Aws, association: string): Promise<string[]> {
  const { Addresses = [] } = await aws.ec2.describeAddresses({});
  const { IamInstanceProfileAssociations = [] } = await aws.ec2.describeIamInstanceProfileAssociations({});
  const address = Addresses.find((each) => each.AssociationId === association);
  const profile = IamInstanceProfileAssociations.find((each) => each.AssociationId === association);
  return [address?.AllocationId, profile?.InstanceId].filter((id) => id !== undefined);
}

/** The ARN of a role or a profile, whatever its path. */
export async function arnOfNamed(
  aws: Aws,
  kind: "role" | "instance-profile",
  name: string,
): Promise<string | undefined> {
  return kind === "role"
    ? (await ifFound(aws.iam.getRole({ RoleName: name }), "NoSuchEntity"))?.Role?.Arn
    : (await ifFound(aws.iam.getInstanceProfile({ InstanceProfileName: name }), "NoSuchEntity"))?.InstanceProfile?.Arn;
}

/** The roles in a profile. */
export async function rolesOfProfile(aws: Aws, name: string): Promise<string[]> {
  const found = await ifFound(aws.iam.getInstanceProfile({ InstanceProfileName: name }), "NoSuchEntity");
  return (found?.InstanceProfile?.Roles ?? []).flatMap(({ Arn }) => Arn ?? []);
}
