import re
from typing import override

from tests.fakes.snowflake.account_session import AccountSession
from tests.fakes.snowflake.workaround import DONE, Workaround

_GRANT = re.compile(r"\s*(grant|revoke)\s", re.IGNORECASE)
_SHOW_GRANTS = re.compile(r"\s*show\s+grants\s", re.IGNORECASE)
_COLUMNS = ("created_on", "privilege", "granted_on", "name", "granted_to", "grantee_name", "grant_option", "granted_by")


class Privileges(Workaround):
    """fakesnow has no privileges; who may do what is proved on the fake account, which has no tables."""

    @override
    def reworded(self, sql: str, session: AccountSession) -> str | None:
        if _GRANT.match(sql):
            return DONE
        if _SHOW_GRANTS.match(sql):
            columns = ", ".join(f"'' AS \"{column}\"" for column in _COLUMNS)
            return f"SELECT {columns} WHERE FALSE"
        return None
