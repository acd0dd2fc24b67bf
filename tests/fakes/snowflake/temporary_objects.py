import re
from typing import override

from tests.fakes.snowflake.account_session import AccountSession
from tests.fakes.snowflake.workaround import Workaround

_TEMPORARY = re.compile(
    r"(\s*create\s+(?:or\s+replace\s+)?)(?:local\s+|global\s+)?temp(?:orary)?\s+(table|view)"
    r"(?=\s+(?:if\s+not\s+exists\s+)?([^\s(]+))",
    re.IGNORECASE,
)


class TemporaryObjects(Workaround):
    """fakesnow makes temporary tables and views where no database and schema can be named; dbt names them whole.

    An ordinary one does as well, if it is dropped when its session ends.
    """

    @override
    def reworded(self, sql: str, session: AccountSession) -> str | None:
        matched = _TEMPORARY.match(sql)
        if matched is None:
            return None
        start, kind, name = matched.groups()
        session.temporary.append(f"DROP {kind} IF EXISTS {name}")
        return f"{start}{kind}{sql[matched.end() :]}"
