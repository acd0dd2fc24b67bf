import json
from collections.abc import Mapping
from dataclasses import dataclass

import sqlglot

from databricks_delta.lakehouse.databricks.declared_properties import DECLARED_COLUMNS
from databricks_delta.lakehouse.databricks.session import Session
from databricks_delta.lakehouse.lakehouse import Row
from databricks_delta.lakehouse.statement import DIALECT
from databricks_delta.lakehouse.table import LakehouseTable

_CONSTRAINT = "delta.constraints."


@dataclass(frozen=True, slots=True)
class StoredColumn:
    """A column as the table has it; its type in the words of Databricks SQL."""

    name: str
    type: str
    comment: str


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A table as it stands in the catalog.

    Attributes:
        comment: what it says of itself.
        columns: in order.
        partitioned_by: columns that its folders are named by.
        clustered_by: columns of its liquid clustering.
        properties: Delta's and our own.
    """

    comment: str
    columns: tuple[StoredColumn, ...]
    partitioned_by: tuple[str, ...]
    clustered_by: tuple[str, ...]
    properties: Mapping[str, str]

    @property
    def constraints(self) -> dict[str, str]:
        """Each check constraint's condition, by its name in lower case."""
        return {
            name.removeprefix(_CONSTRAINT).lower(): condition
            for name, condition in self.properties.items()
            if name.startswith(_CONSTRAINT)
        }

    @property
    def declared_columns(self) -> dict[str, bool]:
        """The columns of the declaration that it was last brought in line with, and whether each could be null."""
        return dict(json.loads(self.properties.get(DECLARED_COLUMNS, "{}")))


def stored_table(session: Session, table: LakehouseTable) -> StoredTable:
    """What stands under the table's name; there must be such a table."""
    (detail,) = session.rows(f"DESCRIBE DETAIL {table.full_name}", {}, table.full_name)
    described = session.rows(f"DESCRIBE TABLE {table.full_name}", {}, table.full_name)
    return StoredTable(
        comment=_text(detail["description"]),
        columns=tuple(_columns(described)),
        partitioned_by=_names(detail["partitionColumns"]),
        clustered_by=_names(detail["clusteringColumns"]),
        properties=_properties(detail["properties"]),
    )


def same_condition(one: str, other: str) -> bool:
    """Whether two conditions say the same, however they are spaced and bracketed."""
    return _normalised(one) == _normalised(other)


def _columns(described: list[Row]) -> list[StoredColumn]:
    """The rows up to the first that speaks of something else than a column."""
    columns: list[StoredColumn] = []
    for row in described:
        name = _text(row["col_name"])
        if not name or name.startswith("#"):
            break
        columns.append(StoredColumn(name, _text(row["data_type"]).lower(), _text(row["comment"])))
    return columns


def _names(values: object) -> tuple[str, ...]:
    # The client gives arrays as numpy's.
    return tuple(str(value) for value in values) if hasattr(values, "__iter__") else ()  # type: ignore[attr-defined]


def _properties(values: object) -> dict[str, str]:
    # The client gives maps as lists of pairs.
    pairs = values.items() if isinstance(values, Mapping) else values
    return {str(name): str(value) for name, value in pairs} if hasattr(pairs, "__iter__") else {}  # type: ignore[attr-defined]


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _normalised(condition: str) -> str:
    return sqlglot.parse_one(condition, dialect=DIALECT).unnest().sql(dialect=DIALECT)
