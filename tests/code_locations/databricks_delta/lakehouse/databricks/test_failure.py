"""What clients' errors mean, in the words that they really come with."""

import pytest
from databricks_delta.lakehouse.databricks.failures import StatementError, failure
from databricks_delta.lakehouse.errors import EngineError, LakehouseError, TransientError


class RequestError(Exception):
    """Shaped like the connector's: what was asked stands beside the message."""

    def __init__(self, message: str, http_code: int) -> None:
        super().__init__(message)
        self.context = {"http-code": http_code, "method": "ExecuteStatement"}


@pytest.mark.parametrize(
    ("error", "todo", "kind"),
    [
        (Exception("[INSUFFICIENT_PERMISSIONS] User does not have MODIFY SQLSTATE: 42501"), "Grant what", EngineError),
        (RequestError("Error during request to server. Token is expired", 401), "Renew the credential", EngineError),
        (RequestError("Error during request to server", 403), "Renew the credential", EngineError),
        (RequestError("SQL warehouse /sql/x does not exist.", 404), "Correct DATABRICKS_HTTP_PATH", EngineError),
        (RequestError("TEMPORARILY_UNAVAILABLE: starting", 503), "Look at the SQL warehouse", EngineError),
        (RequestError("bad gateway", 502), "Run it again, and look at the network", TransientError),
        (ConnectionResetError("reset by peer"), "Run it again, and look at the network", TransientError),
        (Exception("[QUERY_EXECUTION_TIMEOUT_EXCEEDED] Timeout: 2 seconds"), "Run fewer periods", EngineError),
        (Exception("[DELTA_CONCURRENT_APPEND.WITH_ROW] files were added"), "Run it again when no", TransientError),
        (Exception("[DELTA_METADATA_CHANGED] changed by a concurrent update"), "Run it again when no", TransientError),
        (Exception("[INVALID_HANDLE.SESSION_CLOSED] closed"), "Run it again, and look at the SQL", TransientError),
        (Exception("[NO_SUCH_CATALOG_EXCEPTION] Catalog 'c' was not found"), "Apply the infra", EngineError),
        (Exception("[TABLE_OR_VIEW_NOT_FOUND] `a`.`b`"), "Materialise the tables", StatementError),
        (Exception("[UNRESOLVED_COLUMN.WITH_SUGGESTION] `x`"), "Compare the SQL", StatementError),
        (Exception("[DELTA_VIOLATE_CONSTRAINT_WITH_VALUES] a > 0"), "Correct the rows", StatementError),
        (
            Exception(
                "[DELTA_REPLACE_WHERE_MISMATCH] Written data does not. [DELTA_VIOLATE_CONSTRAINT_WITH_VALUES] CHECK"
            ),
            "Let the SELECT keep",
            StatementError,
        ),
        (Exception("[PARSE_SYNTAX_ERROR] near 'x'"), "Read what Databricks says", StatementError),
    ],
)
def test_the_first_line_says_what_to_do(error: Exception, todo: str, kind: type[LakehouseError]) -> None:
    found = failure(error, "silver.t")
    first, second = str(found).splitlines()
    assert first.startswith(todo)
    assert second.startswith("silver.t: ")
    assert type(found) is kind


def test_a_statement_that_was_refused_keeps_databricks_name_for_it() -> None:
    found = failure(Exception("[UNRESOLVED_COLUMN.WITH_SUGGESTION] a [b] SQLSTATE: 42703"), "silver.t")
    assert isinstance(found, StatementError)
    assert found.condition == "UNRESOLVED_COLUMN.WITH_SUGGESTION"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("[DELTA_REPLACE_WHERE_MISMATCH] Written data: - name : Zaphod", "silver.t: [DELTA_REPLACE_WHERE_MISMATCH] ("),
        ("row Zaphod", "silver.t: ("),
        ("InvariantViolationException: row Zaphod", "silver.t: InvariantViolationException ("),
    ],
)
def test_a_value_of_a_row_is_not_repeated(said: str, told: str) -> None:
    second = str(failure(Exception(said), "silver.t")).splitlines()[1]
    assert second.startswith(told)
    assert "Zaphod" not in second


def test_a_long_error_is_cut() -> None:
    assert len(str(failure(Exception("x" * 10_000), "silver.t"))) < 1_000
