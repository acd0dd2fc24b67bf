import re
from typing import override

from tests.fakes.snowflake.account_session import AccountSession
from tests.fakes.snowflake.workaround import DONE, Workaround

_SET_TAG = re.compile(r"\s*alter\s+session\s+set\s+query_tag\s*=\s*'((?:[^']|'')*)'", re.IGNORECASE)
_UNSET_TAG = re.compile(r"\s*alter\s+session\s+unset\s+query_tag\b", re.IGNORECASE)
_SET_TIMESTAMP = re.compile(r"\s*alter\s+session\s+set\s+timestamp_type_mapping\s*=\s*'(\w+)'", re.IGNORECASE)
_ALTER_SESSION = re.compile(r"\s*alter\s+session\s+(un)?set\s", re.IGNORECASE)
_SHOW_TAG = re.compile(r"\s*show\s+parameters\s+like\s+'query_tag'", re.IGNORECASE)


class SessionParameters(Workaround):
    """fakesnow refuses ALTER SESSION; here the query tag is kept for tests to see, and some others."""

    @override
    def reworded(self, sql: str, session: AccountSession) -> str | None:
        if matched := _SET_TAG.match(sql):
            session.query_tag = matched.group(1)
            return DONE
        if matched := _SET_TIMESTAMP.match(sql):
            session.timestamp_type = matched.group(1)
            return DONE
        if _UNSET_TAG.match(sql):
            session.query_tag = ""
            return DONE
        if _SHOW_TAG.match(sql):
            return f"SELECT 'QUERY_TAG' AS \"key\", '{session.query_tag}' AS \"value\""
        return DONE if _ALTER_SESSION.match(sql) else None
