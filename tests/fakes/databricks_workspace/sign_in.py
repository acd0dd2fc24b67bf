import base64
import json
import urllib.parse
from collections.abc import Mapping

from tests.fakes.databricks_workspace.access_tokens import AccessTokens
from tests.fakes.databricks_workspace.endpoint import Endpoint, Request, Response, error_response, json_response
from tests.fakes.workload_identity import Trust

_TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 - the name of a grant
_LIFETIME_SECONDS = 3600


class SignIn(Endpoint):
    """OAuth for service principals: a client id and its secret give a token, and so does one that a policy trusts.

    `secrets` holds the secret of each principal by its client id, `trusts` the federation policy; entries that are
    added later count.
    """

    prefix = "/oidc"
    needs_token = False

    def __init__(self, tokens: AccessTokens, secrets: Mapping[str, str], trusts: Mapping[str, Trust]) -> None:
        self._tokens = tokens
        self._secrets = secrets
        self._trusts = trusts

    def answer(self, request: Request) -> Response:
        if request.path.startswith("/oidc/.well-known/"):
            base = f"https://{request.headers['host']}/oidc"
            return json_response(
                {
                    "authorization_endpoint": f"{base}/v1/authorize",
                    "issuer": base,
                    "token_endpoint": f"{base}/v1/token",
                }
            )
        if request.path == "/oidc/v1/token":
            return self._token(request)
        return error_response(404, "ENDPOINT_NOT_FOUND", request.path)

    def _token(self, request: Request) -> Response:
        if not self._is_known(request):
            # As OAuth words it (RFC 6749), not as the rest of the workspace does.
            refused = {"error": "invalid_client", "error_description": "Client authentication failed"}
            return Response(401, json.dumps(refused).encode(), "application/json")
        return json_response(
            {
                "access_token": self._tokens.issue(),
                "expires_in": _LIFETIME_SECONDS,
                "scope": "all-apis",
                "token_type": "Bearer",
            }
        )

    def _is_known(self, request: Request) -> bool:
        form = _form(request)
        if form.get("grant_type") == _TOKEN_EXCHANGE:
            trust = self._trusts.get(form.get("client_id", ""))
            return trust is not None and trust.accepts(form.get("subject_token", ""))
        client_id, secret = _credential(request)
        return bool(secret) and self._secrets.get(client_id) == secret


def _form(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in urllib.parse.parse_qs(request.body.decode()).items()}


def _credential(request: Request) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
        return urllib.parse.unquote(client_id), urllib.parse.unquote(secret)
    form = _form(request)
    return form.get("client_id", ""), form.get("client_secret", "")
