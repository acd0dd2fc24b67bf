import re
from typing import override

from tests.fakes.snowflake.account_session import AccountSession
from tests.fakes.snowflake.workaround import Workaround

_TEMPORARY = re.compile(
    r"(\s*create\s+(?:or\s+replace\s+)?)(?:local\s+|global\s+)?temp(?:orary)?\s+(table|view)(?=\s)", re.IGNORECASE
)


class TemporaryObjects(Workaround):
    """fakesnow makes temporary tables and views where no database and schema can be named; dbt names them whole.

    An ordinary one does as well: dbt replaces or drops its own.
    """

    @override
    def reworded(self, sql: str, session: AccountSession) -> str | None:
        return _TEMPORARY.sub(r"\1\2", sql, count=1) if _TEMPORARY.match(sql) else None
