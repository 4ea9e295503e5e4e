import { absent, createOnly, keyed, refersTo, slot, tags, unordered, writeOnly } from "@reconcile/core";
import { z } from "zod";

const groups = unordered(z.array(refersTo("AWS::EC2::SecurityGroup", z.string())));
const ipv6Addresses = unordered(z.array(z.strictObject({ Ipv6Address: z.ipv6() })));
const enabled = z.enum(["enabled", "disabled"]);

/** CloudFormation's mapping has no Throughput, which a launch template's has. */
const BlockDeviceMapping = z.strictObject({
  DeviceName: z.string(),
  Ebs: z.strictObject({
    DeleteOnTermination: z.boolean().optional(),
    Encrypted: z.boolean().optional(),
    Iops: z.int().optional(),
    KmsKeyId: createOnly(refersTo("AWS::KMS::Key", z.string()).optional()),
    SnapshotId: z.string().optional(),
    VolumeSize: z.int().min(1).optional(),
    VolumeType: z.enum(["gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"]).optional(),
  }),
});

const NetworkInterface = z.strictObject({
  // Whether it has a public address of its own cannot be seen while it is stopped, or has an Elastic IP.
  AssociatePublicIpAddress: writeOnly(z.boolean().optional()),
  DeleteOnTermination: z.boolean().optional(),
  Description: z.string().optional(),
  DeviceIndex: z.string().regex(/^\d+$/),
  GroupSet: groups.optional(),
  Ipv6AddressCount: z.int().optional(),
  Ipv6Addresses: ipv6Addresses.optional(),
  NetworkInterfaceId: refersTo("AWS::EC2::NetworkInterface", z.string()).optional(),
  PrivateIpAddress: z.ipv4().optional(),
  PrivateIpAddresses: unordered(
    z.array(z.strictObject({ PrivateIpAddress: z.ipv4(), Primary: z.boolean() })),
  ).optional(),
  SecondaryPrivateIpAddressCount: z.int().optional(),
  SubnetId: refersTo("AWS::EC2::Subnet", z.string()).optional(),
});

/** What a network interface decides where one is declared. */
const ofInterface = ["Ipv6AddressCount", "Ipv6Addresses", "PrivateIpAddress", "SecurityGroupIds", "SubnetId"] as const;

const longestUserData = 16_384;

const UserData = z
  .string()
  .refine(isBase64, { error: "UserData must be Base64 text.", params: { remedy: "Wrap it in Fn::Base64." } })
  .refine((text) => !isBase64(text) || Buffer.from(text, "base64").length <= longestUserData, {
    error: `UserData must be at most ${longestUserData} bytes before it is encoded.`,
    params: { remedy: "Compress it (cloud-init reads gzip), or let it fetch the rest." },
  });

function isBase64(text: string): boolean {
  const bare = text.replace(/[\s=]/g, "");
  return Buffer.from(bare, "base64").toString("base64").replaceAll("=", "") === bare;
}

export const Properties = z
  .strictObject({
    AvailabilityZone: createOnly(z.string().optional()),
    BlockDeviceMappings: slot("open", keyed("DeviceName", z.array(BlockDeviceMapping))).optional(),
    CpuOptions: createOnly(
      z.strictObject({ CoreCount: z.int().optional(), ThreadsPerCore: z.int().optional() }).optional(),
    ),
    // Undeclared: the account has a default of its own for each family.
    CreditSpecification: z.strictObject({ CPUCredits: z.enum(["standard", "unlimited"]).optional() }).optional(),
    DisableApiTermination: z.boolean().default(false),
    // Undeclared: what types of today are by themselves is shown as false or true, depending on how they were launched.
    EbsOptimized: z.boolean().optional(),
    EnclaveOptions: createOnly(z.strictObject({ Enabled: z.boolean().default(false) }).prefault({})),
    HibernationOptions: createOnly(z.strictObject({ Configured: z.boolean().default(false) }).prefault({})),
    IamInstanceProfile: absent(refersTo("AWS::IAM::InstanceProfile", z.string())),
    // EC2 would look "resolve:ssm:…" up by itself, and show the image that it found.
    ImageId: createOnly(
      z.string().regex(/^ami-/, {
        error: "is not the id of an image: write ami-…, or {{resolve:ssm:name}} for the image that a parameter names",
      }),
    ),
    InstanceInitiatedShutdownBehavior: z.enum(["stop", "terminate"]).default("stop"),
    InstanceType: z.string().optional(),
    Ipv6AddressCount: createOnly(z.int().optional()),
    Ipv6Addresses: createOnly(ipv6Addresses.optional()),
    KeyName: createOnly(absent(refersTo("AWS::EC2::KeyPair", z.string()))),
    MetadataOptions: z
      .strictObject({
        // The image and the account have defaults for all but HttpProtocolIpv6.
        HttpEndpoint: enabled.optional(),
        HttpProtocolIpv6: enabled.default("disabled"),
        HttpPutResponseHopLimit: z.int().min(1).max(64).optional(),
        HttpTokens: z.enum(["optional", "required"]).optional(),
        InstanceMetadataTags: enabled.optional(),
      })
      .prefault({}),
    Monitoring: z.boolean().default(false),
    NetworkInterfaces: slot("open", keyed("DeviceIndex", z.array(NetworkInterface))).optional(),
    PlacementGroupName: createOnly(absent(refersTo("AWS::EC2::PlacementGroup", z.string()))),
    PrivateDnsNameOptions: createOnly(
      z
        .strictObject({
          EnableResourceNameDnsAAAARecord: z.boolean().optional(),
          EnableResourceNameDnsARecord: z.boolean().optional(),
          HostnameType: z.enum(["ip-name", "resource-name"]).optional(),
        })
        .optional(),
    ),
    PrivateIpAddress: createOnly(z.ipv4().optional()),
    PropagateTagsToVolumeOnCreation: writeOnly(z.boolean().default(false)),
    SecurityGroupIds: groups.optional(),
    SourceDestCheck: z.boolean().default(true),
    SubnetId: createOnly(refersTo("AWS::EC2::Subnet", z.string()).optional()),
    Tags: tags(),
    Tenancy: createOnly(z.enum(["default", "dedicated"]).optional()),
    UserData: absent(UserData),
  })
  .refine((instance) => !instance.NetworkInterfaces || ofInterface.every((name) => instance[name] === undefined), {
    error: `With NetworkInterfaces, ${ofInterface.join(", ")} cannot be declared for the instance.`,
    params: { remedy: "Declare them in the network interface." },
  });

export type Properties = z.output<typeof Properties>;
export type Mapping = z.output<typeof BlockDeviceMapping>;
export type Interface = z.output<typeof NetworkInterface>;
