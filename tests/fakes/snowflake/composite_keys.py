import re
from typing import override

from tests.fakes.snowflake.account_session import AccountSession
from tests.fakes.snowflake.workaround import Workaround

_CREATE_AS = re.compile(r"\s*create\s+(or\s+replace\s+)?(transient\s+)?table\s[^;]*?\)\s+as\s", re.IGNORECASE)
_KEY = re.compile(r",\s*(primary\s+key|unique)\s*\([^)]*\)", re.IGNORECASE)


class CompositeKeys(Workaround):
    """fakesnow takes a key of several columns for a column, where a table is made from a query; neither enforces it."""

    @override
    def reworded(self, sql: str, session: AccountSession) -> str | None:
        matched = _CREATE_AS.match(sql)
        if matched is None or not _KEY.search(matched[0]):
            return None
        return _KEY.sub("", matched[0]) + sql[matched.end() :]
