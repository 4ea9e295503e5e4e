"""AWS::EC2::Instance."""

import base64
import json

# Attributes that "you can modify only while the instance is stopped" (ModifyInstanceAttribute), by their API names.
STOPPED_ONLY = ["InstanceType", "Kernel", "Ramdisk", "UserData", "EbsOptimized"]
ATTRIBUTES = [
    *STOPPED_ONLY,
    "BlockDeviceMappings",
    "DisableApiStop",
    "DisableApiTermination",
    "Groups",
    "InstanceInitiatedShutdownBehavior",
    "SourceDestCheck",
]
PRIMARY_INTERFACE = "Primary network interface"


def apply():
    patch_launch()
    patch_states()
    patch_attributes()
    patch_interfaces()
    patch_settings()


def patch_launch():
    from moto.core.responses import ActionResult
    from moto.ec2 import exceptions, utils
    from moto.ec2.models.instances import Instance
    from moto.ec2.responses.instances import InstanceResponse

    utils.filter_dict_attribute_mapping["client-token"] = "client_token"

    stock_run = InstanceResponse.run_instances

    def run_instances(self):
        """"RunInstances is idempotent with a client token": the same request again answers with the instances of the first."""
        token = self._get_param("ClientToken")
        launched = self.ec2_backend.__dict__.setdefault("launched_by_token", {})
        request = json.dumps(self._get_params(), sort_keys=True, default=str)
        if token not in launched:
            answer = launch(self)
            if token:
                launched[token] = (request, answer.result)
            return answer
        first, reservation = launched[token]
        if first != request:
            message = "The request uses the same client token as a previous, but non-identical request."
            raise exceptions.EC2ClientError("IdempotentParameterMismatch", message)
        return ActionResult(reservation)

    def launch(self):
        answer = stock_run(self)
        for instance in answer.result.instances:
            instance.client_token = self._get_param("ClientToken")
            instance.disable_api_termination = bool(self._get_param("DisableApiTermination"))
            instance.cpu_credits = self._get_param("CreditSpecification.CpuCredits")
        return answer

    InstanceResponse.run_instances = run_instances

    stock_mapping = InstanceResponse._parse_block_device_mapping

    def parse_block_device_mapping(self):
        """What a mapping leaves out is the image's; moto wants a size, keeps neither Iops nor Throughput, and lets the root volume live on."""
        root = root_device(self.ec2_backend, self._get_param("ImageId"))
        sent = self._get_param("BlockDeviceMappings", [])
        for mapping in sent:
            if mapping.get("DeviceName") == root and "Ebs" in mapping:
                mapping["Ebs"].setdefault("VolumeSize", 8)
                mapping["Ebs"].setdefault("DeleteOnTermination", True)
        if sent and all(mapping.get("DeviceName") != root for mapping in sent):
            sent.append({"DeviceName": root, "Ebs": {"VolumeSize": 8, "DeleteOnTermination": True}})
        self.ec2_backend.launching = {mapping.get("DeviceName"): mapping.get("Ebs", {}) for mapping in sent}
        return stock_mapping(self)

    InstanceResponse._parse_block_device_mapping = parse_block_device_mapping

    def add_block_device(self, size, device_path, snapshot_id, encrypted, delete_on_termination, kms_key_id, volume_type):
        sent = getattr(self.ec2_backend, "launching", {}).get(device_path, {})
        throughput = sent.get("Throughput") or (125 if volume_type == "gp3" else None)
        volume = self.ec2_backend.create_volume(
            size=size,
            zone_name=self._placement.zone,
            snapshot_id=snapshot_id,
            encrypted=encrypted,
            kms_key_id=kms_key_id,
            volume_type=volume_type,
            iops=sent.get("Iops"),
            throughput=throughput,
        )
        self.ec2_backend.attach_volume(volume.id, self.id, device_path, delete_on_termination)

    Instance.add_block_device = add_block_device

    stock_init = Instance.__init__

    def init(self, ec2_backend, image_id, user_data, security_groups, **options):
        """"If you don't specify a security group ID, we use the default security group for the network"."""
        if not security_groups and not options.get("nics"):
            subnet = options.get("subnet_id")
            vpc = ec2_backend.get_subnet(subnet).vpc_id if subnet else ec2_backend.get_default_vpc().id
            security_groups = [ec2_backend.get_default_security_group(vpc)]
        stock_init(self, ec2_backend, image_id, user_data, security_groups, **options)

    Instance.__init__ = init


