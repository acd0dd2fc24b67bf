"""INFORMATION_SCHEMA.QUERY_HISTORY_BY_USER: what an account remembers of somebody's statements.

docs.snowflake.com, QUERY_HISTORY: the statements of the last seven days that the user has sent, at most 10,000, each
with its text, SUCCESS or FAIL, and the error.
"""

import re
from collections.abc import Sequence
from typing import Any

from tests.fakes.snowflake.query_log import EndedQuery

_ASKED = re.compile(r"from\s+table\(information_schema\.query_history_by_user\(", re.IGNORECASE)
_MOST = 10_000
_COLUMNS = ("QUERY_TEXT", "EXECUTION_STATUS", "ERROR_CODE", "ERROR_MESSAGE")


def asks_history(text: str) -> bool:
    """Whether a statement asks for the history; the columns that it selects are those above."""
    return _ASKED.search(text) is not None


def history(queries: Sequence[EndedQuery], user: str) -> dict[str, Any]:
    """The answer, in the form that clients take for small results."""
    mine = [one for one in queries if one.query.user == user][-_MOST:]
    rows = [[one.query.text, "FAIL" if one.code else "SUCCESS", one.code or None, one.message or None] for one in mine]
    data = {
        "parameters": [],
        "rowtype": [_column(name) for name in _COLUMNS],
        "rowset": rows,
        "total": len(rows),
        "returned": len(rows),
        "queryId": "00000000-0000-0000-0000-000000000000",
        "queryResultFormat": "json",
        "statementTypeId": 4096,
        "version": 1,
    }
    return {"data": data, "code": None, "message": None, "success": True}


def _column(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "type": "text",
        "nullable": True,
        "length": 16_777_216,
        "byteLength": 16_777_216,
        "precision": None,
        "scale": None,
        "database": "",
        "schema": "",
        "table": "",
    }
