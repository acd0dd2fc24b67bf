import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile

import sqlglot

from databricks_delta.lakehouse.databricks.declared_properties import DECLARED_COLUMNS
from databricks_delta.lakehouse.databricks.session import Session
from databricks_delta.lakehouse.lakehouse import Row
from databricks_delta.lakehouse.statement import DIALECT
from databricks_delta.lakehouse.table import LakehouseTable

_CONSTRAINT = "delta.constraints."
_PARTITIONS = "# Partition Information"
_DETAILS = "# Detailed Table Information"
_LEGEND = "# col_name"


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
    name = table.full_name
    described = [
        _Line(_text(row["col_name"]), row) for row in session.rows(f"DESCRIBE TABLE EXTENDED {name}", {}, name)
    ]
    properties = session.rows(f"SHOW TBLPROPERTIES {name}", {}, name)
    partitioned_by = tuple(line.name for line in _section(described, _PARTITIONS))
    return StoredTable(
        comment=next((line.value for line in _section(described, _DETAILS) if line.name == "Comment"), ""),
        columns=tuple(StoredColumn(line.name, line.value.lower(), line.comment) for line in _until_next(described)),
        partitioned_by=partitioned_by,
        clustered_by=() if partitioned_by else _clustered_by(session, name),
        properties={_text(row["key"]): _text(row["value"]) for row in properties},
    )


def same_condition(one: str, other: str) -> bool:
    """Whether two conditions say the same, however they are spaced and bracketed."""
    return _normalised(one) == _normalised(other)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a description: a column with its type and comment, a detail with its value, or a heading."""

    name: str
    row: Row

    @property
    def value(self) -> str:
        return _text(self.row["data_type"])

    @property
    def comment(self) -> str:
        return _text(self.row["comment"])


def _section(described: list[_Line], heading: str) -> list[_Line]:
    headings = [number for number, line in enumerate(described) if line.name == heading]
    # Right under it may stand what the lines below hold.
    return _until_next([line for line in described[headings[0] + 1 :] if line.name != _LEGEND]) if headings else []


def _until_next(described: list[_Line]) -> list[_Line]:
    return list(takewhile(lambda line: line.name and not line.name.startswith("#"), described))


def _clustered_by(session: Session, name: str) -> tuple[str, ...]:
    # Slower than a description, which does not say it everywhere.
    (detail,) = session.rows(f"DESCRIBE DETAIL {name}", {}, name)
    columns = detail["clusteringColumns"]
    # The client gives arrays as numpy's.
    return tuple(str(column) for column in columns) if isinstance(columns, Iterable) else ()


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _normalised(condition: str) -> str:
    return sqlglot.parse_one(condition, dialect=DIALECT).unnest().sql(dialect=DIALECT)
