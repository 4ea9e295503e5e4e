"""What moto does differently from AWS where it matters to a resource type. The table in the package's README gives each patch's reason.

A service's patches are a module of that name with `apply()`; a service that reads or links another's data loads that one's patches first.
"""

import importlib
import threading

EC2 = ["speed_ec2", "images", "security_group", "instance", "address", "key_pair"]
NEEDS = {
    "ec2": EC2,
    "resourcegroupstaggingapi": [*EC2, "tagging"],
    "iam": ["iam"],
    "cloudfront": ["cloudfront"],
    "ecr": ["ecr"],
    "ssm": ["ssm"],
    "sts": [],
}

# Whatever the service, moto asks IAM who calls.
ALWAYS = ["speed", "access"]
NEVER = ["moto_api"]

_applied = set()
_lock = threading.RLock()


def apply(service):
    if service in NEVER:
        return
    with _lock:
        for name in [*ALWAYS, *NEEDS.get(service, [])]:
            if name not in _applied:
                importlib.import_module(f"{__name__}.{name}").apply()
                _applied.add(name)
