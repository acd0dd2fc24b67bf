from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.rehearsal.hosts import DATABRICKS_HOST

if TYPE_CHECKING:
    from tests.fakes.databricks_workspace.workspace import Workspace

ENDLESS = "SELECT count(*) FROM range(100000000) AS a CROSS JOIN range(1000000) AS b WHERE a.id % 7 = b.id % 5"
"""A statement that takes hours."""


class Client:
    """databricks-sql-connector as a test uses it."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def run(self, statement: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """The rows of a statement; none where it gives none."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []

    def value(self, statement: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """The only value of a statement."""
        ((value,),) = self.run(statement, parameters)
        return value


@contextmanager
def connect(workspace: "Workspace", catalog: str | None, **options: Any) -> Iterator[Client]:
    """A session that trusts the workspace by its environment alone, and gives up soon."""
    from databricks import sql

    settings: dict[str, Any] = {
        "access_token": workspace.token,
        "enable_telemetry": False,
        "_retry_delay_max": 5,
        "_retry_delay_min": 1,
        "_retry_stop_after_attempts_count": 3,
        "_retry_stop_after_attempts_duration": 60,
        **options,
    }
    with sql.connect(
        server_hostname=DATABRICKS_HOST,
        http_path=workspace.http_path,
        catalog=catalog,
        **settings,
    ) as connection:
        yield Client(connection)
