from dataclasses import dataclass
from datetime import datetime

from databricks_delta.lakehouse.sql_names import quoted
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.lakehouse.table import Column, ColumnType, LakehouseTable

VALID_FROM = Column("valid_from", ColumnType.TIMESTAMP, "When this version was first computed", nullable=False)
VALID_TO = Column("valid_to", ColumnType.TIMESTAMP, "When it held no longer; null while it holds", nullable=True)


@dataclass(frozen=True, slots=True)
class DimensionTable:
    """A table above bronze that has no period: one SELECT gives the whole of it.

    Attributes:
        statement: the SELECT, of what holds now.
        keeps_versions: whether rows that hold no longer stay, with when they began and ceased to hold.
    """

    table: LakehouseTable
    statement: Statement
    keeps_versions: bool

    @property
    def changes(self) -> Statement:
        """How many rows, as `n`, differ between what the table holds now and what the SELECT gives."""
        now = self._arriving
        held = f"SELECT {self._selected} FROM {self.table.sql_name}{self._holding}"  # noqa: S608
        differing = f"({now} EXCEPT ALL {held}) UNION ALL ({held} EXCEPT ALL {now})"
        return self._asked(f"SELECT count(*) AS n FROM ({differing}) AS differing")  # noqa: S608

    def contents(self, at: datetime) -> Statement:
        """All rows that the table has to have, once its SELECT was run at that instant."""
        return self._asked(self._versions(at) if self.keeps_versions else self._arriving)

    @property
    def _arriving(self) -> str:
        distinct = "DISTINCT " if self.keeps_versions else ""
        return f"SELECT {distinct}{self._selected} FROM (\n{self.statement.sql}\n) AS arriving"  # noqa: S608

    @property
    def _holding(self) -> str:
        return f" WHERE {VALID_TO.name} IS NULL" if self.keeps_versions else ""

    def _versions(self, at: datetime) -> str:
        instant = f"TIMESTAMP '{at:%Y-%m-%dT%H:%M:%S.%f}Z'"
        same = " AND ".join(f"a.`{name}` <=> s.`{name}`" for name in self.selected_columns)
        standing = ", ".join(f"s.`{name}`" for name in self.selected_columns)
        arriving = ", ".join(f"a.`{name}`" for name in self.selected_columns)
        held = f"SELECT *, true AS is_held FROM {self.table.sql_name} WHERE valid_to IS NULL"  # noqa: S608
        return f"""
SELECT {standing}, s.valid_from,
  CASE WHEN s.valid_to IS NULL AND a.is_given IS NULL THEN {instant} ELSE s.valid_to END AS valid_to
FROM {self.table.sql_name} AS s LEFT JOIN (SELECT *, true AS is_given FROM ({self._arriving}) AS g) AS a ON {same}
UNION ALL
SELECT {arriving}, {instant} AS valid_from, CAST(NULL AS TIMESTAMP) AS valid_to
FROM ({self._arriving}) AS a LEFT JOIN ({held}) AS s ON {same} WHERE s.is_held IS NULL"""  # noqa: S608

    @property
    def selected_columns(self) -> tuple[str, ...]:
        """The columns that the SELECT gives."""
        added = (VALID_FROM, VALID_TO) if self.keeps_versions else ()
        return tuple(column.name for column in self.table.columns if column not in added)

    @property
    def _selected(self) -> str:
        return quoted(self.selected_columns)

    def _asked(self, sql: str) -> Statement:
        return Statement(sql, self.statement.origin, self.statement.parameters)
