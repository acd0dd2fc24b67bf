from typing import Self

from platform_contract.layer import Layer
from platform_contract.table_upkeep import PULL_REQUEST_DAYS
from platform_runtime.marks.marks import DeclaredMarks
from pydantic import Field, model_validator

from databricks_delta.declaration.column_name import ColumnName
from databricks_delta.declaration.declaration import Declaration
from databricks_delta.declaration.plot import Plot
from databricks_delta.lakehouse.runs_on import RunsOn
from databricks_delta.lakehouse.table import Column, ColumnType
from databricks_delta.quality.checks import Check
from databricks_delta.quality.unique import Unique

_NAME = r"[a-z][a-z0-9_]*"
# A pull request's shallow clones read files of production's tables until they are swept, a day or two after their last.
_SHORTEST_RETENTION_DAYS = PULL_REQUEST_DAYS + 2
_LIQUID_COLUMNS = 3  # beside `_month`; Databricks takes four


class DeclaredColumn(Declaration):
    """A column of a silver or gold table."""

    type: ColumnType
    description: str
    nullable: bool = True
    pii: bool | None = Field(
        None, description="Personal or not; left out, it is what the SELECT computes from the columns below that are"
    )

    def named(self, name: str) -> Column:
        """The column under its name."""
        return Column(name, self.type, self.description, self.nullable)


class DeclaredTable(Declaration):
    """What every table says of itself."""

    description: str
    clustering: list[str] = Field([], description="Columns that rows are ordered by within a month's files")
    liquid_clustering: bool = Field(
        True,
        description="In Databricks keep months and that order by liquid clustering; false: by folders",
    )
    constraints: dict[str, str] = Field({}, description="Delta check constraints: condition by name")
    retention_days: int = Field(
        30, ge=_SHORTEST_RETENTION_DAYS, description="How long earlier versions can be read and restored, and cloned"
    )
    checks: list[Check] = Field([])

    @model_validator(mode="after")
    def _check_clustering(self) -> Self:
        if self.liquid_clustering and len(self.clustering) > _LIQUID_COLUMNS:
            raise ValueError(
                f"clustering: liquid clustering takes `_month` and {_LIQUID_COLUMNS} columns at most; name fewer, or "
                "say liquid_clustering: false"
            )
        return self

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        names = [check.check_name for check in self.checks]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise ValueError(f"checks: two are called {', '.join(repeated)}; give one of them a name")
        return self


class BronzeTable(DeclaredTable):
    """The table that keeps every row of every file as it came."""

    table: str = Field(pattern=f"^{_NAME}$", description="Name in schema bronze")


class ComputedTable(DeclaredTable):
    """A silver or gold table, computed month by month by one SELECT."""

    table: str = Field(pattern=f"^(silver|gold)[.]{_NAME}$", description="<schema>.<table>")
    sql: str = Field(description="File beside defs.yaml with the SELECT, in Databricks SQL")
    columns: dict[ColumnName, DeclaredColumn] | None = Field(None, description="Every column but `_month`, in order")
    rejects_of: str | None = Field(None, description="The table that these are the rejected bronze rows of")
    reads_days_before: int = Field(0, ge=0, description="How many days before its month the SELECT looks back")
    runs_on: RunsOn = Field(RunsOn.SQL_WAREHOUSE, description="What computes it in Databricks")
    timeout_minutes: int = Field(120, ge=1, description="How long a job of its own may take to compute it")
    plot: Plot | None = None

    @property
    def layer(self) -> Layer:
        """The schema, which is the layer."""
        return Layer(self.table.split(".")[0])

    @property
    def name(self) -> str:
        """The name within the schema."""
        return self.table.split(".")[1]

    @property
    def declared_marks(self) -> DeclaredMarks:
        """What the columns say of being personal."""
        said = {name.lower(): column.pii for name, column in (self.columns or {}).items()}
        return DeclaredMarks(
            marked=frozenset(name for name, pii in said.items() if pii is True),
            cleared=frozenset(name for name, pii in said.items() if pii is False),
        )

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that tell its rows apart, which its `unique` check holds it to; none without one."""
        return next((tuple(check.columns) for check in self.checks if isinstance(check, Unique)), ())

    @model_validator(mode="after")
    def _check_columns(self) -> Self:
        if (self.columns is None) == (self.rejects_of is None):
            raise ValueError(
                f"{self.table}: give either columns, or rejects_of with the name of the table whose rejected rows "
                "these are (their columns are bronze's, and the reason)"
            )
        return self
