import { type Pointer, pointer } from "../../pointer.ts";
import { isRecord, type Properties, type Value } from "../../value.ts";
import type { Finding, Review, Reviewed } from "./model.ts";

const groupTypes = ["AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"];

export const allPorts: Review = {
  id: "network.all-ports-open",
  severity: "warning",
  title: "Every port is open to the world",
  about:
    "A rule of a security group lets anybody reach every port. Whatever listens there, now or after the next package is installed, is exposed to constant scans of the whole address space.",
  remedy: "Name the ports that are meant, and a range of addresses or another security group as the source.",
  resource: {
    types: groupTypes,
    look: (resource) =>
      exposures(resource, "all").map(({ at }) => ({ at, message: "This rule opens every port to the world." })),
  },
};

export const adminPort: Review = {
  id: "network.admin-port-open",
  severity: "warning",
  title: "SSH or RDP is open to the world",
  about:
    "A rule lets anybody reach port 22 (SSH) or 3389 (RDP). Both are tried with stolen and guessed passwords within minutes. Session Manager and EC2 Instance Connect need no open port.",
  remedy:
    "Give a range of addresses of your own as the source, or use AWS Systems Manager Session Manager and remove the rule.",
  resource: {
    types: groupTypes,
    look: (resource) =>
      exposures(resource, "admin").map(({ at, ports }) => ({ at, message: `This rule opens ${ports} to the world.` })),
  },
};

export const databasePort: Review = {
  id: "network.database-port-open",
  severity: "warning",
  title: "A database's port is open to the world",
  about:
    "A rule lets anybody reach the port of a database or cache. They are made for networks of friends: a fault in one of them, or a weak password, then costs the data.",
  remedy: "Give the security group of the clients as the source.",
  resource: {
    types: groupTypes,
    look: (resource) =>
      exposures(resource, "database").map(({ at, ports }) => ({
        at,
        message: `This rule opens ${ports} to the world.`,
      })),
  },
};

export const emptyRange: Review = {
  id: "network.empty-port-range",
  severity: "error",
  title: "A range of ports ends before it begins",
  about: "FromPort is greater than ToPort. EC2 refuses such a rule: it would match nothing.",
  remedy: "Exchange FromPort and ToPort, or correct them.",
  resource: { types: groupTypes, look: (resource) => rulesOf(resource).flatMap(emptyRanges) },
};

const adminPorts: ReadonlyMap<number, string> = new Map([
  [22, "SSH"],
  [3389, "RDP"],
]);

const databasePorts: ReadonlyMap<number, string> = new Map([
  [1433, "SQL Server"],
  [1521, "Oracle"],
  [3306, "MySQL"],
  [5432, "PostgreSQL"],
  [5439, "Redshift"],
  [6379, "Redis"],
  [8182, "Neptune"],
  [9042, "Cassandra"],
  [9200, "OpenSearch"],
  [11211, "Memcached"],
  [27017, "MongoDB"],
]);

interface Rule {
  rule: Properties;
  at: Pointer;
}

function rulesOf({ type, properties }: Reviewed): Rule[] {
  if (type !== "AWS::EC2::SecurityGroup") return [{ rule: properties, at: "" }];
  return ["SecurityGroupIngress", "SecurityGroupEgress"].flatMap((name) => {
    const rules = properties[name];
    if (!Array.isArray(rules)) return [];
    return rules.flatMap((rule, index) =>
      isRecord(rule) ? { rule: rule as Properties, at: pointer(name, index) } : [],
    );
  });
}

type Exposure = "all" | "admin" | "database";

/** Sources of incoming rules that are the whole world, with the ports it reaches. A rule counts once, for the worst of what it does. */
function exposures(resource: Reviewed, wanted: Exposure): { at: Pointer; ports: string }[] {
  if (resource.type === "AWS::EC2::SecurityGroupEgress") return [];
  return rulesOf(resource).flatMap(({ rule, at }) => {
    const sources = ["CidrIp", "CidrIpv6"].filter((name) => isWorld(rule[name]));
    if (sources.length === 0 || at.startsWith("/SecurityGroupEgress")) return [];
    const found = exposureOf(rule);
    if (found?.kind !== wanted) return [];
    return sources.map((name) => ({ at: at + pointer(name), ports: found.ports }));
  });
}

function isWorld(range: Value | undefined): boolean {
  return typeof range === "string" && /^(0\.0\.0\.0|::|0+(:0+){7})\/0$/.test(range);
}

function exposureOf({ IpProtocol, FromPort, ToPort }: Properties): { kind: Exposure; ports: string } | undefined {
  const protocol = String(
    typeof IpProtocol === "number" ? IpProtocol : typeof IpProtocol === "string" ? IpProtocol : "",
  );
  if (protocol === "-1") return { kind: "all", ports: "every port" };
  if (!["tcp", "6", "udp", "17"].includes(protocol.toLowerCase())) return undefined;
  if (typeof FromPort !== "number" || typeof ToPort !== "number") return undefined;
  if (FromPort <= 1 && ToPort >= 65_535) return { kind: "all", ports: "every port" };
  if (!["tcp", "6"].includes(protocol.toLowerCase())) return undefined;
  const within = (ports: ReadonlyMap<number, string>) =>
    [...ports].filter(([port]) => FromPort <= port && port <= ToPort).map(([port, name]) => `port ${port} (${name})`);
  const admin = within(adminPorts);
  if (admin.length > 0) return { kind: "admin", ports: admin.join(" and ") };
  const database = within(databasePorts);
  return database.length > 0 ? { kind: "database", ports: database.join(" and ") } : undefined;
}

/** For ICMP the two are a type and a code. */
function emptyRanges({ rule, at }: Rule): Finding[] {
  const { IpProtocol, FromPort, ToPort } = rule;
  if (!["tcp", "udp", "6", "17", 6, 17].includes(IpProtocol as string)) return [];
  if (typeof FromPort !== "number" || typeof ToPort !== "number" || FromPort <= ToPort) return [];
  return [{ at: at + pointer("FromPort"), message: `The range of ports from ${FromPort} to ${ToPort} is empty.` }];
}
