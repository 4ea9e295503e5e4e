"""AWS::IAM::*."""

from . import paging


def apply():
    from moto.core.responses import ActionResult, EmptyResult
    from moto.core.serialize import never_return
    from moto.iam.exceptions import DeleteConflictException, NotFoundException
    from moto.iam.models import IAMBackend, ManagedPolicy
    from moto.iam.policy_validation import IAMPolicyDocumentValidator
    from moto.iam.responses import IamResponse

    def client_ids(self):
        arn = self._get_param("OpenIDConnectProviderArn")
        return self.backend.get_open_id_connect_provider(arn).client_id_list, self._get_param("ClientID")

    def add_client_id_to_open_id_connect_provider(self):
        """"Idempotent; it does not fail … if you add an existing client ID"."""
        ids, client_id = client_ids(self)
        if client_id not in ids:
            ids.append(client_id)
        return EmptyResult()

    def remove_client_id_from_open_id_connect_provider(self):
        """"Idempotent; it does not fail … if you try to remove a client ID that does not exist"."""
        ids, client_id = client_ids(self)
        if client_id in ids:
            ids.remove(client_id)
        return EmptyResult()

    def list_instance_profile_tags(self):
        profile = self.backend.get_instance_profile(self._get_param("InstanceProfileName"))
        return ActionResult({"Tags": profile.tags, "IsTruncated": False})

    def update_role(self):
        """A parameter that is not sent leaves the role's value as it is."""
        role = self.backend.get_role(self._get_param("RoleName"))
        for parameter, attribute in (("Description", "description"), ("MaxSessionDuration", "max_session_duration")):
            value = self._get_param(parameter)
            if value is not None:
                setattr(role, attribute, value)
        return EmptyResult()

    IamResponse.add_client_id_to_open_id_connect_provider = add_client_id_to_open_id_connect_provider
    IamResponse.remove_client_id_from_open_id_connect_provider = remove_client_id_from_open_id_connect_provider
    IamResponse.list_instance_profile_tags = list_instance_profile_tags
    IamResponse.update_role = update_role
    # "IAM resource-listing operations return a subset of the available attributes … this operation does not return tags".
    for operation in ("ListInstanceProfiles", "ListInstanceProfilesForRole"):
        path = f"{operation}Response.InstanceProfiles.InstanceProfile.Tags"
        IamResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER[path] = never_return

    entities = ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"]
    for operation, members in (("get_account_authorization_details", entities), ("list_instance_profiles", ["InstanceProfiles"])):
        paging.patch(IamResponse, operation, members, size="MaxItems", token="Marker", default=100, more="IsTruncated")

    # By these names moto finds them for the authorization details too.
    ManagedPolicy.policy_name = property(lambda self: self.name)
    ManagedPolicy.policy_id = property(lambda self: self.id)

    stock_delete_policy = IAMBackend.delete_policy

    def delete_policy(self, policy_arn):
        """"You must detach the policy from all users, groups, and roles", and "delete all versions of the policy" but the default one."""
        policy = self.get_policy(policy_arn)
        if policy.attachment_count > 0:
            raise DeleteConflictException("Cannot delete a policy attached to entities.")
        if len(policy.versions) > 1:
            raise DeleteConflictException("This policy has more than one version. Before you delete a policy, you must delete the policy's versions.")
        stock_delete_policy(self, policy_arn)

    stock_remove_role = IAMBackend.remove_role_from_instance_profile

    def remove_role_from_instance_profile(self, profile_name, role_name):
        profile = self.get_instance_profile(profile_name)
        if all(role.name != role_name for role in profile.roles):
            raise NotFoundException(f"The role with name {role_name} cannot be found.")
        stock_remove_role(self, profile_name, role_name)

    class InlinePolicyValidator(IAMPolicyDocumentValidator):
        """"If you do not include a Version element, the value defaults to 2008-10-17": only a managed policy has to have the newer one."""

        def _validate_version(self):
            pass

    def put_role_policy(self, role_name, policy_name, policy_json):
        role = self.get_role(role_name)
        InlinePolicyValidator(policy_json).validate()
        role.put_policy(policy_name, policy_json)

    IAMBackend.delete_policy = delete_policy
    IAMBackend.put_role_policy = put_role_policy
    IAMBackend.remove_role_from_instance_profile = remove_role_from_instance_profile
