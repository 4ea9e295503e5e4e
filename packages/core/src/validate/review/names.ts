import { pointer } from "../../pointer.ts";
import type { Finding, Review, Reviewed } from "./model.ts";

interface Name {
  property: string;
  max: number;
  min?: number;
  /** The inside of a character class. */
  characters?: string;
}

/** Names of types without a provider, whose specification does not say what AWS accepts. */
const names: Readonly<Record<string, Name>> = {
  "AWS::CodeBuild::Project": { property: "Name", max: 150, min: 2, characters: "A-Za-z0-9_-" },
  "AWS::DynamoDB::Table": { property: "TableName", max: 255, min: 3, characters: "A-Za-z0-9_.-" },
  "AWS::ECS::Cluster": { property: "ClusterName", max: 255, characters: "A-Za-z0-9_-" },
  "AWS::ECS::Service": { property: "ServiceName", max: 255, characters: "A-Za-z0-9_-" },
  "AWS::ElastiCache::CacheCluster": { property: "ClusterName", max: 50, characters: "A-Za-z0-9-" },
  "AWS::ElastiCache::ReplicationGroup": { property: "ReplicationGroupId", max: 40, characters: "A-Za-z0-9-" },
  "AWS::ElasticLoadBalancing::LoadBalancer": { property: "LoadBalancerName", max: 32, characters: "A-Za-z0-9-" },
  "AWS::ElasticLoadBalancingV2::LoadBalancer": { property: "Name", max: 32, characters: "A-Za-z0-9-" },
  "AWS::ElasticLoadBalancingV2::TargetGroup": { property: "Name", max: 32, characters: "A-Za-z0-9-" },
  "AWS::Events::Rule": { property: "Name", max: 64, characters: "A-Za-z0-9_.-" },
  "AWS::Kinesis::Stream": { property: "Name", max: 128, characters: "A-Za-z0-9_.-" },
  "AWS::KMS::Alias": { property: "AliasName", max: 256, characters: "A-Za-z0-9:/_-" },
  "AWS::Lambda::Function": { property: "FunctionName", max: 64 },
  "AWS::Logs::LogGroup": { property: "LogGroupName", max: 512, characters: "A-Za-z0-9_./#-" },
  "AWS::RDS::DBCluster": { property: "DBClusterIdentifier", max: 63, characters: "A-Za-z0-9-" },
  "AWS::RDS::DBInstance": { property: "DBInstanceIdentifier", max: 63, characters: "A-Za-z0-9-" },
  "AWS::S3::Bucket": { property: "BucketName", max: 63, min: 3, characters: "a-z0-9.-" },
  "AWS::SNS::Topic": { property: "TopicName", max: 256, characters: "A-Za-z0-9_.-" },
  "AWS::SQS::Queue": { property: "QueueName", max: 80, characters: "A-Za-z0-9_.-" },
  "AWS::StepFunctions::StateMachine": { property: "StateMachineName", max: 80 },
};

export const nameForm: Review = {
  id: "name.refused",
  severity: "error",
  title: "AWS refuses a name",
  about:
    "A name is too long or too short, or has characters that its service does not accept. What functions make of the stack's name and of parameters counts, which is where names grow too long without anybody seeing it.",
  remedy: "Change the name, or leave it out: one is generated then.",
  resource: { types: Object.keys(names), look },
};

function look({ type, properties }: Reviewed): Finding[] {
  const rule = names[type];
  const name = rule && properties[rule.property];
  if (!rule || typeof name !== "string") return [];
  const problem = problemOf(name, rule);
  return problem === undefined ? [] : [{ at: pointer(rule.property), message: `${rule.property} ${problem}` }];
}

function problemOf(name: string, { max, min = 1, characters }: Name): string | undefined {
  if (name.length > max) return `may have ${max} characters; this one has ${name.length}.`;
  if (name.length < min) return `must have at least ${min} ${min === 1 ? "character" : "characters"}.`;
  const [wrong] = characters === undefined ? [] : (new RegExp(`[^${characters}]`, "u").exec(name) ?? []);
  return wrong === undefined ? undefined : `cannot have the character "${wrong}".`;
}
