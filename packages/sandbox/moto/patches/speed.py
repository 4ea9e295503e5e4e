"""Nothing here changes what moto answers, only how soon: without it a reset, and the first call after it, take a second each, and every call twice as long."""

import functools


def apply():
    speed_dispatch()
    speed_iam()


def speed_dispatch():
    from moto.core import responses
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication

    # For every request moto would list a folder on disk, and look through the 1,500 members of a class.
    dispatcher = DomainDispatcherApplication
    dispatcher.get_backend_for_host = functools.lru_cache(maxsize=1000)(dispatcher.get_backend_for_host)
    responses.method_names_from_class = functools.cache(responses.method_names_from_class)


def speed_iam():
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.iam import models as iam

    build = iam.IAMBackend._init_aws_policies
    built = {}

    def init_aws_policies(self):
        """AWS's 1,600 policies are parsed once, for all accounts: they are AWS's own. Copies, because a policy counts what it is attached to."""
        if self.region_name not in built:
            built[self.region_name] = build(self)
        return [copied(policy) for policy in built[self.region_name]]

    # moto puts the ARNs of all policies together at every call that names one, and makes sets of them at every call for an account's details.
    policy = iam.AWSManagedPolicy
    policy.arn = functools.cached_property(policy.arn.fget)
    policy.arn.__set_name__(policy, "arn")
    policy.__eq__, policy.__hash__ = object.__eq__, object.__hash__

    found = {}

    def get_account_id_from(access_key):
        """Asks the backends that exist, first the one of the last time; moto's own makes one for each partition, at every first call."""
        if not has_key(found.get(access_key), access_key):
            accounts = (account_id for account_id in list(iam.iam_backends) if has_key(account_id, access_key))
            found[access_key] = next(accounts, DEFAULT_ACCOUNT_ID)
        return found[access_key]

    def has_key(account_id, access_key):
        account = iam.iam_backends[account_id] if account_id in iam.iam_backends else {}
        return any(access_key in backend.access_keys for backend in list(account.values()))

    iam.IAMBackend._init_aws_policies = init_aws_policies
    iam.get_account_id_from = get_account_id_from
    iam.IAMBackend.reset = thrown_away


def copied(resource, **changes):
    """A copy that moto does not count among the instances of its class: it would keep it for ever."""
    copy = object.__new__(type(resource))
    copy.__dict__.update(resource.__dict__, **changes)
    return copy


def thrown_away(backend):
    """moto's reset fills each backend anew and then throws it away: with IAM's and EC2's that takes long."""
