import re
from typing import override

from tests.fakes.snowflake.account_session import AccountSession
from tests.fakes.snowflake.workaround import DONE, Workaround

_BEGIN = re.compile(r"\s*(begin|start)(\s+(work|transaction))?\s*(;|/\*|$)", re.IGNORECASE)
_END = re.compile(r"\s*(commit|rollback)\b", re.IGNORECASE)
_MERGE = re.compile(r"\s*merge\s+into\s", re.IGNORECASE)


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
    return session.begin_is_due and sql != DONE and not _MERGE.match(sql)
