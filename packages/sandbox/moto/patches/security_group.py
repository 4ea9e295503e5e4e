"""AWS::EC2::SecurityGroup and its rules."""

import ipaddress

from . import paging

PROTOCOLS_WITH_PORTS = {"tcp", "udp", "icmp", "icmpv6"}


def apply():
    patch_rule()
    patch_group()
    patch_operations()


def patch_rule():
    from moto.ec2.exceptions import InvalidParameterValue
    from moto.ec2.models.security_groups import SecurityGroupRule

    stock = SecurityGroupRule.__init__

    def init(self, ec2_backend, ip_protocol, group_id, from_port, to_port, ip_range, source_group=None, prefix_list_id=None, **options):
        protocol = {"58": "icmpv6", "icmpv6": "icmpv6"}.get(str(ip_protocol).lower())
        # "You can only specify ports for tcp, udp, icmp and icmpv6": moto fails on other protocols without ports.
        with_ports = protocol or str(ip_protocol).lower() in {*PROTOCOLS_WITH_PORTS, "6", "17", "1"}
        if with_ports and (from_port is None or to_port is None):
            raise InvalidParameterValue("Invalid value for portRange. Must specify both from and to ports with TCP/UDP.")
        stock(
            self,
            ec2_backend,
            ip_protocol if with_ports else "-1",
            group_id,
            from_port,
            to_port,
            canonical(ip_range),
            source_group,
            prefix_list_id,
            **options,
        )
        if protocol or not with_ports:
            self.ip_protocol = protocol or ("-1" if str(ip_protocol).lower() == "all" else ip_protocol)
        self.prefix_list = dict(prefix_list_id or {})

    def source(self):
        """The one of the three that this rule has; its description is kept in it."""
        return next((part for part in (self.ip_range, self.source_group, self.prefix_list) if part), {})

    def same(self, other):
        return identity(self) == identity(other)

    SecurityGroupRule.__init__ = init
    SecurityGroupRule.__eq__ = same
    SecurityGroupRule.source = source
    SecurityGroupRule.description = property(lambda self: self.source().get("Description"))


def canonical(ip_range):
    """"If you specify 100.68.0.18/18 for the CIDR block, we create it as 100.68.0.0/18" (AuthorizeSecurityGroupIngress)."""
    masked = dict(ip_range or {})
    for name in ("CidrIp", "CidrIpv6"):
        if name in masked:
            masked[name] = str(ipaddress.ip_network(masked[name], strict=False))
    return masked


def identity(rule):
    """A rule's description is no part of it: the same rule with another description is a duplicate."""
    ports = (rule.from_port, rule.to_port)
    addresses = (rule.ip_range.get("CidrIp"), rule.ip_range.get("CidrIpv6"))
    return (rule.ip_protocol, *ports, *addresses, rule.source_group.get("GroupId"), rule.prefix_list_id)


def describe(rule, text):
    rule.source().pop("Description", None)
    if text:
        rule.source()["Description"] = text


def patch_group():
    from moto.ec2.models.security_groups import GroupedSecurityRuleView, SecurityGroup

    def flattened_rules(self, rules):
        views = {}
        for rule in rules:
            key = (rule.ip_protocol, rule.from_port, rule.to_port)
            view = views.setdefault(key, GroupedSecurityRuleView(rule.from_port, rule.to_port, rule.ip_protocol))
            if rule.ip_range:
                view.all_ip_ranges.append(rule.ip_range)
            if rule.source_group:
                view.source_groups.append(rule.source_group)
            if rule.prefix_list:
                view.prefix_list_ids.append(rule.prefix_list)
        return list(views.values())

    SecurityGroup._flattened_rules = flattened_rules


