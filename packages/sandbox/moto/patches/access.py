"""Where IAM is enforced: what is refused is said in the form of the service's protocol. moto's own XML is unreadable to the clients of JSON services."""

JSON_CODES = {
    "AccessDenied": "AccessDeniedException",
    "InvalidClientTokenId": "UnrecognizedClientException",
    "SignatureDoesNotMatch": "InvalidSignatureException",
}


def apply():
    from werkzeug.exceptions import HTTPException

    from moto.core.exceptions import ServiceException
    from moto.core.responses import ActionAuthenticatorMixin, ActionResult
    from moto.core.utils import get_service_model
    from moto.iam.access_control import IAMRequestBase

    class Refused(ServiceException):
        """Of this module, because moto looks an error's shape up in the service that its class belongs to."""

    stock_authorize = ActionAuthenticatorMixin._authenticate_and_authorize_normal_action

    def authorize(self, resource):
        try:
            stock_authorize(self, resource)
        except HTTPException as error:
            protocol = self.determine_response_protocol(get_service_model(self.boto3_service_name))
            code, message = error.error_type, error.message
            if protocol in ("json", "rest-json"):
                code = JSON_CODES.get(code, code)
                error.code = 400
            elif protocol == "ec2" and code == "AccessDenied":
                code, message = "UnauthorizedOperation", f"You are not authorized to perform this operation. {message}"
            _, _, error.description = self.serialized(ActionResult(Refused(code, message)))
            raise

    stock_init = IAMRequestBase.__init__

    def init(self, *args, **options):
        """moto takes the name that requests are signed for; the tagging API's actions have another."""
        stock_init(self, *args, **options)
        self._action = self._action.replace("tagging:", "tag:", 1)

    ActionAuthenticatorMixin._authenticate_and_authorize_normal_action = authorize
    IAMRequestBase.__init__ = init
