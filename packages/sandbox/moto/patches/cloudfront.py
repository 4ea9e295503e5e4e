"""AWS::CloudFront::Distribution.

moto rebuilds the configuration from the members it knows. Here it is what was sent, with the defaults filled in that AWS's own answers show,
so that nothing sent is lost.
"""

import copy

NONE = {"Quantity": 0}

# A set comes back in AWS's order, not in that of the request.
METHODS = ["HEAD", "DELETE", "POST", "GET", "OPTIONS", "PUT", "PATCH"]

CONFIG = {
    "Aliases": NONE,
    "DefaultRootObject": "",
    "OriginGroups": NONE,
    "CacheBehaviors": NONE,
    "CustomErrorResponses": NONE,
    "Logging": {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""},
    "PriceClass": "PriceClass_All",
    "ViewerCertificate": {},
    "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
    "WebACLId": "",
    "HttpVersion": "http2",
    "IsIPV6Enabled": True,
    "ContinuousDeploymentPolicyId": "",
    "Staging": False,
}
DEFAULT_CERTIFICATE = {
    "CloudFrontDefaultCertificate": True,
    "SSLSupportMethod": "vip",
    "MinimumProtocolVersion": "TLSv1",
    "CertificateSource": "cloudfront",
}
ORIGIN = {
    "OriginPath": "",
    "CustomHeaders": NONE,
    "ConnectionAttempts": 3,
    "ConnectionTimeout": 10,
    "OriginShield": {"Enabled": False},
    "OriginAccessControlId": "",
}
CUSTOM_ORIGIN = {"OriginReadTimeout": 30, "OriginKeepaliveTimeout": 5, "OriginSslProtocols": NONE}
BEHAVIOR = {
    "TrustedSigners": {"Enabled": False, "Quantity": 0},
    "TrustedKeyGroups": {"Enabled": False, "Quantity": 0},
    "AllowedMethods": {"Quantity": 2, "Items": ["HEAD", "GET"]},
    "SmoothStreaming": False,
    "Compress": False,
    "LambdaFunctionAssociations": NONE,
    "FunctionAssociations": NONE,
    "FieldLevelEncryptionId": "",
    "GrpcConfig": {"Enabled": False},
}
CACHED_METHODS = {"Quantity": 2, "Items": ["HEAD", "GET"]}
# Only without a cache policy, which decides all of these.
CACHE_SETTINGS = {"MinTTL": 0, "DefaultTTL": 86400, "MaxTTL": 31536000}
FORWARDED_VALUES = {"QueryString": False, "Cookies": {"Forward": "none"}, "Headers": NONE, "QueryStringCacheKeys": NONE}


