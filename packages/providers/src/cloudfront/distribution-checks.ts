import { type Check, type DeclaredResource, type Diagnostic, isRecord, slotElements, Unknown } from "@reconcile/core";

type Members = Record<string, unknown>;

/** The list of the addresses from which CloudFront asks origins. */
const originFacing = /^prefix-list:com\.amazonaws\.[\w.-]*cloudfront\.origin-facing$/;

/** A request for `/` would be answered with what only says that the server lives. */
export const rootIsHealthCheck: Check = ({ resource }) => {
  const root = configOf(resource).DefaultRootObject;
  if (typeof root !== "string" || !/^(?:health|healthz|healthcheck|ping|status)$/i.test(root)) return [];
  return [
    {
      code: "distribution.root-is-health-check",
      severity: "warning",
      message: `Visitors of / get ${root}, which looks like a health check.`,
      remedy: "Name the page that visitors should see, or leave DefaultRootObject out so that / reaches the origin.",
      place: resource.evaluated.placeOf("/DistributionConfig/DefaultRootObject"),
    },
  ];
};

/** Between CloudFront and the origin everybody on the way can read along, whatever visitors use. */
export const plainOrigin: Check = ({ resource }) =>
  originsOf(resource).flatMap((origin, index): Diagnostic[] => {
    const { OriginProtocolPolicy } = membersOf(origin.CustomOriginConfig);
    if (OriginProtocolPolicy !== "http-only") return [];
    return [
      {
        code: "distribution.plain-origin",
        severity: "warning",
        message: `CloudFront speaks to the origin ${JSON.stringify(origin.Id)} without encryption.`,
        remedy: "Give the origin a certificate and take OriginProtocolPolicy: https-only.",
        place: resource.evaluated.placeOf(
          `/DistributionConfig/Origins/${index}/CustomOriginConfig/OriginProtocolPolicy`,
        ),
      },
    ];
  });

/** Rules that let CloudFront in where no origin of the stack listens. Said once, by the first distribution. */
export const unusedOpening: Check = ({ resource, all }) => {
  const distributions = all.filter((each) => each.type.type === resource.type.type);
  if (distributions[0] !== resource) return [];
  const origins = distributions.flatMap(originsOf);
  const used = origins.flatMap((origin) => portsOf(membersOf(origin.CustomOriginConfig)));
  if (used.length === 0 || used.some((port) => typeof port !== "number")) return [];
  const groups = all.filter((each) => each.type.type === "AWS::EC2::SecurityGroup");
  const rules = groups.flatMap((group) => slotElements(group, "SecurityGroupIngress", all));
  return rules.flatMap(({ element, place, by }): Diagnostic[] => {
    const { SourcePrefixListId: source, FromPort, ToPort } = membersOf(element);
    const isForCloudFront = source instanceof Unknown && source.sources.some((each) => originFacing.test(each));
    if (!isForCloudFront || typeof FromPort !== "number" || typeof ToPort !== "number") return [];
    if (used.some((port) => Number(port) >= FromPort && Number(port) <= ToPort)) return [];
    const ports = FromPort === ToPort ? `port ${FromPort}` : `ports ${FromPort} to ${ToPort}`;
    return [
      {
        code: "distribution.unused-opening",
        severity: "warning",
        message: `${by.logicalId} opens ${ports} to CloudFront, but no origin of this stack is reached there (${[...new Set(used)].join(", ")}).`,
        remedy: "Remove the rule, or correct the port of the rule or of the origin.",
        place,
      },
    ];
  });
};

/** The ports at which CloudFront reaches an origin of its own. */
function portsOf({ OriginProtocolPolicy, HTTPPort = 80, HTTPSPort = 443 }: Members): unknown[] {
  if (OriginProtocolPolicy === "http-only") return [HTTPPort];
  if (OriginProtocolPolicy === "https-only") return [HTTPSPort];
  return OriginProtocolPolicy === undefined ? [] : [HTTPPort, HTTPSPort];
}

function configOf(resource: DeclaredResource): Members {
  return membersOf(resource.properties.DistributionConfig);
}

function originsOf(resource: DeclaredResource): Members[] {
  const { Origins } = configOf(resource);
  return Array.isArray(Origins) ? Origins.map(membersOf) : [];
}

function membersOf(value: unknown): Members {
  return isRecord(value) ? value : {};
}
