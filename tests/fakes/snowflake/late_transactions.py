import re
from typing import override

from tests.fakes.snowflake.account_session import AccountSession
from tests.fakes.snowflake.workaround import DONE, Workaround

_COMMENTS = r"(?:\s|--[^\n]*\n|/\*.*?\*/)*"
_BEGIN = re.compile(rf"{_COMMENTS}(begin|start)(\s+(work|transaction))?\s*(;|/\*|$)", re.IGNORECASE | re.DOTALL)
_END = re.compile(rf"{_COMMENTS}(commit|rollback)\b", re.IGNORECASE | re.DOTALL)
_CREATE = re.compile(rf"{_COMMENTS}create\s", re.IGNORECASE | re.DOTALL)
_MERGE = re.compile(rf"{_COMMENTS}merge\s+into\s", re.IGNORECASE | re.DOTALL)


class LateTransactions(Workaround):
    """fakesnow's MERGE writes to two DuckDB databases, which no transaction of DuckDB does; dbt puts one around it.

    A transaction therefore begins with its first statement that is no MERGE.
    """

    @override
    def reworded(self, sql: str, session: AccountSession) -> str | None:
        if _BEGIN.match(sql):
            session.in_transaction = session.begin_is_due = True
            return DONE
        if not _END.match(sql):
            return None
        was_due, session.in_transaction, session.begin_is_due = session.begin_is_due, False, False
        return DONE if was_due else None


def starts_transaction(sql: str, session: AccountSession) -> bool:
    """Whether a transaction that is due begins before this statement."""
    return session.begin_is_due and sql != DONE and not is_merge(sql)


def rolls_back(sql: str) -> bool:
    """Whether a statement ends a transaction and undoes it."""
    matched = _END.match(sql)
    return matched is not None and matched[1].lower() == "rollback"


def is_merge(sql: str) -> bool:
    """Whether a statement is one that fakesnow makes several of, outside of any transaction."""
    return _MERGE.match(sql) is not None


def notes_in_the_catalogue(sql: str) -> bool:
    """Whether fakesnow notes a statement in tables of its own, where two at once get into each other's way."""
    return is_merge(sql) or _CREATE.match(sql) is not None
