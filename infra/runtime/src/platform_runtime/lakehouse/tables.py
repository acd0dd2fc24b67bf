from enum import StrEnum
from typing import Literal, Self, override

from platform_contract.layer import Layer
from platform_contract.table_upkeep import PULL_REQUEST_DAYS
from pydantic import Field, model_validator

from platform_runtime.declared_schema import JsonSchema, given, only_keys
from platform_runtime.lakehouse.columns import ColumnName, DeclaredColumn
from platform_runtime.lakehouse.declaration import Declaration
from platform_runtime.marks.marks import DeclaredMarks

_NAME = r"[a-z][a-z0-9_]*"
# A pull request's shallow clones read files of production's tables until they are swept, a day or two after their last.
_SHORTEST_RETENTION_DAYS = PULL_REQUEST_DAYS + 2
_LIQUID_COLUMNS = 3  # beside the period; Databricks takes four


class RunsOn(StrEnum):
    """What computes a table in Databricks; on a laptop the same SELECT runs where all others do."""

    SQL_WAREHOUSE = "sql_warehouse"
    SPARK_JOB = "spark_job"


class Dimension(StrEnum):
    """How a table without a period is kept: as its SELECT gives it now, or with every version that it ever gave."""

    REPLACED = "replaced"
    VERSIONS = "versions"


class Plot(Declaration):
    """A picture of a table, drawn whenever it is materialised."""

    title: str = Field(description="What stands above it", examples=["Mean temperature of each day"])
    x: str = Field(description="Column of dates or times", examples=["day"])
    y: str = Field(description="Column of numbers", examples=["mean_temp_c"])
    series: str = Field(description="Column whose every value gets a colour of its own", examples=["station"])
    label: str = Field(description="What the y axis shows, with its unit", examples=["°C"])
    marks: Literal["line", "points"] = Field(description="Whether values are joined", examples=["line"])


class DeclaredTable[Check](Declaration):
    """What every table says of itself; how much of its checks is read, the reader decides."""

    description: str = Field(description="What it holds", examples=["A station's UTC day in one row."])
    clustering: list[str] = Field(
        [], description="Columns that rows are ordered by within a period's files", examples=[["station", "day"]]
    )
    liquid_clustering: bool = Field(
        True,
        description="In Databricks keep periods and that order by liquid clustering; false: by folders",
        examples=[False],
    )
    constraints: dict[str, str] = Field(
        {}, description="Delta check constraints: condition by name", examples=[{"readings_counted": "readings > 0"}]
    )
    retention_days: int = Field(
        30,
        ge=_SHORTEST_RETENTION_DAYS,
        description="How long earlier versions can be read and restored, and cloned",
        examples=[90],
    )
    checks: list[Check] = Field(
        [],
        description="What is examined whenever it is materialised",
        examples=[[{"type": "not_null", "columns": ["station"]}]],
    )

    @classmethod
    @override
    def schema_rules(cls) -> list[JsonSchema]:
        liquid = {"properties": {"liquid_clustering": {"const": True}}}
        return [{"if": liquid, "then": {"properties": {"clustering": {"maxItems": _LIQUID_COLUMNS}}}}]

    @model_validator(mode="after")
    def _check_clustering(self) -> Self:
        if self.liquid_clustering and len(self.clustering) > _LIQUID_COLUMNS:
            raise ValueError(
                f"clustering: liquid clustering takes the period and {_LIQUID_COLUMNS} columns at most; name fewer, or "
                "say liquid_clustering: false"
            )
        return self


class BronzeTable[Check](DeclaredTable[Check]):
    """The table that keeps every row of every file as it came."""

    table: str = Field(pattern=f"^{_NAME}$", description="Name in bronze", examples=["tide_levels"])

    @property
    def layer(self) -> Layer:
        """Its layer."""
        return Layer.BRONZE

    @property
    def name(self) -> str:
        """Its name within the layer."""
        return self.table


