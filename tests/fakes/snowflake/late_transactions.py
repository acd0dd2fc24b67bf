import re
from typing import override

from tests.fakes.snowflake.account_session import AccountSession
from tests.fakes.snowflake.workaround import DONE, Workaround

_COMMENTS = r"(?:\s|--[^\n]*\n|/\*.*?\*/)*"
_BEGIN = re.compile(rf"{_COMMENTS}(begin|start)(\s+(work|transaction))?\s*(;|/\*|$)", re.IGNORECASE | re.DOTALL)
_END = re.compile(rf"{_COMMENTS}(commit|rollback)\b", re.IGNORECASE | re.DOTALL)
_MERGE = re.compile(rf"{_COMMENTS}merge\s+into\s", re.IGNORECASE | re.DOTALL)


class LateTransactions(Workaround):
    """fakesnow's MERGE writes to two DuckDB databases, which no transaction of DuckDB does; dbt puts one around it.

    A transaction therefore begins with its first statement that is no MERGE.
    """

    @override
    def reworded(self, sql: str, session: AccountSession) -> str | None:
        if _BEGIN.match(sql):
            session.begin_is_due = True
            return DONE
        if session.begin_is_due and _END.match(sql):
            session.begin_is_due = False
            return DONE
        return None


def starts_transaction(sql: str, session: AccountSession) -> bool:
    """Whether a transaction that is due begins before this statement."""
    return session.begin_is_due and sql != DONE and not is_merge(sql)


def is_merge(sql: str) -> bool:
    """Whether a statement is one that fakesnow makes several of, outside of any transaction."""
    return _MERGE.match(sql) is not None