def root_device(backend, image_id):
    image = backend.amis.get(image_id)
    return image.root_device_name if image else "/dev/sda1"


def patch_states():
    from moto.ec2.models.instances import Instance

    def unless_terminated(name):
        stock = getattr(Instance, name)

        def change(self):
            if self.state == "terminated":
                raise incorrect_state(f"The instance '{self.id}' is not in a state from which it can be started or stopped.")
            return stock(self)

        setattr(Instance, name, change)

    unless_terminated("start")
    unless_terminated("stop")

    stock_terminate = Instance.terminate

    def terminate(self):
        """Once; and what the instance alone had goes with it: its interface, and the association of its address."""
        if self.state == "terminated":
            return self._state
        for address in self.ec2_backend.addresses:
            if address.instance is self:
                self.ec2_backend.disassociate_address(association_id=address.association_id)
        for interface in self.nics.values():
            if interface.description == PRIMARY_INTERFACE:
                interface.delete_on_termination = True
        return stock_terminate(self)

    Instance.terminate = terminate


def incorrect_state(message):
    from moto.ec2.exceptions import EC2ClientError

    return EC2ClientError("IncorrectInstanceState", message)


def patch_attributes():
    from moto.core.responses import EmptyResult
    from moto.core.types import Base64EncodedString
    from moto.ec2 import exceptions
    from moto.ec2.responses.instances import InstanceResponse

    stock_modify = InstanceResponse.modify_instance_attribute

    def modify_instance_attribute(self):
        """One attribute a call. moto's own takes an attribute it does not know for an order to remove all security groups."""
        self.error_on_dryrun()
        instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
        named = self._get_param("Attribute")
        sent = [name for name in ATTRIBUTES if self._get_param(name) is not None]
        sent += [named[0].upper() + named[1:]] if named else []
        if len(sent) != 1:
            problem = "Fields for multiple attribute types specified" if sent else "No attributes specified."
            raise exceptions.InvalidParameterCombination(problem)
        if sent[0] in STOPPED_ONLY and instance.state != "stopped":
            raise incorrect_state(f"The instance '{instance.id}' is not in the 'stopped' state.")
        if sent[0] == "Groups":
            set_groups(self.ec2_backend, instance, self._get_param("Groups"))
        elif sent[0] == "UserData" and not named:
            # Clients encode it once, as its API type says; moto wants it encoded twice.
            encoded = base64.b64encode(self._get_param("UserData.Value") or b"")
            instance.user_data = Base64EncodedString.from_encoded_bytes(encoded)
        elif sent[0] == "InstanceInitiatedShutdownBehavior" and not named:
            instance.instance_initiated_shutdown_behavior = self._get_param("InstanceInitiatedShutdownBehavior.Value")
        else:
            stock_modify(self)
            # It is one and the same as the interface's.
            instance.nics[0].source_dest_check = instance.source_dest_check
        return EmptyResult()

    def set_groups(backend, instance, group_ids):
        groups = [backend.get_security_group_from_id(group_id) for group_id in group_ids]
        for group_id, group in zip(group_ids, groups):
            if group is None:
                raise exceptions.InvalidSecurityGroupNotFoundError(group_id)
        instance.security_groups = groups
        instance.nics[0]._group_set = list(groups)

    InstanceResponse.modify_instance_attribute = modify_instance_attribute


