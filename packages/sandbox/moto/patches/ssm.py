"""AWS::SSM::Parameter."""

import base64
import json

AWS_OWN = "/aws/"
NO_POLICIES = "[{}]"
STANDARD_LIMIT = 4096


def apply():
    from moto.core.responses import ActionResult
    from moto.moto_api._internal import mock_random
    from moto.ssm.exceptions import ValidationException
    from moto.ssm.models import Parameter, ParameterDict, SimpleSystemManagerBackend
    from moto.ssm.responses import SimpleSystemManagerResponse

    stock_init = Parameter.__init__

    def init(self, *args, **options):
        stock_init(self, *args, **options)
        if self.parameter_type != "SecureString":
            self.keyid = None  # moto keeps the key of the SecureString that it was before
        # Of no relation to the value: it must tell nothing about it.
        self.ciphertext = base64.b64encode(mock_random.getrandbits(8 * 120).to_bytes(120, "big")).decode()

    stock_response = Parameter.response_object

    def response_object(self, decrypt=False, region=None):
        """moto's "ciphertext" has the value in it, and its policies are not the texts that were given."""
        shown = stock_response(self, decrypt, region)
        if "Policies" in shown:
            given = json.loads(self.policies)
            shown["Policies"] = [{"PolicyText": json.dumps(each), "PolicyType": each["Type"], "PolicyStatus": "Pending"} for each in given]
        if self.parameter_type == "SecureString" and not decrypt:
            shown["Value"] = self.ciphertext
        return shown

    Parameter.__init__ = init
    Parameter.response_object = response_object

    stock_put = SimpleSystemManagerBackend.put_parameter

    def put_parameter(self, name, description, value, parameter_type, allowed_pattern, keyid, overwrite, tags, data_type, tier, policies):
        """"Standard parameters have a content size limit of 4 KB"; intelligent tiering picks the smallest that fits; "you can't revert an
        advanced parameter to a standard parameter" (PutParameter)."""
        policies = "" if policies == NO_POLICIES else policies
        versions = self._parameters[name] if name in self._parameters else []
        previous = versions[-1].tier if versions else None
        long = len((value or "").encode()) > STANDARD_LIMIT
        if tier == "Intelligent-Tiering":
            tier = "Advanced" if long or previous == "Advanced" else "Standard"
        if previous == "Advanced" and tier == "Standard":
            raise ValidationException("This parameter uses the advanced-parameter tier. You can't downgrade it to the standard-parameter tier.")
        if long and (tier or previous or self.default_parameter_tier) == "Standard":
            message = f"Standard tier parameters support a maximum parameter value of {STANDARD_LIMIT} characters."
            raise ValidationException(message)
        return stock_put(self, name, description, value, parameter_type, allowed_pattern, keyid, overwrite, tags, data_type, tier, policies)

    SimpleSystemManagerBackend.put_parameter = put_parameter

    stock_keys = ParameterDict.get_keys_beginning_with

    def get_keys_beginning_with(self, path, recursive):
        """AWS's public parameters are found by their own path only."""
        return (key for key in stock_keys(self, path, recursive) if path.startswith(AWS_OWN) or not key.startswith(AWS_OWN))

    stock_describe = SimpleSystemManagerBackend.describe_parameters

    def describe_parameters(self, filters, parameter_filters):
        return [found for found in stock_describe(self, filters, parameter_filters) if not found.name.startswith(AWS_OWN)]

    ParameterDict.get_keys_beginning_with = get_keys_beginning_with
    SimpleSystemManagerBackend.describe_parameters = describe_parameters

    def describe_parameters_page(self):
        """Pages of the size that is asked for, up to 50; moto's always have 10."""
        size = self._get_param("MaxResults", 10)
        if not 1 <= size <= 50:
            message = f"1 validation error detected: Value '{size}' at 'maxResults' failed to satisfy constraint: Member must be from 1 to 50"
            raise ValidationException(message)
        start = int(self._get_param("NextToken") or 0)
        found = self.ssm_backend.describe_parameters(self._get_param("Filters"), self._get_param("ParameterFilters"))
        page = [parameter.describe_response_object(False) for parameter in found[start : start + size]]
        token = str(start + size) if len(found) > start + size else None
        return ActionResult({"Parameters": page, "NextToken": token})

    SimpleSystemManagerResponse.describe_parameters = describe_parameters_page
