"""Nothing here changes what moto answers, only how soon: without it a reset, and the first call after it, take a second each."""

import copy


def apply():
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.iam import models as iam

    build = iam.IAMBackend._init_aws_policies
    built = {}

    def init_aws_policies(self):
        """AWS's 1,600 policies are parsed once, for all accounts: they are AWS's own. Copies, because a policy counts what it is attached to."""
        if self.region_name not in built:
            built[self.region_name] = build(self)
        return [copy.copy(policy) for policy in built[self.region_name]]

    def get_account_id_from(access_key):
        """Asks the backends that exist; moto's own makes one for each partition, at every first call."""
        for account_id, account in list(iam.iam_backends.items()):
            if any(access_key in backend.access_keys for backend in list(account.values())):
                return account_id
        return DEFAULT_ACCOUNT_ID

    iam.IAMBackend._init_aws_policies = init_aws_policies
    iam.get_account_id_from = get_account_id_from
    iam.IAMBackend.reset = thrown_away


def thrown_away(backend):
    """moto's reset fills each backend anew and then throws it away: with IAM's and EC2's that takes long."""
