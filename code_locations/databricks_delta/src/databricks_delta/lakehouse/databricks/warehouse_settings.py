from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WarehouseSettings:
    """Where statements go, and how long anyone waits for them.

    Attributes:
        catalog: holds the schemas.
        deployment: whose statements these are, for the tags by which the query history is searched.
        statement_timeout_seconds: after that long the warehouse ends a statement.
        start_timeout_seconds: how long a warehouse may take to start, and a connection to come back.
        attempts: how often an operation is tried when what stopped it passes by itself.
        retry_pause_seconds: pause before the second attempt; it doubles before each one after that.
    """

    catalog: str
    deployment: str
    statement_timeout_seconds: int
    start_timeout_seconds: int
    attempts: int
    retry_pause_seconds: float
