from enum import StrEnum
from typing import Annotated

from pydantic import Field

from platform_runtime.lakehouse.declaration import Declaration

ColumnName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
"""A column that someone declares: Delta takes no spaces or commas, and a leading underscore marks our own columns."""


class ColumnType(StrEnum):
    """A column's type, by its name in Databricks SQL."""

    STRING = "string"
    BOOLEAN = "boolean"
    INT = "int"
    BIGINT = "bigint"
    DOUBLE = "double"
    DATE = "date"
    TIMESTAMP = "timestamp"


class SourceColumn(Declaration):
    """A column of the files, where more is to be said of it than a description."""

    description: str = Field(description="What it holds, with its unit", examples=["Name of the customer"])
    pii: bool = Field(
        False,
        description="Holds what is personal: its values, and what is computed of them, stay within",
        examples=[True],
    )


class DeclaredColumn(Declaration):
    """A column of a silver or gold table."""

    type: ColumnType = Field(description="Its type, by the name in Databricks SQL", examples=["double"])
    description: str = Field(description="What it holds, with its unit", examples=["Temperature, °C"])
    nullable: bool = Field(True, description="Whether a row may be without it", examples=[False])
    pii: bool | None = Field(
        None,
        description="Personal or not; left out, it is what the SELECT computes from the columns below that are",
        examples=[False],
    )
