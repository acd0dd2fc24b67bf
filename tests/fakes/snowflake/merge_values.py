import re
from typing import override

import sqlglot
from sqlglot import exp

from tests.fakes.snowflake.account_session import AccountSession
from tests.fakes.snowflake.workaround import Workaround

_MERGE = re.compile(r"(\s|--[^\n]*\n|/\*.*?\*/)*merge\s+into\s", re.IGNORECASE | re.DOTALL)


class MergeValues(Workaround):
    """fakesnow finds a MERGE ambiguous that inserts columns without saying whose; Snowflake takes the source's."""

    @override
    def reworded(self, sql: str, session: AccountSession) -> str | None:
        if not _MERGE.match(sql):
            return None
        merge = sqlglot.parse_one(sql, dialect="snowflake")
        source = merge.args["using"].alias_or_name
        for when in merge.args["whens"].expressions:
            inserted = when.args["then"]
            if isinstance(inserted, exp.Insert):
                _qualify(inserted.expression, source)
        return merge.sql(dialect="snowflake", comments=False)


def _qualify(values: exp.Expr, source: str) -> None:
    for column in values.find_all(exp.Column):
        if not column.table:
            column.set("table", exp.to_identifier(source))
