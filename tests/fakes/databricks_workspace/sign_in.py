import base64
import json
import time
import urllib.parse
from collections.abc import Mapping, Sequence

import jwt

from tests.fakes.databricks_workspace.access_tokens import AccessTokens
from tests.fakes.databricks_workspace.endpoint import Endpoint, Request, Response, error_response, json_response
from tests.fakes.workload_identity import Trust

_TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 - the name of a grant
_JWT = "urn:ietf:params:oauth:token-type:jwt"
_LIFETIME_SECONDS = 3600


class SignIn(Endpoint):
    """OAuth for service principals: a client id and its secret give a token, and so does one that a policy trusts.

    docs.databricks.com, Configure a federation policy: issuer, subject and audience of the token are those of one of
    the principal's policies, and it has not expired. Authenticate with an identity provider token: what it is exchanged
    for lives no longer than itself. The exchange and its refusal are worded by RFC 8693.

    `secrets` holds the secret of each principal by its client id, `trusts` its federation policies; entries that are
    added later count.
    """

    prefix = "/oidc"
    needs_token = False

    def __init__(self, tokens: AccessTokens, secrets: Mapping[str, str], trusts: Mapping[str, Sequence[Trust]]) -> None:
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
        form, issuer = _form(request), f"https://{request.headers['host']}/oidc"
        if form.get("grant_type") == _TOKEN_EXCHANGE:
            return self._exchanged(form, issuer)
        client_id, secret = _credential(request)
        if not secret or self._secrets.get(client_id) != secret:
            return _refused(401, "invalid_client", "Client authentication failed")
        return self._issued(_LIFETIME_SECONDS, issuer)

    def _exchanged(self, form: Mapping[str, str], issuer: str) -> Response:
        token = form.get("subject_token", "")
        if form.get("subject_token_type") != _JWT:
            return _refused(400, "invalid_request", f"subject_token_type must be {_JWT}")
        if not any(trust.accepts(token) for trust in self._trusts.get(form.get("client_id", ""), ())):
            return _refused(400, "invalid_request", "The federated token matches no federation policy of the principal")
        expires_at = float(jwt.decode(token, options={"verify_signature": False})["exp"])
        return self._issued(min(_LIFETIME_SECONDS, expires_at - time.time()), issuer)

    def _issued(self, seconds: float, issuer: str) -> Response:
        return json_response(
            {
                "access_token": self._tokens.issue_for(seconds, issuer),
                "expires_in": int(seconds),
                "scope": "all-apis",
                "token_type": "Bearer",
            }
        )


def _refused(status: int, error: str, description: str) -> Response:
    # As OAuth words it (RFC 6749), not as the rest of the workspace does.
    body = json.dumps({"error": error, "error_description": description}).encode()
    return Response(status, body, "application/json")


def _form(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in urllib.parse.parse_qs(request.body.decode()).items()}


def _credential(request: Request) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
        return urllib.parse.unquote(client_id), urllib.parse.unquote(secret)
    form = _form(request)
    return form.get("client_id", ""), form.get("client_secret", "")