class ComputedTable[Check](DeclaredTable[Check]):
    """A silver or gold table, computed period by period, or whole where it is a dimension, by one SELECT."""

    table: str = Field(
        pattern=f"^(silver|gold)[.]{_NAME}$",
        description="<layer>.<table>, as SQL names it too",
        examples=["gold.station_daily_summary"],
    )
    sql: str = Field(
        description="File beside defs.yaml with the SELECT, in Databricks SQL", examples=["station_daily_summary.sql"]
    )
    columns: dict[ColumnName, DeclaredColumn] | None = Field(
        None,
        description="Every column but that of the period, in order",
        examples=[{"day": {"type": "date", "nullable": False, "description": "UTC date"}}],
    )
    dimension: Dimension | None = Field(
        None,
        description="Of a table without a period: `replaced` whole, or kept as `versions`, each with the instants "
        "valid_from and valid_to (null while it holds)",
        examples=["replaced"],
    )
    rejects_of: str | None = Field(
        None,
        description="The table that these are the rejected bronze rows of",
        examples=["silver.tide_levels"],
    )
    reads_days_before: int = Field(
        0, ge=0, description="How many days before its period the SELECT looks back", examples=[30]
    )
    runs_on: RunsOn = Field(RunsOn.SQL_WAREHOUSE, description="What computes it in Databricks", examples=["spark_job"])
    timeout_minutes: int = Field(
        120, ge=1, description="How long a job of its own may take to compute it", examples=[60]
    )
    publish: str | None = Field(
        None,
        description="Domain that receives it: each period as a Parquet file in its landing place, <table>/<period>",
        examples=["till"],
    )
    plot: Plot | None = Field(
        None,
        description="A picture of it, drawn whenever it is materialised",
        examples=[
            {"title": "Rain", "x": "day", "y": "rain_mm", "series": "station", "label": "mm", "marks": "line"},
        ],
    )

    @classmethod
    @override
    def schema_rules(cls) -> list[JsonSchema]:
        text = {"type": "string"}
        columns: JsonSchema = {"properties": {"columns": {"type": "object"}}, "required": ["columns"]}
        return [
            *super().schema_rules(),
            given({"rejects_of": text}, only_keys(cls.model_fields, ["columns", "dimension"])) | {"else": columns},
            given({"dimension": text}, only_keys(cls.model_fields, ["rejects_of", "publish", "plot"])),
            given({"dimension": text}, {"properties": {"reads_days_before": {"const": 0}}}),
            given({"dimension": text}, {"properties": {"runs_on": {"const": RunsOn.SQL_WAREHOUSE.value}}}),
        ]

    @property
    def layer(self) -> Layer:
        """Its layer."""
        return Layer(self.table.split(".")[0])

    @property
    def name(self) -> str:
        """Its name within the layer."""
        return self.table.split(".")[1]

    @property
    def declared_marks(self) -> DeclaredMarks:
        """What the columns say of being personal."""
        said = {name.lower(): column.pii for name, column in (self.columns or {}).items()}
        return DeclaredMarks(
            marked=frozenset(name for name, pii in said.items() if pii is True),
            cleared=frozenset(name for name, pii in said.items() if pii is False),
        )

    @model_validator(mode="after")
    def _check_dimension(self) -> Self:
        periodic = {
            "rejects_of": self.rejects_of is not None,
            "reads_days_before": self.reads_days_before > 0,
            "runs_on": self.runs_on is not RunsOn.SQL_WAREHOUSE,
            "publish": self.publish is not None,
            "plot": self.plot is not None,
        }
        named = [key for key, given in periodic.items() if given]
        if self.dimension is not None and named:
            raise ValueError(f"{self.table}: a dimension has no period, so it takes no {' and no '.join(named)}")
        return self

    @model_validator(mode="after")
    def _check_columns(self) -> Self:
        if (self.columns is None) == (self.rejects_of is None):
            raise ValueError(
                f"{self.table}: give either columns, or rejects_of with the name of the table whose rejected rows "
                "these are (their columns are bronze's, and the reason)"
            )
        return self
