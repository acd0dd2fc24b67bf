import base64
import urllib.parse
from collections.abc import Mapping

from tests.fakes.databricks_workspace.access_tokens import AccessTokens
from tests.fakes.databricks_workspace.endpoint import Endpoint, Request, Response, error_response, json_response

_LIFETIME_SECONDS = 3600


class SignIn(Endpoint):
    """OAuth for service principals: a client id and its secret give a token.

    `secrets` holds the secret of each principal by its client id; entries that are added later count.
    """

    prefix = "/oidc"
    needs_token = False

    def __init__(self, tokens: AccessTokens, secrets: Mapping[str, str]) -> None:
        self._tokens = tokens
        self._secrets = secrets

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
        client_id, secret = _credential(request)
        if not secret or self._secrets.get(client_id) != secret:
            return error_response(401, "invalid_client", "Client authentication failed")
        return json_response(
            {
                "access_token": self._tokens.issue(),
                "expires_in": _LIFETIME_SECONDS,
                "scope": "all-apis",
                "token_type": "Bearer",
            }
        )


def _credential(request: Request) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
        return urllib.parse.unquote(client_id), urllib.parse.unquote(secret)
    form = urllib.parse.parse_qs(request.body.decode())
    return form.get("client_id", [""])[0], form.get("client_secret", [""])[0]
