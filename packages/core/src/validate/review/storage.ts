import { type Pointer, pointer, valueAt } from "../../pointer.ts";
import { isRecord, type Properties, Unknown } from "../../value.ts";
import type { Finding, Review, Reviewed } from "./model.ts";

interface Store {
  /** The property that encrypts it. */
  path: Pointer;
  /** Does AWS encrypt it where nothing is said? Or does something else decide: what it is copied from, or belongs to? */
  otherwise?(properties: Properties): boolean;
  /** false: only what is turned off by name is told. */
  byDefault?: false;
}

const said = (properties: Properties, ...names: readonly string[]) => names.some((name) => name in properties);

/** Where data rest without encryption unless the template asks for it. */
const stores: Readonly<Record<string, Store>> = {
  "AWS::DAX::Cluster": { path: "/SSESpecification/SSEEnabled" },
  "AWS::DocDB::DBCluster": {
    path: "/StorageEncrypted",
    otherwise: (properties) =>
      said(properties, "SnapshotIdentifier", "SourceDBClusterIdentifier", "GlobalClusterIdentifier"),
  },
  "AWS::EC2::Volume": {
    path: "/Encrypted",
    otherwise: (properties) => said(properties, "SnapshotId", "SourceVolumeId", "KmsKeyId"),
  },
  "AWS::EFS::FileSystem": { path: "/Encrypted" },
  "AWS::ElastiCache::ReplicationGroup": {
    path: "/AtRestEncryptionEnabled",
    otherwise: (properties) =>
      properties.Engine !== "redis" || said(properties, "GlobalReplicationGroupId", "SnapshotArns", "SnapshotName"),
  },
  "AWS::Elasticsearch::Domain": { path: "/EncryptionAtRestOptions/Enabled" },
  "AWS::Neptune::DBCluster": {
    path: "/StorageEncrypted",
    otherwise: (properties) => said(properties, "SnapshotIdentifier", "SourceDBClusterIdentifier"),
  },
  "AWS::OpenSearchService::Domain": { path: "/EncryptionAtRestOptions/Enabled" },
  "AWS::RDS::DBCluster": {
    path: "/StorageEncrypted",
    otherwise: (properties) =>
      properties.EngineMode === "serverless" ||
      said(
        properties,
        "SnapshotIdentifier",
        "SourceDBClusterIdentifier",
        "GlobalClusterIdentifier",
        "SourceDbClusterResourceId",
      ),
  },
  "AWS::RDS::DBInstance": {
    path: "/StorageEncrypted",
    otherwise: (properties) =>
      /^aurora/.test(String(properties.Engine instanceof Unknown ? "aurora" : properties.Engine)) ||
      said(
        properties,
        "DBClusterIdentifier",
        "DBClusterSnapshotIdentifier",
        "DBSnapshotIdentifier",
        "SourceDBInstanceIdentifier",
        "SourceDBInstanceAutomatedBackupsArn",
        "SourceDbiResourceId",
        "SourceDBClusterIdentifier",
      ),
  },
  "AWS::Redshift::Cluster": { path: "/Encrypted", byDefault: false },
  "AWS::SQS::Queue": { path: "/SqsManagedSseEnabled", byDefault: false },
};

/** Lists of volumes, in which only what is turned off by name is told: an image decides otherwise. */
const volumeLists: Readonly<Record<string, Pointer>> = {
  "AWS::AutoScaling::LaunchConfiguration": "/BlockDeviceMappings",
  "AWS::EC2::Instance": "/BlockDeviceMappings",
  "AWS::EC2::LaunchTemplate": "/LaunchTemplateData/BlockDeviceMappings",
};

export const unencrypted: Review = {
  id: "storage.unencrypted",
  severity: "warning",
  title: "Data rest unencrypted",
  about:
    "A disk, database, file system or cache keeps what is written to it in the clear. Encryption costs nothing there but has to be asked for, and most of them can only be encrypted when they are made. What AWS encrypts in any case (buckets, tables, queues) is not told, nor what is copied from something else.",
  remedy: "Turn it on; AWS's own key is free and needs no further setting.",
  resource: {
    types: [...Object.keys(stores), ...Object.keys(volumeLists)],
    look: (resource) => [...store(resource), ...volumes(resource)],
  },
};

