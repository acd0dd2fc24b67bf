import re
from typing import override

from tests.fakes.snowflake.account_session import AccountSession
from tests.fakes.snowflake.workaround import Workaround

_CLONE = re.compile(
    r"\s*create\s+or\s+replace\s+((?:transient\s+)?table)\s+([\w.\"]+)\s+clone\s+([\w.\"]+)\s*;?\s*", re.IGNORECASE
)


class ReplacingClones(Workaround):
    """fakesnow makes a clone by a SELECT, and forgets on the way that it is to replace a table."""

    @override
    def reworded(self, sql: str, session: AccountSession) -> str | None:
        found = _CLONE.fullmatch(sql)
        return f"create or replace {found[1]} {found[2]} as select * from {found[3]}" if found else None
