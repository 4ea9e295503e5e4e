import type { Image, InstanceTypeInfo } from "@aws-sdk/client-ec2";
import { DiagnosticError } from "@reconcile/core";
import type { Aws } from "../aws/context.ts";

/**
 * Throws `instance.architecture-mismatch` when an instance type cannot run an image, before EC2 says so in fewer words, or has stopped the instance for it. An image or type that
 * EC2 does not show is left for EC2 to refuse.
 */
export async function checkArchitecture(aws: Aws, imageId: string, instanceType: string | undefined): Promise<void> {
  if (instanceType === undefined) return;
  const [images, types] = await Promise.all([
    // Publishers deprecate an image soon, and instances live on with it.
    aws.ec2.describeImages({ Filters: [{ Name: "image-id", Values: [imageId] }], IncludeDeprecated: true }),
    aws.ec2.describeInstanceTypes({ Filters: [{ Name: "instance-type", Values: [instanceType] }] }),
  ]);
  const image = images.Images?.[0];
  const type = types.InstanceTypes?.[0];
  const runs: readonly string[] = type?.ProcessorInfo?.SupportedArchitectures ?? [];
  if (!image?.Architecture || !type || runs.length === 0 || runs.includes(image.Architecture)) return;
  const [fitting, twin] = await Promise.all([
    fittingTypes(aws, type, image.Architecture),
    twinOf(aws, image, runs[0] ?? ""),
  ]);
  throw new DiagnosticError({
    code: "instance.architecture-mismatch",
    severity: "error",
    message: `${instanceType} runs ${runs.join(" and ")} images, but ${imageId} (${image.Name ?? "without a name"}) is for ${image.Architecture}.`,
    remedy: [
      fitting.length > 0
        ? `Take a type for ${image.Architecture}, of the same size: ${fitting.join(", ")}`
        : `Take a type for ${image.Architecture}`,
      twin ? `or the same image for ${runs[0]}: ${twin}.` : `or an image for ${runs[0]}.`,
    ].join("; "),
  });
}

/** Up to three types of an architecture with the same processors and memory: of the same series first, the newest first. */
async function fittingTypes(aws: Aws, type: InstanceTypeInfo, architecture: string): Promise<string[]> {
  const { InstanceTypes = [] } = await aws.ec2.describeInstanceTypes({
    Filters: [
      { Name: "processor-info.supported-architecture", Values: [architecture] },
      { Name: "vcpu-info.default-vcpus", Values: [String(type.VCpuInfo?.DefaultVCpus)] },
      { Name: "memory-info.size-in-mib", Values: [String(type.MemoryInfo?.SizeInMiB)] },
      { Name: "current-generation", Values: ["true"] },
    ],
    MaxResults: 100,
  });
  const names = InstanceTypes.map((each) => each.InstanceType ?? "");
  const series = seriesOf(type.InstanceType ?? "");
  const generation = (name: string) => Number(/\d+/.exec(name)?.[0] ?? 0);
  const distance = (name: string) => (seriesOf(name) === series ? 0 : 1);
  return names
    .sort((a, b) => distance(a) - distance(b) || generation(b) - generation(a) || (a < b ? -1 : 1))
    .slice(0, 3);
}

/** `t` of `t4g.large`. */
function seriesOf(instanceType: string): string {
  return /^[a-z]+/.exec(instanceType)?.[0] ?? "";
}

const spellings: readonly (readonly [architecture: string, inNames: RegExp, name: string])[] = [
  ["arm64", /amd64|x86_64/, "arm64"],
  ["x86_64", /arm64|aarch64/, "amd64"],
  ["x86_64", /arm64|aarch64/, "x86_64"],
];

/** The image of the same name and owner for another architecture: publishers put the architecture into the name. */
async function twinOf(aws: Aws, { Name = "", OwnerId = "" }: Image, architecture: string): Promise<string | undefined> {
  const names = spellings.flatMap(([of, spelt, name]) =>
    of === architecture && spelt.test(Name) ? [Name.replace(spelt, name)] : [],
  );
  if (names.length === 0) return undefined;
  const Filters = [
    { Name: "name", Values: names },
    { Name: "owner-id", Values: [OwnerId] },
    { Name: "architecture", Values: [architecture] },
  ];
  const { Images = [] } = await aws.ec2.describeImages({ Filters });
  return Images[0]?.ImageId;
}
