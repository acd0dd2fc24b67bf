import re
from typing import override

from sqlglot.dialects.snowflake import Snowflake
from sqlglot.tokenizer_core import TokenType

from tests.fakes.snowflake.account_session import AccountSession
from tests.fakes.snowflake.workaround import Workaround

_WORD = re.compile(r"\btimestamp\b", re.IGNORECASE)


class TimestampMapping(Workaround):
    """`timestamp` is the type that the parameter TIMESTAMP_TYPE_MAPPING names, in a table, a cast or a contract.

    DATETIME and TIMESTAMP_NTZ are what they are (docs.snowflake.com, Date & time data types, "TIMESTAMP"). The account
    here is one whose administrator has set it to TIMESTAMP_LTZ, so that whatever relies on its default is seen.
    """

    @override
    def reworded(self, sql: str, session: AccountSession) -> str | None:
        if not _WORD.search(sql):
            return None
        types = [token for token in Snowflake().tokenize(sql) if token.token_type is TokenType.TIMESTAMP]
        for token in reversed([token for token in types if token.text.upper() == "TIMESTAMP"]):
            sql = f"{sql[: token.start]}{session.timestamp_type}{sql[token.end + 1 :]}"
        return sql