def patch_operations():
    from moto.core.responses import ActionResult
    from moto.ec2 import exceptions
    from moto.ec2.models.security_groups import SecurityGroupRule
    from moto.ec2.responses.security_groups import SecurityGroups

    def group_of(self):
        name_or_id = self._get_param("GroupId") or self._get_param("GroupName")
        group = self.ec2_backend.get_security_group_by_name_or_id(name_or_id)
        if group is None:
            raise exceptions.InvalidSecurityGroupNotFoundError(name_or_id)
        return group

    def rules_of_request(self, group, egress):
        for sent in self._process_rules_from_querystring():
            yield from self.ec2_backend._iterate_security_rules(
                sent["ip_protocol"],
                group.id,
                sent["from_port"],
                sent["to_port"],
                sent["ip_ranges"],
                self.ec2_backend._add_source_group(sent["source_groups"], None),
                sent["prefix_list_ids"],
                is_egress=egress,
            )

    def by_id(rules, rule_id):
        found = next((rule for rule in rules if rule.id == rule_id), None)
        if found is None:
            raise exceptions.InvalidSecurityGroupRuleIdNotFoundError(rule_id)
        return found

    def by_content(rules, wanted):
        found = next((rule for rule in rules if rule == wanted), None)
        if found is None:
            raise exceptions.InvalidPermissionNotFoundError()
        return found

    def authorize(direction):
        """All permissions or none, and every rule made is returned."""

        def run(self):
            self.error_on_dryrun()
            group = group_of(self)
            before = list(getattr(group, f"{direction}_rules"))
            added = []
            try:
                for sent in self._process_rules_from_querystring():
                    rules, _ = getattr(self.ec2_backend, f"authorize_security_group_{direction}")(**sent)
                    added += rules
            except Exception:
                setattr(group, f"{direction}_rules", before)
                raise
            return ActionResult({"Return": True, "SecurityGroupRules": added})

        return run

    def revoke(direction):
        """All or none; moto's own ignores IPv6 rules of a network without IPv6 and still reports success."""

        def run(self):
            self.error_on_dryrun()
            group = group_of(self)
            rules = list(getattr(group, f"{direction}_rules"))
            ids = self._get_param("SecurityGroupRuleIds", [])
            for rule_id in ids:
                rules.remove(by_id(rules, rule_id))
            for wanted in [] if ids else rules_of_request(self, group, direction == "egress"):
                rules.remove(by_content(rules, wanted))
            setattr(group, f"{direction}_rules", rules)
            return ActionResult({"Return": True})

        return run

    def update_descriptions(direction):
        """By rule id as well as by content. "You can remove a description by omitting the description parameter"."""

        def run(self):
            self.error_on_dryrun()
            group = group_of(self)
            rules = getattr(group, f"{direction}_rules")
            descriptions = self._get_param("SecurityGroupRuleDescriptions", [])
            changes = [(by_id(rules, sent["SecurityGroupRuleId"]), sent.get("Description")) for sent in descriptions]
            for sent in [] if descriptions else rules_of_request(self, group, direction == "egress"):
                changes.append((by_content(rules, sent), sent.description))
            for rule, text in changes:
                describe(rule, text)
            return ActionResult({"Return": True})

        return run

    def modify(self):
        """Every kind of source; moto's own changes IPv4 ranges only."""
        self.error_on_dryrun()
        group = group_of(self)
        changes = []
        for sent in self._get_param("SecurityGroupRules", []):
            rules = group.ingress_rules + group.egress_rules
            rule = by_id(rules, sent["SecurityGroupRuleId"])
            changes.append((rule, changed(self.ec2_backend, group, rule, sent.get("SecurityGroupRule", {}))))
        for rule, new in changes:
            siblings = group.egress_rules if rule.is_egress else group.ingress_rules
            if any(other == new and other is not rule for other in siblings):
                raise exceptions.InvalidPermissionDuplicateError()
        for rule, new in changes:
            text = new.description or rule.description
            for name in ("ip_protocol", "from_port", "to_port", "ip_range", "source_group", "prefix_list", "prefix_list_id"):
                setattr(rule, name, getattr(new, name))
            describe(rule, text)
        return ActionResult({"Return": True})

    def changed(backend, group, rule, sent):
        sources = [name for name in ("CidrIpv4", "CidrIpv6", "PrefixListId", "ReferencedGroupId") if sent.get(name)]
        if len(sources) > 1:
            message = "Only one of cidrIp, cidrIpv6, prefixListId, or referencedGroupId can be specified"
            raise exceptions.InvalidParameterCombination(message)
        if not sources:
            message = "The request must contain exactly one of: cidrIp, cidrIpv6, prefixListId, or referencedGroupId"
            raise exceptions.MissingParameter(message)
        if sent.get("IpProtocol") is None:
            message = "Invalid value 'null' for protocol. VPC security group rules must specify protocols explicitly."
            raise exceptions.InvalidParameterValue(message)
        description = {"Description": sent["Description"]} if sent.get("Description") else {}
        value = sent[sources[0]]
        ip_range = {
            "CidrIpv4": {"CidrIp": value, **description},
            "CidrIpv6": {"CidrIpv6": value, **description},
        }.get(sources[0])
        pairs = [{"GroupId": value, **description}] if sources[0] == "ReferencedGroupId" else []
        pairs = backend._add_source_group(pairs, None)
        prefix_list = {"PrefixListId": value, **description} if sources[0] == "PrefixListId" else None
        new = SecurityGroupRule(
            backend,
            sent["IpProtocol"],
            group.id,
            sent.get("FromPort"),
            sent.get("ToPort"),
            ip_range,
            pairs[0] if pairs else None,
            prefix_list,
            is_egress=rule.is_egress,
        )
        if set(new.source()) - {"Description"} != set(rule.source()) - {"Description"}:
            message = f"Invalid rule type for security group rule '{rule.id}'. You may not specify {sources[0]} for it."
            raise exceptions.InvalidParameterValue(message)
        return new

    def delete(self):
        """"If you attempt to delete a security group that is associated with an instance or network interface, is referenced by another
        security group in the same VPC, … the operation fails with DependencyViolation" (DeleteSecurityGroup)."""
        self.error_on_dryrun()
        group = group_of(self)
        if group.is_default:
            message = f'the specified group: "{group.id}" name: "default" cannot be deleted by a user'
            raise exceptions.EC2ClientError("CannotDelete", message)
        if is_referenced(self.ec2_backend, group) or is_attached(self.ec2_backend, group):
            raise exceptions.DependencyViolationError(f"resource {group.id} has a dependent object")
        self.ec2_backend.delete_security_group(group_id=group.id)
        return ActionResult({"Return": True, "GroupId": group.id})

    for direction in ("ingress", "egress"):
        setattr(SecurityGroups, f"authorize_security_group_{direction}", authorize(direction))
        setattr(SecurityGroups, f"revoke_security_group_{direction}", revoke(direction))
        setattr(SecurityGroups, f"update_security_group_rule_descriptions_{direction}", update_descriptions(direction))
    pages = {"size": "MaxResults", "token": "NextToken", "default": 1000}
    ids = ["GroupIds", "GroupNames"]
    paging.patch(SecurityGroups, "describe_security_groups", ["SecurityGroups"], **pages, unless=ids)
    ids = ["SecurityGroupRuleIds"]
    paging.patch(SecurityGroups, "describe_security_group_rules", ["SecurityGroupRules"], **pages, unless=ids)
    SecurityGroups.modify_security_group_rules = modify
    SecurityGroups.delete_security_group = delete


def is_referenced(backend, group):
    others = (other for groups in backend.groups.values() for other in groups.values() if other is not group)
    rules = (rule for other in others for rule in other.ingress_rules + other.egress_rules)
    return any(rule.source_group.get("GroupId") == group.id for rule in rules)


def is_attached(backend, group):
    instances = (instance for reservation in backend.reservations.values() for instance in reservation.instances)
    if any(instance.state != "terminated" and group in instance.security_groups for instance in instances):
        return True
    return any(group in eni.group_set for eni in backend.enis.values() if not eni.instance or eni.instance.state != "terminated")
