from dataclasses import dataclass
from enum import StrEnum


class Granularity(StrEnum):
    """How long a period is: what silver and gold are partitioned by, and what a run replaces whole."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"

    @property
    def written(self) -> str:
        """How a period is written, which sorts as time goes: `YYYY-MM-DD`, `YYYY-MM` or `YYYY`."""
        return _FORMS[self].written

    @property
    def pattern(self) -> str:
        """The same as a regular expression of the whole text."""
        return _FORMS[self].pattern

    @property
    def strftime(self) -> str:
        """The same as Python and Dagster format a date."""
        return _FORMS[self].strftime

    @property
    def sql_format(self) -> str:
        """The same as Databricks SQL formats an instant."""
        return _FORMS[self].sql_format

    @property
    def first_day(self) -> str:
        """What makes the date of its first day of a period, `YYYY-MM-DD`, when it is put behind it."""
        return _FORMS[self].first_day

    @property
    def shortest_days(self) -> int:
        """Days of the shortest one."""
        return _FORMS[self].shortest_days

    @property
    def longest_days(self) -> int:
        """Days of the longest one."""
        return _FORMS[self].longest_days

    @property
    def column(self) -> str:
        """The column that says to which period a row belongs: `_day`, `_month` or `_year`."""
        return f"_{self.value}"

    @property
    def first_parameter(self) -> str:
        """What SQL calls the first period that is looked at: `:first_month`."""
        return f"first_{self.value}"

    @property
    def last_parameter(self) -> str:
        """What SQL calls the last one: `:last_month`."""
        return f"last_{self.value}"


@dataclass(frozen=True, slots=True)
class _Form:
    written: str
    pattern: str
    strftime: str
    sql_format: str
    first_day: str
    shortest_days: int
    longest_days: int


_YEAR = "[0-9]{4}"
_MONTH = f"{_YEAR}-(0[1-9]|1[0-2])"
_FORMS = {
    Granularity.DAY: _Form("YYYY-MM-DD", f"{_MONTH}-(0[1-9]|[12][0-9]|3[01])", "%Y-%m-%d", "yyyy-MM-dd", "", 1, 1),
    Granularity.MONTH: _Form("YYYY-MM", _MONTH, "%Y-%m", "yyyy-MM", "-01", 28, 31),
    Granularity.YEAR: _Form("YYYY", _YEAR, "%Y", "yyyy", "-01-01", 365, 366),
}
