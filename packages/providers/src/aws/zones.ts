import type { Aws } from "./context.ts";
import { pages } from "./pages.ts";

/**
 * The names of a region's Availability Zones in the order of the alphabet, as `Fn::GetAZs` gives them: those with a default subnet, or all where none has one.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getavailabilityzones.html
 */
export function zonesOf(aws: Aws, region: string): Promise<string[]> {
  const { ec2 } = region === aws.region ? aws : aws.at(region);
  return aws.memo(`zones:${region}`, async () => {
    const [{ AvailabilityZones = [] }, withDefault] = await Promise.all([
      ec2.describeAvailabilityZones({
        Filters: [
          { Name: "zone-type", Values: ["availability-zone"] },
          { Name: "state", Values: ["available"] },
        ],
      }),
      zonesWithDefaultSubnet(ec2),
    ]);
    const names = AvailabilityZones.flatMap(({ ZoneName }) => ZoneName ?? []).sort();
    const preferred = names.filter((name) => withDefault.has(name));
    return preferred.length > 0 ? preferred : names;
  });
}

async function zonesWithDefaultSubnet(ec2: Aws["ec2"]): Promise<Set<string>> {
  const zones = new Set<string>();
  const list = pages(
    (NextToken) =>
      ec2.describeSubnets({ Filters: [{ Name: "default-for-az", Values: ["true"] }], MaxResults: 1000, NextToken }),
    (page) => page.NextToken,
  );
  for await (const { Subnets = [] } of list) {
    for (const { AvailabilityZone } of Subnets) if (AvailabilityZone) zones.add(AvailabilityZone);
  }
  return zones;
}
