from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class AccountSession:
    """What Snowflake knows of a session and fakesnow does not, or does not say."""

    user: str
    role: str
    warehouse: str
    database: str
    schema: str
    query_tag: str = ""
    lock_timeout_seconds: float = 0
    timestamp_type: str = "TIMESTAMP_LTZ"
    """What `timestamp` means."""
    in_transaction: bool = False
    """Whether the client has begun a transaction and not ended it."""
    begin_is_due: bool = False
    """Whether that transaction is one that fakesnow does not know of yet."""
    failed: bool = False
    """Whether the last statement did, so that a transaction may be beyond use."""
    over: bool = False
    """Whether the client has ended the session."""
    temporary: list[str] = field(default_factory=list)
    """Statements that drop what the session made for itself alone."""

    def full_name(self, name: str) -> str:
        """An object's name in three parts as the catalogue has them, from one that a statement of the session gives."""
        parts = [part.strip('"') if part.startswith('"') else part.upper() for part in name.split(".")]
        return ".".join([self.database, self.schema][: 3 - len(parts)] + parts)
