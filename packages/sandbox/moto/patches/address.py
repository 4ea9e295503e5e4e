"""AWS::EC2::EIP and AWS::EC2::EIPAssociation."""


def apply():
    from moto.ec2.exceptions import EC2ClientError
    from moto.ec2.models import elastic_ip_addresses, elastic_network_interfaces
    from moto.ec2.responses.elastic_ip_addresses import ElasticIPAddresses
    from moto.moto_api._internal import mock_random

    def unroutable_address():
        """moto gives this machine's own addresses (127.x) and somebody's real ones (54.214.x), which a check may then really
        connect to. 198.18.0.0/15 is for tests, and routed nowhere (RFC 2544)."""
        return f"198.{mock_random.randint(18, 19)}.{mock_random.randint(0, 255)}.{mock_random.randint(1, 254)}"

    elastic_ip_addresses.random_ip = unroutable_address
    elastic_network_interfaces.random_public_ip = unroutable_address

    backend = elastic_ip_addresses.ElasticAddressBackend
    stock_associate = backend.associate_address
    stock_release = backend.release_address

    def associate_address(self, instance=None, eni=None, address=None, allocation_id=None, reassociate=False):
        """The same association again is the same; an interface has one address, and an address is left by the interface it leaves."""
        found = self.address_by_ip([address]) if address else self.address_by_allocation([allocation_id])
        interface = eni or instance.nics[0]
        if found[0].association_id and found[0].eni is interface:
            return found[0]
        previous = found[0].eni
        associated = stock_associate(self, instance, eni, address, allocation_id, reassociate)
        if previous:
            previous.public_ip = None
        for other in self.addresses:
            if other is not associated and other.eni is interface:
                other.eni = other.instance = other.association_id = None
        return associated

    def release_address(self, address=None, allocation_id=None):
        """"If you try to release an Elastic IP address that's associated …, the request fails with InvalidIPAddress.InUse"."""
        found = self.address_by_ip([address]) if address else self.address_by_allocation([allocation_id])
        if found[0].association_id:
            raise EC2ClientError("InvalidIPAddress.InUse", f"Address {found[0].public_ip} is in use.")
        stock_release(self, address, allocation_id)

    backend.associate_address = associate_address
    backend.release_address = release_address

    stock_answer = ElasticIPAddresses.associate_address

    def answer(self):
        """"Reassociation is automatic, but you can specify false" (AssociateAddress): moto's own fails unless it is told otherwise."""
        self.params.setdefault("AllowReassociation", True)
        return stock_answer(self)

    ElasticIPAddresses.associate_address = answer