def apply():
    from moto.cloudfront import exceptions, models
    from moto.cloudfront.responses import CloudFrontResponse
    from moto.core.responses import ActionResult
    from moto.core.utils import utcnow

    class Config(dict):
        """What was sent, completed; moto's backend asks for `caller_reference`."""

        def __init__(self, sent):
            check_quantities(sent)
            super().__init__(completed(sent))
            origins = [origin["Id"] for origin in self["Origins"].get("Items", [])]
            origins += [group["Id"] for group in self["OriginGroups"].get("Items", [])]
            for behavior in [self["DefaultCacheBehavior"], *self["CacheBehaviors"].get("Items", [])]:
                if behavior["TargetOriginId"] not in origins:
                    raise exceptions.OriginDoesNotExist
            self.caller_reference = self["CallerReference"]

    def completed(sent):
        config = with_defaults(CONFIG, sent)
        config["Origins"]["Items"] = [complete_origin(origin) for origin in config["Origins"].get("Items", [])]
        config["DefaultCacheBehavior"] = complete_behavior(config["DefaultCacheBehavior"])
        if config["CacheBehaviors"].get("Items"):
            config["CacheBehaviors"]["Items"] = [complete_behavior(behavior) for behavior in config["CacheBehaviors"]["Items"]]
        config["ViewerCertificate"] = complete_certificate(config["ViewerCertificate"])
        return without_empty_items(config)

    def complete_origin(sent):
        origin = with_defaults(ORIGIN, sent)
        if "CustomOriginConfig" in origin:
            origin["CustomOriginConfig"] = with_defaults(CUSTOM_ORIGIN, origin["CustomOriginConfig"])
        elif "S3OriginConfig" in origin and not origin["DomainName"].endswith("amazonaws.com"):
            raise exceptions.DomainNameNotAnS3Bucket
        return origin

    def complete_behavior(sent):
        behavior = with_defaults(BEHAVIOR, sent)
        allowed = behavior["AllowedMethods"]
        cached = allowed.setdefault("CachedMethods", copy.deepcopy(CACHED_METHODS))
        for methods in (allowed, cached):
            methods["Items"] = sorted(methods["Items"], key=METHODS.index)
        if behavior.get("CachePolicyId"):
            if behavior.get("ForwardedValues") is not None:
                message = "The parameter ForwardedValues cannot be used when a cache policy is associated to the cache behavior."
                raise exceptions.CloudFrontException("InvalidArgument", message)
            return behavior
        if behavior.get("ForwardedValues") is None:
            raise exceptions.CloudFrontException("InvalidArgument", "The parameter ForwardedValues is required.")
        behavior["ForwardedValues"] = with_defaults(FORWARDED_VALUES, behavior["ForwardedValues"])
        return with_defaults(CACHE_SETTINGS, behavior)

    def complete_certificate(sent):
        if sent.get("ACMCertificateArn"):
            legacy = {"Certificate": sent["ACMCertificateArn"], "CertificateSource": "acm"}
        elif sent.get("IAMCertificateId"):
            legacy = {"Certificate": sent["IAMCertificateId"], "CertificateSource": "iam"}
        else:
            return dict(DEFAULT_CERTIFICATE)
        return {"CloudFrontDefaultCertificate": False, "MinimumProtocolVersion": "TLSv1", **sent, **legacy}

    def check_quantities(sent):
        if isinstance(sent, list):
            for element in sent:
                check_quantities(element)
        if not isinstance(sent, dict):
            return
        if "Quantity" in sent and int(sent["Quantity"]) != len(sent.get("Items") or []):
            message = "The value of Quantity and the size of Items do not match."
            raise exceptions.CloudFrontException("InconsistentQuantities", message)
        for value in sent.values():
            check_quantities(value)

    models.DistributionConfig = Config
    models.DISTRIBUTION_CONFIG_FIELDS = []

    stock_init = models.Distribution.__init__

    def init(self, account_id, region_name, config):
        stock_init(self, account_id, region_name, config)
        self.last_modified_time = utcnow()

    def config_value(self, name):
        try:
            return self.__dict__["distribution_config"][name]
        except KeyError:
            raise AttributeError(name) from None

    models.Distribution.__init__ = init
    models.Distribution.__getattr__ = config_value

    def current(backend, distribution_id, if_match):
        distribution = backend.distributions.get(distribution_id)
        if distribution is None:
            raise exceptions.NoSuchDistribution
        if not if_match:
            raise exceptions.InvalidIfMatchVersion
        if if_match != distribution.etag:
            message = "The request failed because it didn't meet the preconditions in one or more request-header fields."
            raise exceptions.CloudFrontException("PreconditionFailed", message)
        return distribution

    def update_distribution(self, dist_config, _id, if_match):
        """Every update gives a new ETag, and the distribution is deployed anew."""
        distribution = current(self, _id, if_match)
        config = Config(dist_config)
        if config.caller_reference != distribution.distribution_config.caller_reference:
            raise exceptions.CloudFrontException("IllegalUpdate", "The caller reference cannot be changed.")
        distribution.distribution_config = config
        distribution.etag = models.random_id()
        distribution.last_modified_time = utcnow()
        distribution.status = "InProgress"
        distribution._tick = 0
        return distribution, distribution.location, distribution.etag

    def delete_distribution(self, distribution_id, if_match):
        """Only what is disabled, and has been deployed so."""
        distribution = current(self, distribution_id, if_match)
        if distribution.distribution_config["Enabled"] or distribution.status != "Deployed":
            message = "The distribution you are trying to delete has not been disabled."
            raise exceptions.CloudFrontException("DistributionNotDisabled", message)
        del self.distributions[distribution_id]
        self.tagger.delete_all_tags_for_resource(distribution.arn)

    models.CloudFrontBackend.update_distribution = update_distribution
    models.CloudFrontBackend.delete_distribution = delete_distribution

    stock_list = CloudFrontResponse.list_distributions

    def list_distributions(self):
        """A summary spells the HTTP version in capitals, GetDistribution does not."""
        answer = stock_list(self)
        summaries = answer.result["DistributionList"]
        summaries["Items"] = [summary(distribution) for distribution in summaries["Items"] or []] or None
        return ActionResult(answer.result)

    def summary(distribution):
        names = {"Id": "id", "ARN": "arn", "ETag": "etag", "Status": "status", "DomainName": "domain_name"}
        own = {name: getattr(distribution, attribute) for name, attribute in names.items()}
        config = distribution.distribution_config
        modified = {"LastModifiedTime": distribution.last_modified_time}
        return {**config, **own, **modified, "HttpVersion": config["HttpVersion"].upper()}

    CloudFrontResponse.list_distributions = list_distributions


def with_defaults(defaults, sent):
    """Absent members are added, in structures that were sent in part as well."""
    completed = copy.deepcopy(defaults)
    for name, value in sent.items():
        default = completed.get(name)
        partial = isinstance(default, dict) and isinstance(value, dict) and "Quantity" not in default
        completed[name] = with_defaults(default, value) if partial else copy.deepcopy(value)
    return completed


def without_empty_items(value):
    """Of an empty list AWS returns the quantity alone."""
    if isinstance(value, list):
        return [without_empty_items(element) for element in value]
    if not isinstance(value, dict):
        return value
    kept = {name: without_empty_items(member) for name, member in value.items() if member is not None}
    if kept.get("Items") == [] or kept.get("Quantity") == 0:
        kept.pop("Items", None)
    return kept
