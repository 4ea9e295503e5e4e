/** AWS's partitions but for the first: how their regions begin, and how their addresses end. */
const others: readonly { name: string; regions: string; suffix: string }[] = [
  { name: "aws-cn", regions: "cn-", suffix: "amazonaws.com.cn" },
  { name: "aws-us-gov", regions: "us-gov-", suffix: "amazonaws.com" },
  { name: "aws-eusc", regions: "eusc-", suffix: "amazonaws.eu" },
  { name: "aws-iso", regions: "us-iso-", suffix: "c2s.ic.gov" },
  { name: "aws-iso-b", regions: "us-isob-", suffix: "sc2s.sgov.gov" },
  { name: "aws-iso-e", regions: "eu-isoe-", suffix: "cloud.adc-e.uk" },
  { name: "aws-iso-f", regions: "us-isof-", suffix: "csp.hci.ic.gov" },
];

/** `aws`, `aws-cn`, `aws-us-gov`: by the name of a region. */
export function partitionOf(region: string): string {
  return others.find((each) => region.startsWith(each.regions))?.name ?? "aws";
}

/** `amazonaws.com`: how the addresses of a partition's services end, which is `AWS::URLSuffix`. */
export function urlSuffixOf(partition: string): string {
  return others.find((each) => each.name === partition)?.suffix ?? "amazonaws.com";
}
