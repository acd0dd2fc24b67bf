from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import dagster as dg
from platform_runtime.lakehouse.declaration import Declaration
from pydantic import Field

from databricks_delta.lakehouse.lakehouse import Row
from databricks_delta.lakehouse.months import MonthRange
from databricks_delta.lakehouse.table import LakehouseTable

IN_MONTHS = "_month BETWEEN :first_month AND :last_month"
"""The condition of the rows that a check by month looks at."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The table that is checked, and what stands around it.

    Attributes:
        rejected: the table of the rows that this one rejected, where there is one.
        source_key: the source's columns that tell one thing observed from another.
        partitions: every month that is a partition.
    """

    table: LakehouseTable
    bronze: LakehouseTable
    rejected: LakehouseTable | None
    source_key: tuple[str, ...]
    partitions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found."""

    passed: bool
    description: str
    metadata: Mapping[str, Any]


class QualityCheck(Declaration, ABC):
    """One check of one table, shown as an asset check."""

    name: str | None = Field(None, pattern=r"^[a-z][a-z0-9_]*$", description="Name, where the usual one is taken")
    severity: Literal["error", "warn"] = "error"

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


class MonthCheck(QualityCheck):
    """A check that each month passes or fails on its own; the worst month stands for the table."""

    @property
    def months_before(self) -> int:
        """How many months before those that are judged the SELECT looks at."""
        return 0

    def failures(self, rows: list[Row], months: MonthRange) -> dict[str, float]:  # noqa: ARG002 - for subclasses
        """How badly each month fails that does; by default the SELECT says so in `_month` and `failures`."""
        return {str(row["_month"]): float(str(row["failures"])) for row in rows}

    @abstractmethod
    def explain(self, failures: float) -> str:
        """A month's failure in words, such as "3 rows …"."""
