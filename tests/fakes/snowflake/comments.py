import re
from typing import override

from tests.fakes.snowflake.account_session import AccountSession
from tests.fakes.snowflake.workaround import DONE, Workaround

_ALTER_COLUMN = re.compile(r"\s*alter\s+(table|view)\s.*?\s(alter|modify)\s+(column\s+)?\S+\s+comment\s", re.I | re.S)
_COMMENT_ON = re.compile(r"\s*comment\s+(if\s+exists\s+)?on\s", re.IGNORECASE)


class Comments(Workaround):
    """fakesnow takes no comment on a column, and fails on some comments on tables; nothing reads them back."""

    @override
    def reworded(self, sql: str, session: AccountSession) -> str | None:
        return DONE if _ALTER_COLUMN.match(sql) or _COMMENT_ON.match(sql) else None
