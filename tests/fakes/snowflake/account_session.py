from dataclasses import dataclass


@dataclass(slots=True)
class AccountSession:
    """What Snowflake knows of a session and fakesnow does not."""

    user: str
    role: str
    warehouse: str
    query_tag: str = ""
