import re
from dataclasses import dataclass
from datetime import date, timedelta

from platform_runtime.lakehouse.granularity import Granularity

from databricks_delta.lakehouse.errors import LakehouseError

PERIOD_COLUMNS = frozenset(granularity.column for granularity in Granularity)
UNREADABLE_PERIOD = "unreadable"
"""The period of a row whose time cannot be read."""


def granularity_of(period: str) -> Granularity:
    """How long a period is, which its form says.

    Raises:
        LakehouseError: when it is none.
    """
    for granularity in Granularity:
        if re.fullmatch(granularity.pattern, period):
            return granularity
    forms = ", ".join(granularity.written for granularity in Granularity)
    raise LakehouseError(f"{period!r} is not a period: write {forms}")


def first_day(period: str) -> date:
    """The first day of a period."""
    return date.fromisoformat(f"{period}{granularity_of(period).first_day}")


def period_of(day: date, granularity: Granularity) -> str:
    """The period that a day lies in."""
    return day.isoformat()[: len(granularity.written)]


def next_period(period: str) -> str:
    """The period after."""
    granularity = granularity_of(period)
    return period_of(first_day(period) + timedelta(days=granularity.longest_days), granularity)


@dataclass(frozen=True, slots=True)
class PeriodRange:
    """Consecutive periods of one granularity, both ends included."""

    first: str
    last: str

    def __post_init__(self) -> None:
        if granularity_of(self.first) is not granularity_of(self.last):
            raise LakehouseError(f"{self.first} and {self.last} are no range: one is longer than the other")

    @property
    def granularity(self) -> Granularity:
        """How long each is."""
        return granularity_of(self.first)

    @property
    def column(self) -> str:
        """The column that says to which a row belongs."""
        return self.granularity.column

    @property
    def periods(self) -> tuple[str, ...]:
        """Every period, in order."""
        periods = [self.first]
        while periods[-1] < self.last:
            periods.append(next_period(periods[-1]))
        return tuple(periods)

    def reaching_back(self, days: int) -> "PeriodRange":
        """The periods that a window of so many days before the first one reaches as well."""
        return PeriodRange(period_of(first_day(self.first) - timedelta(days=days), self.granularity), self.last)

    def rows(self, *, unreadable: bool) -> str:
        """The condition, legal on every engine, of the rows of these periods, and of those without one if asked."""
        readable = f"{self.column} >= '{self.first}' AND {self.column} <= '{self.last}'"
        return f"({readable}) OR {self.column} = '{UNREADABLE_PERIOD}'" if unreadable else readable

    def __str__(self) -> str:
        return self.first if self.first == self.last else f"{self.first} to {self.last}"


def consecutive(periods: set[str]) -> list[PeriodRange]:
    """The periods as the fewest ranges."""
    ranges: list[PeriodRange] = []
    for period in sorted(periods):
        if ranges and next_period(ranges[-1].last) == period:
            ranges[-1] = PeriodRange(ranges[-1].first, period)
        else:
            ranges.append(PeriodRange(period, period))
    return ranges
