// Types that AWS still describes and no longer wants to see used: the specification itself does not say so. Only what AWS has announced; a date where the service is shut
// down. By type, or by namespace where it goes for all of its types.

const classic = { reason: "EC2-Classic is gone.", instead: "Use AWS::EC2::SecurityGroup." };

export const retired = {
  "AWS::AppMesh": {
    reason: "AWS App Mesh was shut down in September 2026.",
    instead: "Use Amazon ECS Service Connect or Amazon VPC Lattice.",
  },
  "AWS::AutoScaling::LaunchConfiguration": {
    reason: "New accounts have no launch configurations, and they know no newer instance types.",
    instead: "Use AWS::EC2::LaunchTemplate.",
  },
  "AWS::CodeStar": { reason: "AWS CodeStar was shut down in July 2024." },
  "AWS::ElastiCache::SecurityGroup": classic,
  "AWS::ElastiCache::SecurityGroupIngress": classic,
  "AWS::Elasticsearch": {
    reason: "The service is called OpenSearch Service now.",
    instead: "Use AWS::OpenSearchService::Domain.",
  },
  "AWS::Evidently": {
    reason: "Amazon CloudWatch Evidently was shut down in October 2025.",
    instead: "Use AWS AppConfig.",
  },
  "AWS::Greengrass": {
    reason: "AWS IoT Greengrass Version 1 was shut down in October 2026.",
    instead: "Use AWS::GreengrassV2.",
  },
  "AWS::Inspector": { reason: "Amazon Inspector Classic was shut down in May 2026.", instead: "Use AWS::InspectorV2." },
  "AWS::IoTAnalytics": { reason: "AWS IoT Analytics was shut down in December 2025." },
  "AWS::IoTEvents": { reason: "AWS IoT Events was shut down in May 2026." },
  "AWS::KinesisAnalytics": {
    reason: "Amazon Kinesis Data Analytics for SQL was shut down in January 2026.",
    instead: "Use AWS::KinesisAnalyticsV2::Application.",
  },
  "AWS::LookoutMetrics": { reason: "Amazon Lookout for Metrics was shut down in October 2025." },
  "AWS::LookoutVision": { reason: "Amazon Lookout for Vision was shut down in October 2025." },
  "AWS::OpsWorks": { reason: "AWS OpsWorks Stacks was shut down in May 2024." },
  "AWS::OpsWorksCM": { reason: "AWS OpsWorks for Chef Automate and for Puppet Enterprise was shut down in 2024." },
  "AWS::Panorama": { reason: "AWS Panorama was shut down in May 2026." },
  "AWS::QLDB": { reason: "Amazon QLDB was shut down in July 2025." },
  "AWS::RDS::DBSecurityGroup": classic,
  "AWS::RDS::DBSecurityGroupIngress": classic,
  "AWS::Redshift::ClusterSecurityGroup": classic,
  "AWS::Redshift::ClusterSecurityGroupIngress": classic,
  "AWS::RoboMaker": { reason: "AWS RoboMaker was shut down in September 2025." },
  "AWS::WAF": { reason: "AWS WAF Classic was shut down in September 2025.", instead: "Use AWS::WAFv2." },
  "AWS::WAFRegional": { reason: "AWS WAF Classic was shut down in September 2025.", instead: "Use AWS::WAFv2." },
};
