"""What moto does differently from AWS where it matters to a resource type. The table in the package's README gives each patch's reason.

A service's patches are a module of that name with `apply()`; a service that reads another's data loads that one's patches first.
"""

import importlib
import threading

NEEDS = {
    "ec2": ["ec2"],
}

_applied = set()
_lock = threading.RLock()


def apply(service):
    with _lock:
        for name in NEEDS.get(service, []):
            if name not in _applied:
                importlib.import_module(f"{__name__}.{name}").apply()
                _applied.add(name)
