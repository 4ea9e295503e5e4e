"""As in speed.py, for EC2."""

from .speed import copied, thrown_away


def apply():
    from moto.ec2 import utils
    from moto.ec2.models import EC2Backend
    from moto.ec2.models.amis import AmiBackend
    from moto.ec2.models.core import TaggedEC2Resource
    from moto.moto_api._internal import mock_random

    # Of 2,600 ids a reset of EC2, drawn digit by digit otherwise.
    utils.random_resource_id = lambda size=8: f"{mock_random.getrandbits(4 * size):0{size}x}"

    def get_tags(self):
        """moto's own goes through the tags of all resources, for each resource."""
        tags = self.ec2_backend.tags.get(self.id, {}) if self.id else {}
        return [{"resource_id": self.id, "key": key, "value": value} for key, value in tags.items()]

    TaggedEC2Resource.get_tags = get_tags
    EC2Backend.reset = thrown_away

    load_amis = AmiBackend._load_amis
    loaded = {}

    def load_amis_once(self):
        """Amazon's 1,300 images are made once for a region, for all accounts. Copies, because an account may change what it sees of them."""
        if self.region_name not in loaded:
            load_amis(self)
            loaded[self.region_name] = (dict(self.amis), dict(self.tags))
        images, tags = loaded[self.region_name]
        self.amis = {}
        self.snapshots = {}
        for image in images.values():
            snapshot = copied(image.ebs_snapshot, ec2_backend=self)
            snapshot.create_volume_permission_groups = set(snapshot.create_volume_permission_groups)
            snapshot.create_volume_permission_userids = set(snapshot.create_volume_permission_userids)
            self.snapshots[snapshot.id] = snapshot
            permissions = list(image.launch_permissions)
            self.amis[image.id] = copied(image, ec2_backend=self, ebs_snapshot=snapshot, launch_permissions=permissions)
        self.tags.update({resource: dict(each) for resource, each in tags.items()})

    AmiBackend._load_amis = load_amis_once

    list_tagged = EC2Backend.iter_tagged_resources

    def iter_tagged_resources(self):
        """What has no tags is in no answer: moto's own makes an entry of each of Amazon's images and snapshots before it leaves them out."""
        return list_tagged(WithTags(self))

    EC2Backend.iter_tagged_resources = iter_tagged_resources


class WithTags:
    """A backend with only those images and snapshots that have tags."""

    def __init__(self, backend):
        self.backend = backend
        self.amis, self.snapshots = (
            {name: resources[name] for name in list(backend.tags) if name in resources} for resources in (backend.amis, backend.snapshots)
        )

    def __getattr__(self, name):
        return getattr(self.backend, name)
