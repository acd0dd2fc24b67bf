import pytest
from databricks_delta.lakehouse.errors import LakehouseError
from databricks_delta.lakehouse.months import MonthRange, consecutive, next_month


@pytest.mark.parametrize(
    ("month", "days", "first"),
    [
        ("2013-03", 30, "2013-01"),  # 1 March less 30 days is 30 January
        ("2012-03", 30, "2012-01"),  # 31 January in a leap year
        ("2013-04", 30, "2013-03"),
        ("2013-01", 30, "2012-12"),
        ("2013-05", 0, "2013-05"),
    ],
)
def test_a_window_reaches_the_months_that_its_days_lie_in(month: str, days: int, first: str) -> None:
    assert MonthRange(month, month).reaching_back(days) == MonthRange(first, month)


def test_the_months_of_a_range_cross_the_year() -> None:
    assert MonthRange("2012-11", "2013-02").months == ("2012-11", "2012-12", "2013-01", "2013-02")
    assert next_month("2012-12") == "2013-01"


def test_months_are_grouped_into_the_fewest_ranges() -> None:
    months = {"2013-01", "2012-12", "2013-03", "2013-04", "2013-06"}
    assert [str(found) for found in consecutive(months)] == ["2012-12 to 2013-01", "2013-03 to 2013-04", "2013-06"]
    assert consecutive(set()) == []


@pytest.mark.parametrize("month", ["2013", "2013-13", "2013-1", "2013-01' OR 'a' = 'a", "unreadable"])
def test_what_is_no_month_never_reaches_sql(month: str) -> None:
    with pytest.raises(LakehouseError, match="is not a month: write YYYY-MM"):
        MonthRange("2013-01", month)
