"""AWS::EC2::KeyPair."""

import base64
import hashlib


def apply():
    from moto.core.responses import ActionResult
    from moto.ec2.exceptions import EC2ClientError
    from moto.ec2.models.key_pairs import KeyPair
    from moto.ec2.responses.key_pairs import KeyPairs

    stock_init = KeyPair.__init__

    def init(self, *args, **options):
        """"For ED25519 … the fingerprint is the SHA-256 digest" as `ssh-keygen -l` shows it; moto's is of another encoding."""
        stock_init(self, *args, **options)
        if self.key_type == "ed25519":
            digest = hashlib.sha256(base64.b64decode(self.public_key.split()[1])).digest()
            self.key_fingerprint = base64.b64encode(digest).decode()

    KeyPair.__init__ = init

    stock_describe = KeyPairs.describe_key_pairs

    def describe_key_pairs(self):
        """By id too; moto's own answers that with all of them."""
        answer = stock_describe(self)
        ids = self._get_param("KeyPairIds", [])
        found = [pair for pair in answer.result["KeyPairs"] if not ids or pair.id in ids]
        unknown = set(ids) - {pair.id for pair in found}
        if unknown:
            raise EC2ClientError("InvalidKeyPair.NotFound", f"The key pair '{', '.join(sorted(unknown))}' does not exist")
        return ActionResult({"KeyPairs": found})

    stock_delete = KeyPairs.delete_key_pair

    def delete_key_pair(self):
        """By id too; moto's own answers that with success and deletes nothing."""
        wanted = self._get_param("KeyPairId")
        if not wanted:
            return stock_delete(self)
        self.error_on_dryrun()
        for pair in list(self.ec2_backend.key_pairs.values()):
            if pair.id == wanted:
                self.ec2_backend.delete_key_pair(pair.key_name)
        return ActionResult({"Return": True, "KeyPairId": wanted})

    KeyPairs.describe_key_pairs = describe_key_pairs
    KeyPairs.delete_key_pair = delete_key_pair
