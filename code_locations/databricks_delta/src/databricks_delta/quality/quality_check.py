from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import dagster as dg
from platform_runtime.lakehouse.declaration import Declaration
from pydantic import Field

from databricks_delta.lakehouse.bronze_source import BronzeSource
from databricks_delta.lakehouse.dimension_table import VALID_TO
from databricks_delta.lakehouse.lakehouse import Row
from databricks_delta.lakehouse.periods import PeriodRange
from databricks_delta.lakehouse.table import LakehouseTable


@dataclass(frozen=True, slots=True)
class Subject:
    """The table that is checked, and what stands around it.

    Attributes:
        source: whose rows its own are made of, where that is one source.
        rejected: the table of the rows that this one rejected, where there is one.
        partitions: every period that is a partition.
    """

    table: LakehouseTable
    source: BronzeSource | None
    rejected: LakehouseTable | None
    partitions: frozenset[str]

    @property
    def period(self) -> str:
        """The column that says to which period a row belongs; of a dimension, one that is the same in all rows."""
        return "is_whole" if self.table.granularity is None else self.table.period

    @property
    def rows(self) -> str:
        """What a check by period selects from: the table, or what holds of a dimension now."""
        if self.table.granularity is not None:
            return self.table.sql_name
        held = " WHERE valid_to IS NULL" if VALID_TO in self.table.columns else ""
        return f"(SELECT *, true AS is_whole FROM {self.table.sql_name}{held}) AS whole"  # noqa: S608

    @property
    def in_periods(self) -> str:
        """The condition of the rows that a check by period looks at."""
        granularity = self.table.granularity
        if granularity is None:
            return "true"
        return f"{granularity.column} BETWEEN :{granularity.first_parameter} AND :{granularity.last_parameter}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found."""

    passed: bool
    description: str
    metadata: Mapping[str, Any]


class QualityCheck(Declaration, ABC):
    """One check of one table, shown as an asset check."""

    name: str | None = Field(
        None,
        pattern=r"^[a-z][a-z0-9_]*$",
        description="Name, where the usual one is taken",
        examples=["months_covered"],
    )
    severity: Literal["error", "warn"] = Field("error", description="How bad a failure is", examples=["warn"])

    @property
    def check_name(self) -> str:
        """The name of the asset check."""
        return self.name or self.usual_name

    @property
    @abstractmethod
    def usual_name(self) -> str:
        """The name of the asset check, unless the declaration gives another."""

    @property
    @abstractmethod
    def about(self) -> str:
        """What holds when the check passes."""

    @property
    def asset_check_severity(self) -> dg.AssetCheckSeverity:
        """How bad a failure is."""
        return dg.AssetCheckSeverity.ERROR if self.severity == "error" else dg.AssetCheckSeverity.WARN

    @property
    def columns_named(self) -> tuple[str, ...]:
        """The table's columns that the declaration names."""
        return ()

    @abstractmethod
    def sql(self, subject: Subject) -> str:
        """The SELECT, in Databricks SQL, whose rows the check judges."""


class TableCheck(QualityCheck):
    """A check of the table as a whole."""

    @abstractmethod
    def judge(self, rows: list[Row], subject: Subject, now: datetime) -> Verdict:
        """What the rows mean at that time."""


class PeriodCheck(QualityCheck):
    """A check that each period passes or fails on its own; the worst period stands for the table."""

    @property
    def periods_before(self) -> int:
        """How many periods before those that are judged the SELECT looks at."""
        return 0

    def failures(self, rows: list[Row], periods: PeriodRange) -> dict[str, float]:
        """How badly each period fails that does; by default the SELECT says so: the period, and `failures`."""
        return {str(row[periods.column]): float(str(row["failures"])) for row in rows}

    @abstractmethod
    def explain(self, failures: float) -> str:
        """A period's failure in words, such as "3 rows …"."""
