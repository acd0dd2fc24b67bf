import re

from tests.fakes.snowflake.account_session import AccountSession

_COMMENTS = r"(?:\s|--[^\n]*\n|/\*.*?\*/)*"
_MADE = re.compile(
    rf"{_COMMENTS}create\s+(?P<replace>or\s+replace\s+)?(?:transient\s+)?(?:table|view)\s+"
    r"(?:if\s+not\s+exists\s+)?(?P<name>[\w.\"]+)",
    re.IGNORECASE | re.DOTALL,
)
_UNMADE = re.compile(
    rf"{_COMMENTS}(?P<verb>drop|alter)\s+(?:table|view)\s+(?:if\s+exists\s+)?(?P<name>[\w.\"]+)",
    re.IGNORECASE | re.DOTALL,
)


class Owners:
    """Which role owns each table and view: the one that made it.

    To replace, drop or alter an object takes OWNERSHIP of it, which no grant of the schema's gives (docs.snowflake.com:
    CREATE TABLE, "Access control requirements"; Access control privileges, "Table privileges"). Roles above the owner
    may as well; none of them has a session here. What was made past the wire has no owner.
    """

    def __init__(self) -> None:
        self._roles: dict[str, str] = {}

    def stranger(self, sql: str, session: AccountSession) -> str | None:
        """The object that a statement replaces, drops or alters, in three parts, where another role owns it."""
        matched = _MADE.match(sql) or _UNMADE.match(sql)
        if matched is None or (matched.re is _MADE and not matched["replace"]):
            return None
        name = session.full_name(matched["name"])
        return name if self._roles.get(name, session.role) != session.role else None

    def note(self, sql: str, session: AccountSession) -> None:
        """Note what a statement has made or dropped."""
        if made := _MADE.match(sql):
            self._roles[session.full_name(made["name"])] = session.role
        elif (unmade := _UNMADE.match(sql)) and unmade["verb"].lower() == "drop":
            self._roles.pop(session.full_name(unmade["name"]), None)


def refusal(name: str) -> str:
    """What Snowflake says to a role that does not own an object."""
    return f"SQL access control error:\nInsufficient privileges to operate on table '{name.rpartition('.')[2]}'."
