import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, cast

import dagster as dg
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.settings import SNOWFLAKE_REQUIREMENTS, require_settings
from platform_runtime.snowflake_failure import explained_snowflake_failures
from platform_runtime.snowflake_identity import identity_arguments
from platform_runtime.snowflake_key import is_encrypted, private_key_der

if TYPE_CHECKING:
    from dagster_snowflake import SnowflakeResource
    from snowflake.connector import SnowflakeConnection


class SnowflakeAccess(dg.Config):
    """Where in Snowflake a session works, as whom and for how long; the credential is none of it.

    The client gives up when the longest wait and the longest statement together are over; until then it asks again
    after a broken connection, for the same statement, which Snowflake never runs twice.
    """

    database: str
    schema_name: str
    warehouse: str
    role: str
    login_timeout_seconds: int
    queue_timeout_seconds: int
    statement_timeout_seconds: int

    @property
    def network_timeout_seconds(self) -> int:
        """How long the client waits for one answer, and tries again where the connection breaks."""
        return self.queue_timeout_seconds + self.statement_timeout_seconds

    @contextmanager
    def connect(self, doing: str, query_tag: str) -> Iterator["SnowflakeConnection"]:
        """Sign in as the user in the environment; what goes wrong until the block is left is a failure with its fix.

        However the block is left, the session ends with it, and so does whatever it still runs: an interrupted run
        leaves no statement behind. Each statement commits by itself.

        Args:
            doing: what the session is for, as messages should name it.
            query_tag: what the query history should note of its statements.

        Raises:
            MissingSettingsError: naming every setting that the environment lacks.
            ContractError: when the private key cannot be read, or there is no token where one is needed.
            dagster.Failure: for any error of Snowflake; its first line says what to do.
        """
        resource = self._resource(doing, query_tag)
        with (
            explained_snowflake_failures(doing),
            resource.get_connection() as connection,
            # The library closes no connection that an exception leaves.
            closing(cast("SnowflakeConnection", connection)) as session,
        ):
            yield session

    def _resource(self, doing: str, query_tag: str) -> "SnowflakeResource":
        credential = _credential(doing)
        # It imports every Snowflake client there is, which takes seconds: only where one is used.
        from dagster_snowflake import SnowflakeResource  # noqa: PLC0415

        extra: dict[str, Any] = credential.pop("additional_snowflake_connection_args")
        return SnowflakeResource(
            **credential,
            database=self.database,
            schema=self.schema_name,
            warehouse=self.warehouse,
            role=self.role,
            autocommit=True,
            timezone="UTC",
            login_timeout=self.login_timeout_seconds,
            network_timeout=self.network_timeout_seconds,
            additional_snowflake_connection_args=extra | self._session_settings(query_tag),
        )

    def _session_settings(self, query_tag: str) -> dict[str, Any]:
        return {
            # Otherwise it asks every cloud's metadata service at sign-in whether it runs there.
            "platform_detection_timeout_seconds": 0.0,
            "session_parameters": {
                "QUERY_TAG": query_tag,
                "STATEMENT_QUEUED_TIMEOUT_IN_SECONDS": self.queue_timeout_seconds,
                "STATEMENT_TIMEOUT_IN_SECONDS": self.statement_timeout_seconds,
                "LOCK_TIMEOUT": self.queue_timeout_seconds,
                # What a process that was killed has asked for ends too.
                "ABORT_DETACHED_QUERY": True,
                "CLIENT_TELEMETRY_ENABLED": False,
            },
        }


def _credential(doing: str) -> dict[str, Any]:
    """Account, user and key or identity, from the environment."""
    settings = require_settings(os.environ, SNOWFLAKE_REQUIREMENTS, doing)
    account: dict[str, Any] = {
        "account": settings[EnvironmentVariable.SNOWFLAKE_ACCOUNT],
        "user": settings[EnvironmentVariable.SNOWFLAKE_USER],
    }
    if EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY in settings:
        return account | _key_pair(settings[EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY])
    identity = identity_arguments(os.environ)
    return account | {
        "authenticator": identity.pop("authenticator"),
        "additional_snowflake_connection_args": identity,
    }


def _key_pair(pem: str) -> dict[str, Any]:
    passphrase = os.environ.get(EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY_PASSPHRASE, "")
    # Read once before the library does: it takes a wrong passphrase for a wrong encoding, and says so.
    private_key_der(pem, passphrase)
    return {
        "private_key": pem,
        "private_key_password": passphrase if is_encrypted(pem) else None,
        "additional_snowflake_connection_args": {},
    }
