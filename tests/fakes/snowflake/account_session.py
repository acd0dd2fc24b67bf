from dataclasses import dataclass, field


@dataclass(slots=True)
class AccountSession:
    """What Snowflake knows of a session and fakesnow does not."""

    user: str
    role: str
    warehouse: str
    query_tag: str = ""
    begin_is_due: bool = False
    """Whether the client has begun a transaction that fakesnow does not know of yet."""
    failed: bool = False
    """Whether the last statement did, so that a transaction may be beyond use."""
    temporary: list[str] = field(default_factory=list)
    """Statements that drop what the session made for itself alone."""
