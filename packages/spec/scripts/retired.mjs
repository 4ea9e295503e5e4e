// Types that AWS still describes and no longer wants to see used: the specification itself does not say so. Only what AWS has announced; a date where the service is shut
// down. By type, or by namespace where it goes for all of its types.

const classic = "EC2-Classic is gone; use AWS::EC2::SecurityGroup.";

export const retired = {
  "AWS::AppMesh": "AWS App Mesh was shut down in September 2026; use Amazon ECS Service Connect or Amazon VPC Lattice.",
  "AWS::AutoScaling::LaunchConfiguration":
    "New accounts have no launch configurations, and they know no newer instance types; use AWS::EC2::LaunchTemplate.",
  "AWS::CodeStar": "AWS CodeStar was shut down in July 2024.",
  "AWS::ElastiCache::SecurityGroup": classic,
  "AWS::ElastiCache::SecurityGroupIngress": classic,
  "AWS::Elasticsearch": "The service is called OpenSearch Service now; use AWS::OpenSearchService::Domain.",
  "AWS::Evidently": "Amazon CloudWatch Evidently was shut down in October 2025; use AWS AppConfig.",
  "AWS::Greengrass": "AWS IoT Greengrass Version 1 was shut down in October 2026; use AWS::GreengrassV2.",
  "AWS::Inspector": "Amazon Inspector Classic was shut down in May 2026; use AWS::InspectorV2.",
  "AWS::IoTAnalytics": "AWS IoT Analytics was shut down in December 2025.",
  "AWS::IoTEvents": "AWS IoT Events was shut down in May 2026.",
  "AWS::KinesisAnalytics":
    "Amazon Kinesis Data Analytics for SQL was shut down in January 2026; use AWS::KinesisAnalyticsV2::Application.",
  "AWS::LookoutMetrics": "Amazon Lookout for Metrics was shut down in October 2025.",
  "AWS::LookoutVision": "Amazon Lookout for Vision was shut down in October 2025.",
  "AWS::OpsWorks": "AWS OpsWorks Stacks was shut down in May 2024.",
  "AWS::OpsWorksCM": "AWS OpsWorks for Chef Automate and for Puppet Enterprise was shut down in 2024.",
  "AWS::Panorama": "AWS Panorama was shut down in May 2026.",
  "AWS::QLDB": "Amazon QLDB was shut down in July 2025.",
  "AWS::RDS::DBSecurityGroup": classic,
  "AWS::RDS::DBSecurityGroupIngress": classic,
  "AWS::Redshift::ClusterSecurityGroup": classic,
  "AWS::Redshift::ClusterSecurityGroupIngress": classic,
  "AWS::RoboMaker": "AWS RoboMaker was shut down in September 2025.",
  "AWS::WAF": "AWS WAF Classic was shut down in September 2025; use AWS::WAFv2.",
  "AWS::WAFRegional": "AWS WAF Classic was shut down in September 2025; use AWS::WAFv2.",
};
