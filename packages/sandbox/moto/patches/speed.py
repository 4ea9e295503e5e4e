"""Nothing here changes what moto answers, only how soon: without it a reset, and the first call after it, take a second each."""

import copy


def apply():
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.ec2 import utils
    from moto.ec2.models import EC2Backend
    from moto.ec2.models.core import TaggedEC2Resource
    from moto.iam import models as iam
    from moto.moto_api._internal import mock_random

    build = iam.IAMBackend._init_aws_policies
    built = {}

    def init_aws_policies(self):
        """AWS's 1,600 policies are parsed once. Copies, because a policy counts what it is attached to."""
        key = (self.account_id, self.region_name)
        if key not in built:
            built[key] = build(self)
        return [copy.copy(policy) for policy in built[key]]

    def get_account_id_from(access_key):
        """Asks the backends that exist; moto's own makes one for each partition, at every first call."""
        for account_id, account in list(iam.iam_backends.items()):
            if any(access_key in backend.access_keys for backend in list(account.values())):
                return account_id
        return DEFAULT_ACCOUNT_ID

    iam.IAMBackend._init_aws_policies = init_aws_policies
    iam.get_account_id_from = get_account_id_from
    # A reset fills each backend anew and then throws it away: these two are the expensive ones.
    EC2Backend.reset = iam.IAMBackend.reset = lambda self: None

    # Of 2,600 ids a reset of EC2, drawn digit by digit otherwise.
    utils.random_resource_id = lambda size=8: f"{mock_random.getrandbits(4 * size):0{size}x}"

    def get_tags(self):
        """moto's own goes through the tags of all resources, for each resource."""
        tags = self.ec2_backend.tags.get(self.id, {}) if self.id else {}
        return [{"resource_id": self.id, "key": key, "value": value} for key, value in tags.items()]

    TaggedEC2Resource.get_tags = get_tags
