import re
from dataclasses import dataclass
from datetime import date, timedelta

from databricks_delta.lakehouse.errors import LakehouseError

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
MONTH_COLUMN = "_month"
UNREADABLE_MONTH = "unreadable"
"""The month of a row whose time cannot be read."""


def first_day(month: str) -> date:
    """The first day of a month written `YYYY-MM`."""
    return date.fromisoformat(f"{month}-01")


def month_of(day: date) -> str:
    """The month, `YYYY-MM`, that a day lies in."""
    return day.isoformat()[:7]


def next_month(month: str) -> str:
    """The month after."""
    return month_of(first_day(month) + timedelta(days=31))


@dataclass(frozen=True, slots=True)
class MonthRange:
    """Consecutive months, both ends included, each written `YYYY-MM`."""

    first: str
    last: str

    def __post_init__(self) -> None:
        for month in (self.first, self.last):
            if _MONTH.fullmatch(month) is None:
                raise LakehouseError(f"{month!r} is not a month: write YYYY-MM")

    @property
    def months(self) -> tuple[str, ...]:
        """Every month, in order."""
        months = [self.first]
        while months[-1] < self.last:
            months.append(next_month(months[-1]))
        return tuple(months)

    def reaching_back(self, days: int) -> "MonthRange":
        """The months that a window of so many days before the first one reaches as well."""
        return MonthRange(month_of(first_day(self.first) - timedelta(days=days)), self.last)

    def rows(self, *, unreadable: bool) -> str:
        """The condition, legal on every engine, of the rows of these months, and of those without one if asked."""
        readable = f"{MONTH_COLUMN} >= '{self.first}' AND {MONTH_COLUMN} <= '{self.last}'"
        return f"({readable}) OR {MONTH_COLUMN} = '{UNREADABLE_MONTH}'" if unreadable else readable

    def __str__(self) -> str:
        return self.first if self.first == self.last else f"{self.first} to {self.last}"


def consecutive(months: set[str]) -> list[MonthRange]:
    """The months as the fewest ranges."""
    ranges: list[MonthRange] = []
    for month in sorted(months):
        if ranges and next_month(ranges[-1].last) == month:
            ranges[-1] = MonthRange(ranges[-1].first, month)
        else:
            ranges.append(MonthRange(month, month))
    return ranges
