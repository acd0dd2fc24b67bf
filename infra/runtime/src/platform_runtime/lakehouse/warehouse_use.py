from pydantic import Field

from platform_runtime.lakehouse.declaration import Declaration


class WarehouseUse(Declaration):
    """How long a lakehouse waits for the SQL warehouse, and how often it tries."""

    statement_timeout_seconds: int = Field(
        default=3600, ge=1, description="After that long the warehouse ends a statement", examples=[600]
    )
    start_timeout_seconds: int = Field(
        default=600,
        ge=1,
        description="How long the warehouse may take to start, and a connection to come back",
        examples=[300],
    )
    attempts: int = Field(
        # Without folders any two writers of a table meet, whichever periods they replace, and one of them starts again.
        default=8,
        ge=1,
        description="How often an operation is tried when what stopped it passes by itself",
        examples=[3],
    )
    retry_pause_seconds: float = Field(
        default=2.0, ge=0, description="Pause before the second attempt, then twice as long", examples=[5.0]
    )
