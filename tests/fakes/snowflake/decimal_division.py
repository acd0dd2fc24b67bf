from typing import override

import sqlglot
from sqlglot import exp

from tests.fakes.snowflake.account_session import AccountSession
from tests.fakes.snowflake.workaround import Workaround

# Snowflake's division of numbers has at least six digits more than its dividend.
_QUOTIENT = "DECIMAL(38, 12)"


class DecimalDivision(Workaround):
    """DuckDB divides decimals as doubles, where half a cent is often a little less than that, and rounds it down.

    Only a quotient that is rounded is put right; of doubles, none of which the platform divides so, it would be wrong.
    """

    @override
    def reworded(self, sql: str, session: AccountSession) -> str | None:
        if "round(" not in sql.lower() or "/" not in sql:
            return None
        statement = sqlglot.parse_one(sql, dialect="snowflake")
        quotients = [rounded.this for rounded in statement.find_all(exp.Round) if isinstance(rounded.this, exp.Div)]
        for quotient in quotients:
            quotient.replace(exp.cast(quotient.copy(), _QUOTIENT))
        return statement.sql(dialect="snowflake", comments=False) if quotients else None