function store({ type, properties }: Reviewed): Finding[] {
  const { path, otherwise, byDefault } = stores[type] ?? {};
  if (path === undefined) return [];
  const value = valueAt(properties, path);
  if (value === false && !("KmsMasterKeyId" in properties))
    return [{ at: path, message: "Encryption is turned off here." }];
  if (value !== undefined || isUnknownAbove(properties, path) || byDefault === false || otherwise?.(properties))
    return [];
  const name = path.slice(1).replaceAll("/", ".");
  return [
    {
      at: "",
      message: `Without ${name} this is not encrypted.`,
      remedy: `Add ${name}: true; it cannot be turned on later.`,
    },
  ];
}

function isUnknownAbove(properties: Properties, path: Pointer): boolean {
  const [first = ""] = path.slice(1).split("/");
  return properties[first] instanceof Unknown;
}

function volumes({ type, properties }: Reviewed): Finding[] {
  const path = volumeLists[type];
  const mappings = path === undefined ? undefined : valueAt(properties, path);
  if (!Array.isArray(mappings)) return [];
  return mappings.flatMap((mapping, index) => {
    const encrypted = isRecord(mapping) && isRecord(mapping.Ebs) ? mapping.Ebs.Encrypted : undefined;
    if (encrypted !== false) return [];
    return [{ at: path + pointer(index, "Ebs", "Encrypted"), message: "Encryption is turned off here." }];
  });
}

/** Properties by which the world gets at data, with the values that do so. */
const doors: Readonly<
  Record<string, readonly (readonly [path: Pointer, values: readonly unknown[], message: string])[]>
> = {
  "AWS::DMS::ReplicationInstance": [["/PubliclyAccessible", [true], "This instance has a public address."]],
  "AWS::RDS::DBInstance": [["/PubliclyAccessible", [true], "This database has a public address."]],
  "AWS::Redshift::Cluster": [["/PubliclyAccessible", [true], "This cluster has a public address."]],
  "AWS::S3::Bucket": [
    ["/AccessControl", ["PublicRead", "PublicReadWrite"], "This lets everybody at the bucket."],
    ["/AccessControl", ["AuthenticatedRead"], "This lets everybody with an AWS account read the bucket."],
  ],
};

export const publicStore: Review = {
  id: "storage.public",
  severity: "warning",
  title: "Data can be reached from everywhere",
  about:
    "A database has a public address, or the access control list of a bucket lets everybody in. What protects the data then is a security group, a password, or nothing. A website is better served by CloudFront from a bucket that is not public.",
  remedy: "Keep it private, and let in who needs it.",
  resource: {
    types: Object.keys(doors),
    look: ({ type, properties }) =>
      (doors[type] ?? []).flatMap(([at, values, message]) =>
        values.includes(valueAt(properties, at)) ? { at, message } : [],
      ),
  },
};

export const bucketAcl: Review = {
  id: "storage.bucket-acl",
  severity: "warning",
  title: "A bucket's access control list needs OwnershipControls",
  about:
    "Since April 2023 new buckets have no access control lists unless they ask for them. S3 refuses to make a bucket with an AccessControl other than Private and BucketOwnerFullControl that does not; templates that are older do not know.",
  remedy:
    "Use a bucket policy instead; or add OwnershipControls: { Rules: [{ ObjectOwnership: BucketOwnerPreferred }] }, and for a public one PublicAccessBlockConfiguration as well.",
  resource: {
    types: ["AWS::S3::Bucket"],
    look({ properties }) {
      const { AccessControl, OwnershipControls } = properties;
      if (typeof AccessControl !== "string" || OwnershipControls !== undefined) return [];
      if (["Private", "BucketOwnerFullControl"].includes(AccessControl)) return [];
      return [
        { at: "/AccessControl", message: `S3 refuses AccessControl: ${AccessControl} without OwnershipControls.` },
      ];
    },
  },
};
