import pytest
from databricks_delta.lakehouse.errors import LakehouseError
from databricks_delta.lakehouse.periods import PeriodRange, consecutive, next_period


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
    assert PeriodRange(month, month).reaching_back(days) == PeriodRange(first, month)


def test_the_months_of_a_range_cross_the_year() -> None:
    assert PeriodRange("2012-11", "2013-02").periods == ("2012-11", "2012-12", "2013-01", "2013-02")
    assert next_period("2012-12") == "2013-01"


def test_months_are_grouped_into_the_fewest_ranges() -> None:
    periods = {"2013-01", "2012-12", "2013-03", "2013-04", "2013-06"}
    assert [str(found) for found in consecutive(periods)] == ["2012-12 to 2013-01", "2013-03 to 2013-04", "2013-06"]
    assert consecutive(set()) == []


@pytest.mark.parametrize(
    ("first", "last", "periods"),
    [
        ("2012-02-28", "2012-03-01", ("2012-02-28", "2012-02-29", "2012-03-01")),
        ("2012", "2014", ("2012", "2013", "2014")),
    ],
)
def test_periods_are_days_and_years_as_well(first: str, last: str, periods: tuple[str, ...]) -> None:
    assert PeriodRange(first, last).periods == periods
    assert [str(found) for found in consecutive(set(periods))] == [f"{first} to {last}"]


def test_a_window_of_days_reaches_days_and_years() -> None:
    assert PeriodRange("2013-01-01", "2013-01-01").reaching_back(2).first == "2012-12-30"
    assert PeriodRange("2013", "2013").reaching_back(1).first == "2012"


def test_rows_are_told_by_the_column_of_their_granularity() -> None:
    assert (
        PeriodRange("2013-01-31", "2013-02-01").rows(unreadable=False)
        == "_day >= '2013-01-31' AND _day <= '2013-02-01'"
    )
    assert PeriodRange("2013", "2013").rows(unreadable=True) == (
        "(_year >= '2013' AND _year <= '2013') OR _year = 'unreadable'"
    )


@pytest.mark.parametrize("period", ["13", "2013-13", "2013-1", "2013-01' OR 'a' = 'a", "unreadable", "2013-01-32"])
def test_what_is_no_period_never_reaches_sql(period: str) -> None:
    with pytest.raises(LakehouseError, match="is not a period: write YYYY-MM-DD, YYYY-MM, YYYY"):
        PeriodRange("2013-01", period)


def test_a_range_is_of_one_granularity() -> None:
    with pytest.raises(LakehouseError, match="2013-01 and 2014 are no range"):
        PeriodRange("2013-01", "2014")
