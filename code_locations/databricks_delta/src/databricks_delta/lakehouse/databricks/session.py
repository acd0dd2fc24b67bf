from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from platform_contract.environment_variables import EnvironmentVariable

from databricks_delta.lakehouse.databricks.credentials import databricks_settings, sql_credentials
from databricks_delta.lakehouse.databricks.failures import failure
from databricks_delta.lakehouse.databricks.query_tags import query_tags
from databricks_delta.lakehouse.databricks.warehouse_settings import WarehouseSettings
from databricks_delta.lakehouse.lakehouse import ROWS_AT_ONCE, Row

if TYPE_CHECKING:
    from databricks.sql.client import Connection, Cursor

# The client waits this long at least before it asks a warehouse that is starting again, and asks this often at most.
_SHORTEST_WAIT_SECONDS = 5
_MOST_REQUESTS = 60


class Session:
    """A session with the warehouse: every statement in it is in the catalog, in UTC, tagged, and of limited length."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    def rows(self, sql: str, parameters: Mapping[str, Any], about: str) -> list[Row]:
        """The rows of a statement, none of one that gives none; whoever is interrupted here cancels it.

        Args:
            sql: one statement, sent as it stands.
            parameters: the value of each `:name` in it.
            about: the table, file or question that it is for, for messages.

        Raises:
            LakehouseError: when it fails; the first line says what to do.
        """
        with _reported(about), self._connection.cursor() as cursor, _cancelled_with_the_run(cursor):
            cursor.execute(sql, dict(parameters) or None)
            return [row.asDict() for row in cursor.fetchall()] if cursor.description else []

    def pages(self, sql: str, parameters: Mapping[str, Any], about: str) -> Iterator[list[Row]]:
        """The rows of a statement, some at a time; otherwise as `rows`."""
        with _reported(about), self._connection.cursor() as cursor, _cancelled_with_the_run(cursor):
            cursor.execute(sql, dict(parameters) or None)
            while page := cursor.fetchmany(ROWS_AT_ONCE):
                yield [row.asDict() for row in page]


@contextmanager
def open_session(settings: WarehouseSettings) -> Iterator[Session]:
    """A session until the block is left, when whatever still runs in it ends with it.

    Raises:
        MissingSettingsError: naming every setting that the environment lacks.
        EngineError: when there is no reaching the warehouse; the first line says what to do.
    """
    environment = databricks_settings(settings.catalog)
    with _reported(f"session in catalog {settings.catalog}"):
        connection = _connect(settings, environment)
    with connection:
        yield Session(connection)


def _connect(settings: WarehouseSettings, environment: Mapping[EnvironmentVariable, str]) -> "Connection":
    from databricks import sql  # noqa: PLC0415 - a cloud client, which the laptop does not have

    return sql.connect(
        server_hostname=environment[EnvironmentVariable.DATABRICKS_SERVER_HOSTNAME],
        http_path=environment[EnvironmentVariable.DATABRICKS_HTTP_PATH],
        catalog=settings.catalog,
        session_configuration={
            "TIMEZONE": "UTC",
            "STATEMENT_TIMEOUT": str(settings.statement_timeout_seconds),
        },
        query_tags=query_tags(settings.deployment),
        user_agent_entry="platform-lakehouse",
        enable_telemetry=False,
        **_patience(settings.start_timeout_seconds),
        **sql_credentials(environment),
    )


def _patience(seconds: int) -> dict[str, float]:
    """How the client itself asks again, of a warehouse that starts and over a connection that broke."""
    return {
        "_retry_delay_min": 1,
        "_retry_delay_max": max(_SHORTEST_WAIT_SECONDS, seconds / _MOST_REQUESTS),
        "_retry_stop_after_attempts_count": _MOST_REQUESTS,
        "_retry_stop_after_attempts_duration": seconds,
    }


@contextmanager
def _cancelled_with_the_run(cursor: "Cursor") -> Iterator[None]:
    try:
        yield
    except Exception:
        raise
    except BaseException:
        # The run is being ended. Should the warehouse not hear of it, the end of the session cancels as well.
        with suppress(Exception):
            cursor.cancel()
        raise


@contextmanager
def _reported(about: str) -> Iterator[None]:
    # Whatever the client and the libraries below it raise; they have no class of errors in common.
    try:
        yield
    except Exception as error:  # noqa: BLE001 - see above
        # As the cause it would go to the event log, with the row that it may quote.
        raise failure(error, about) from None
