import re

_CREATE_IF_NOT_EXISTS = re.compile(r"\s*create\s+(?:transient\s+)?table\s+if\s+not\s+exists\s+([^\s(]+)", re.IGNORECASE)


def made_unless_there(sql: str) -> str | None:
    """The table that a statement makes unless it is there, None for any other statement.

    fakesnow forgets which files a table was loaded from when it is told to make it again, even where it then does not.
    """
    matched = _CREATE_IF_NOT_EXISTS.match(sql)
    return matched[1] if matched else None
