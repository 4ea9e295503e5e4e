"""Resource Groups Tagging API: types that AWS lists and moto does not.

The types are those of "Services that support the Resource Groups Tagging API" in its user guide; the global ones are listed in us-east-1 only,
as GetResources documents. IAM roles and users are not among them.
"""

from moto.core.resource_tagging import TaggableResourcesMixin, TaggedResource

GLOBAL_REGION = "us-east-1"


def apply():
    from moto.resourcegroupstaggingapi import models

    stock = models.iter_taggable_backends

    def iter_taggable_backends(account_id, region_name):
        for backend in stock(account_id, region_name):
            if backend.SERVICE_NAMESPACE != "cloudfront" or region_name == GLOBAL_REGION:
                yield backend
        yield from additional_backends(account_id, region_name)

    models.iter_taggable_backends = iter_taggable_backends

    backend = models.ResourceGroupsTaggingAPIBackend
    for name in ("_get_resources_generator", "_get_tag_keys_generator", "_get_tag_values_generator"):
        setattr(backend, name, at_once(getattr(backend, name)))


def at_once(generator):
    """moto keeps a generator over live dictionaries from one page to the next: a change in between would end in an error 500."""
    return lambda self, *args, **kwargs: iter(list(generator(self, *args, **kwargs)))


def additional_backends(account_id, region_name):
    from moto.ec2.models import ec2_backends
    from moto.ecr.models import ecr_backends
    from moto.iam.models import iam_backends

    if account_id in ec2_backends:
        yield Ec2(ec2_backends[account_id][region_name])
    if account_id in ecr_backends:
        yield Ecr(ecr_backends[account_id][region_name])
    if account_id in iam_backends and region_name == GLOBAL_REGION:
        yield Iam(iam_backends[account_id]["aws"])


class Additional:
    """What iter_taggable_backends yields, for a backend of moto that does not list these resources itself."""

    def __init__(self, backend):
        self.backend = backend
        self.partition = backend.partition

    owns_arn = TaggableResourcesMixin.owns_arn


class Ec2(Additional):
    SERVICE_NAMESPACE = "ec2"

    def owns_arn(self, arn):
        return False  # moto's own backend tags by id, whatever the type

    def iter_tagged_resources(self):
        ec2 = self.backend
        rules = [
            rule
            for groups in list(ec2.groups.values())
            for group in list(groups.values())
            for rule in [*group.ingress_rules, *group.egress_rules]
        ]
        kinds = {"elastic-ip": ec2.addresses, "key-pair": ec2.key_pairs.values(), "security-group-rule": rules}
        for kind, resources in kinds.items():
            for resource in list(resources):
                arn = f"arn:{ec2.partition}:ec2:{ec2.region_name}:{ec2.account_id}:{kind}/{resource.id}"
                yield TaggedResource(arn, dict(ec2.tags.get(resource.id, {})), f"ec2:{kind}")


class Ecr(Additional):
    SERVICE_NAMESPACE = "ecr"

    def iter_tagged_resources(self):
        for repository in list(self.backend.repositories.values()):
            tags = self.backend.tagger.get_tag_dict_for_resource(repository.arn)
            yield TaggedResource(repository.arn, tags, "ecr:repository")

    def tag_resource(self, arn, tags):
        self.backend.tag_resource(arn, [{"Key": key, "Value": value} for key, value in tags.items()])

    def untag_resource(self, arn, tag_keys):
        self.backend.untag_resource(arn, tag_keys)


class Iam(Additional):
    SERVICE_NAMESPACE = "iam"

    def iter_tagged_resources(self):
        iam = self.backend
        for arn, policy in list(iam.managed_policies.items()):
            if not arn.startswith(f"arn:{iam.partition}:iam::aws:"):
                yield TaggedResource(arn, by_key(policy.tags.values()), "iam:policy")
        for profile in list(iam.instance_profiles.values()):
            yield TaggedResource(profile.arn, by_key(profile.tags), "iam:instance-profile")
        for arn, provider in list(iam.open_id_providers.items()):
            yield TaggedResource(arn, by_key(provider.tags.values()), "iam:oidc-provider")


def by_key(tags):
    return {tag["Key"]: tag["Value"] for tag in tags}
