import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from platform_runtime.lakehouse.declaration import Declaration

ColumnName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
"""A column that someone declares: Delta takes no spaces or commas, and a leading underscore marks our own columns."""

_DECIMAL = re.compile(r"decimal\(([0-9]{1,2}), ?([0-9]{1,2})\)")
_MOST_DIGITS = 38


class ColumnType(StrEnum):
    """A column's type, by its name in Databricks SQL."""

    STRING = "string"
    BOOLEAN = "boolean"
    INT = "int"
    BIGINT = "bigint"
    DOUBLE = "double"
    DATE = "date"
    TIMESTAMP = "timestamp"
    TIMESTAMP_NTZ = "timestamp_ntz"
    BINARY = "binary"


@dataclass(frozen=True, slots=True)
class DecimalType:
    """Exact numbers of so many digits, some of them behind the point."""

    precision: int
    scale: int

    @property
    def value(self) -> str:
        """Its name in Databricks SQL."""
        return f"decimal({self.precision},{self.scale})"

    def __str__(self) -> str:
        return self.value


def _parsed_type(said: object) -> object:
    """What `decimal(p, s)` stands for; the rest is for the enum to know."""
    found = _DECIMAL.fullmatch(said) if isinstance(said, str) else None
    if found is None:
        return said
    precision, scale = map(int, found.groups())
    if not 1 <= precision <= _MOST_DIGITS or scale > precision:
        raise ValueError(f"{said}: a decimal has 1 to {_MOST_DIGITS} digits, none to all of them behind the point")
    return DecimalType(precision, scale)


_NAMES = "|".join(ColumnType)
DeclaredType = Annotated[
    ColumnType | DecimalType,
    BeforeValidator(_parsed_type),
    WithJsonSchema({"type": "string", "pattern": rf"^({_NAMES}|decimal\([0-9]{{1,2}}, ?[0-9]{{1,2}}\))$"}),
]
"""A type as `defs.yaml` names it, such as `bigint` or `decimal(12, 2)`."""


class SourceColumn(Declaration):
    """A column of the files, where more is to be said of it than a description."""

    description: str = Field(description="What it holds, with its unit", examples=["Name of the customer"])
    type: DeclaredType = Field(
        ColumnType.STRING,
        description="Of parquet: what the files hold and bronze keeps; what is nested is a string of JSON",
        examples=["bigint"],
    )
    pii: bool = Field(
        False,
        description="Holds what is personal: its values, and what is computed of them, stay within",
        examples=[True],
    )


class DeclaredColumn(Declaration):
    """A column of a silver or gold table."""

    type: DeclaredType = Field(description="Its type, by the name in Databricks SQL", examples=["double"])
    description: str = Field(description="What it holds, with its unit", examples=["Temperature, °C"])
    nullable: bool = Field(True, description="Whether a row may be without it", examples=[False])
    pii: bool | None = Field(
        None,
        description="Personal or not; left out, it is what the SELECT computes from the columns below that are",
        examples=[False],
    )
