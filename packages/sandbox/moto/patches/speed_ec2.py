"""As in speed.py, for EC2."""

from .speed import thrown_away


def apply():
    from moto.ec2 import utils
    from moto.ec2.models import EC2Backend
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
