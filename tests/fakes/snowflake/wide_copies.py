import re
from typing import override

from tests.fakes.snowflake.account_session import AccountSession
from tests.fakes.snowflake.workaround import Workaround

_COPY = re.compile(r"(\s*copy\s+into\s+\S+\s*\((?P<columns>[^)]*)\)\s*from\s+)(?P<source>@\S+)", re.IGNORECASE)
# With that many DuckDB writes `column00` where fakesnow asks for `column0`.
_WIDE = 11


class WideCopies(Workaround):
    """fakesnow finds no column of a file that has more than ten, where a COPY INTO says which columns it fills."""

    @override
    def reworded(self, sql: str, session: AccountSession) -> str | None:
        matched = _COPY.match(sql)
        if matched is None:
            return None
        count = len(matched["columns"].split(","))
        if count < _WIDE:
            return None
        columns = ", ".join(f"column{position:02}" for position in range(count))
        return f"{matched[1]}(select {columns} from {matched['source']}){sql[matched.end() :]}"
