from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import override

from databricks_delta.lakehouse.databricks.retries import retried
from databricks_delta.lakehouse.databricks.session import Session, open_session
from databricks_delta.lakehouse.databricks.warehouse_settings import WarehouseSettings
from databricks_delta.lakehouse.errors import TransientError
from databricks_delta.lakehouse.lakehouse import Reader, Row
from databricks_delta.lakehouse.periods import PeriodRange
from databricks_delta.lakehouse.statement import Statement


def perform[Result](settings: WarehouseSettings, operation: Callable[[Session], Result]) -> Result:
    """What the operation returns, in a session of its own.

    It is done again from its start, in a new session, when it fails for a reason that passes by itself: the operation
    reads what it depends on itself, and may run twice.
    """

    def attempt() -> Result:
        with open_session(settings) as session:
            return operation(session)

    return retried(settings, attempt)


@contextmanager
def warehouse_reader(settings: WarehouseSettings) -> Iterator[Reader]:
    """One session for as many questions as one has; should it be lost, another takes its place."""
    with ExitStack() as open_until_the_end:
        yield _WarehouseReader(settings, open_until_the_end)


class _WarehouseReader(Reader):
    def __init__(self, settings: WarehouseSettings, open_until_the_end: ExitStack) -> None:
        self._settings = settings
        self._open_until_the_end = open_until_the_end
        self._session: Session | None = None

    @override
    def query(self, statement: Statement, periods: PeriodRange | None) -> list[Row]:
        return retried(self._settings, lambda: self._ask(statement))

    def _ask(self, statement: Statement) -> list[Row]:
        if self._session is None:
            self._session = self._open_until_the_end.enter_context(open_session(self._settings))
        try:
            return self._session.rows(statement.sql, statement.bound_parameters, statement.origin)
        except TransientError:
            self._session = None
            self._open_until_the_end.close()
            raise