def patch_interfaces():
    from moto.ec2.models import EC2Backend
    from moto.ec2.models.elastic_network_interfaces import NetworkInterface

    # moto shows those of the instance as well, which the interface may no longer have.
    NetworkInterface.group_set = property(lambda self: self._group_set)

    stock_modify = EC2Backend.modify_network_interface_attribute

    def modify_network_interface_attribute(self, eni_id, group_ids, source_dest_check=None, description=None):
        """The groups and the check of an instance are those of its primary interface."""
        stock_modify(self, eni_id, group_ids, source_dest_check, description)
        interface = self.get_network_interface(eni_id)
        instance = interface.instance
        if instance and instance.nics.get(0) is interface:
            instance.security_groups = list(interface._group_set)
            instance.source_dest_check = interface.source_dest_check

    EC2Backend.modify_network_interface_attribute = modify_network_interface_attribute

    stock_replace = EC2Backend.replace_iam_instance_profile_association

    def replace_iam_instance_profile_association(self, association_id, iam_instance_profile_name=None, iam_instance_profile_arn=None):
        """The instance shows its new profile."""
        association = stock_replace(self, association_id, iam_instance_profile_name, iam_instance_profile_arn)
        profile = {"Arn": association.iam_instance_profile.arn, "Id": association.association_id}
        self.modify_instance_attribute(association.instance.id, "iam_instance_profile", profile)
        return association

    EC2Backend.replace_iam_instance_profile_association = replace_iam_instance_profile_association


def patch_settings():
    from moto.core.responses import ActionResult
    from moto.ec2.models.instances import InstanceBackend
    from moto.ec2.responses.instances import InstanceResponse
    from moto.ec2.responses.monitoring import Monitoring

    def modify_instance_metadata_options(self, instance_id, http_tokens=None, hop_limit=None, http_endpoint=None, dry_run=False, http_protocol=None, metadata_tags=None):
        """A parameter that is not sent leaves the option as it is."""
        options = self.get_instance(instance_id).metadata_options
        sent = {
            "http_tokens": http_tokens,
            "http_put_response_hop_limit": hop_limit,
            "http_endpoint": http_endpoint,
            "http_protocol_ipv6": http_protocol,
            "instance_metadata_tags": metadata_tags,
        }
        options.__dict__.update({name: value for name, value in sent.items() if value is not None})
        return options

    InstanceBackend.modify_instance_metadata_options = modify_instance_metadata_options

    def monitor(state):
        def run(self):
            self.error_on_dryrun()
            instances = self.ec2_backend.get_multi_instances_by_id(self._get_param("InstanceIds", []))
            for instance in instances:
                instance.monitoring_state = state
            answers = [{"InstanceId": instance.id, "Monitoring": {"State": state}} for instance in instances]
            return ActionResult({"InstanceMonitorings": answers})

        return run

    Monitoring.monitor_instances = monitor("enabled")
    Monitoring.unmonitor_instances = monitor("disabled")

    def describe_instance_credit_specifications(self):
        instances = self.ec2_backend.describe_instance_credit_specifications(self._get_param("InstanceIds", []))
        answers = [{"InstanceId": instance.id, "CpuCredits": cpu_credits(instance)} for instance in instances]
        return ActionResult({"InstanceCreditSpecifications": answers})

    def modify_instance_credit_specification(self):
        self.error_on_dryrun()
        sent = {each["InstanceId"]: each.get("CpuCredits") for each in self._get_param("InstanceCreditSpecifications", [])}
        for instance in self.ec2_backend.get_multi_instances_by_id(list(sent)):
            instance.cpu_credits = sent[instance.id]
        return ActionResult({"SuccessfulInstanceCreditSpecifications": [{"InstanceId": name} for name in sent]})

    InstanceResponse.describe_instance_credit_specifications = describe_instance_credit_specifications
    InstanceResponse.modify_instance_credit_specification = modify_instance_credit_specification


def cpu_credits(instance):
    """"T2: standard; T3, T3a and T4g: unlimited" unless set."""
    default = "unlimited" if instance.instance_type.split(".")[0] in ("t3", "t3a", "t4g") else "standard"
    return getattr(instance, "cpu_credits", None) or default
