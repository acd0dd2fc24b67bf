from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from platform_runtime.marks.engine_words import duckdb_error_words


class DuckDBRefusalError(RuntimeError):
    """DuckDB refused a statement; the message names what it was for, and holds no value of a row."""


@contextmanager
def discreet_duckdb(about: str) -> Iterator[None]:
    """Let what DuckDB raises in the block be an error without values of rows.

    Args:
        about: the table or question that the statement is for, as the message should name it.

    Raises:
        DuckDBRefusalError: for any error of DuckDB.
    """
    try:
        yield
    except duckdb.Error as error:
        # As a cause it would go to the event log, with the row that it may quote.
        raise DuckDBRefusalError(f"{about}: {duckdb_error_words(error)}") from None
