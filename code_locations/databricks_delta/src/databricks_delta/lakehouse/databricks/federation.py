"""Signing in by somebody else's word: a token of the cluster, or of CI, which a federation policy trusts."""

from typing import override

from databricks.sdk.config import Config
from databricks.sdk.credentials_provider import CredentialsProvider, CredentialsStrategy, OAuthCredentialsProvider
from databricks.sdk.oauth import Refreshable, Token
from databricks.sdk.oidc import DatabricksOidcTokenSource, IdTokenSource


class FederatedSignIn(CredentialsStrategy):
    """Exchanges an identity's token for one of the workspace, and keeps that as long as it lives.

    The library's own `file-oidc` and `env-oidc` (credentials_provider.py, 0.60) exchange one for every request. The
    identity's token is read anew at each exchange, for whoever issues it replaces it.
    """

    def __init__(self, kind: str, identity: IdTokenSource) -> None:
        self._kind = kind
        self._identity = identity

    @override
    def auth_type(self) -> str:
        return self._kind

    @override
    def __call__(self, cfg: Config) -> CredentialsProvider:
        # Before anybody is asked: a token that is not there is this side's to mend.
        self._identity.id_token()
        endpoints = cfg.oidc_endpoints
        if endpoints is None:
            raise ValueError(f"{cfg.host} has no sign-in by OAuth")
        kept = _KeptToken(
            DatabricksOidcTokenSource(
                host=cfg.host,
                token_endpoint=endpoints.token_endpoint,
                id_token_source=self._identity,
                client_id=cfg.client_id,
                disable_async=True,
            )
        )
        return OAuthCredentialsProvider(kept.headers, kept.token)


class _KeptToken(Refreshable):
    def __init__(self, exchange: DatabricksOidcTokenSource) -> None:
        super().__init__(disable_async=True)
        self._exchange = exchange

    @override
    def refresh(self) -> Token:
        return self._exchange.token()

    def headers(self) -> dict[str, str]:
        """What a request carries."""
        return {"Authorization": f"Bearer {self.token().access_token}"}
