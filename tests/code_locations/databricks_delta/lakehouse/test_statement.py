import pytest
from databricks_delta.lakehouse.errors import LakehouseError
from databricks_delta.lakehouse.periods import PeriodRange
from databricks_delta.lakehouse.statement import Statement
from platform_runtime.lakehouse.granularity import Granularity


def _statement(sql: str, **parameters: int | str) -> Statement:
    return Statement(sql, "readings.sql", parameters)


@pytest.mark.parametrize("sql", ["selec 1", "select (", "select 'a", "", "-- nothing"])
def test_text_that_is_not_sql_is_refused_by_file(sql: str) -> None:
    with pytest.raises(LakehouseError, match=r"^readings\.sql is not Databricks SQL: "):
        _ = _statement(sql).tree


@pytest.mark.parametrize("sql", ["delete from silver.a", "select 1; select 2", "drop table silver.a"])
def test_only_one_select_is_accepted(sql: str) -> None:
    with pytest.raises(LakehouseError, match=r"^readings\.sql is not a SELECT"):
        _ = _statement(sql).tree


def test_names_in_strings_casts_and_comments_are_no_parameters() -> None:
    statement = _statement("select a::string, 'x:y' as b -- :not_me\nfrom silver.t where c > :limit", limit=1)
    assert statement.parameters_named == {"limit"}


def test_only_the_parameters_that_are_named_are_bound() -> None:
    statement = _statement("select 1 as a from silver.t where _month = :first_month and b < :limit", limit=3, other=4)
    assert statement.for_periods(PeriodRange("2013-01", "2013-02")).bound_parameters == {
        "first_month": "2013-01",
        "limit": 3,
    }


def test_a_parameter_without_a_value_is_named_with_the_nearest() -> None:
    assert _statement("select :max_wnd as a", max_wind=1).undeclared_parameters(Granularity.MONTH) == [
        ":max_wnd (did you mean :max_wind?)"
    ]


@pytest.mark.parametrize(
    ("sql", "columns"),
    [
        ("select b from silver.t where c = 1", ["b", "c", "_month"]),
        ("select * from silver.t", ["a", "b", "c", "_month"]),
        ("select count(*) as n from silver.t", ["_month"]),
    ],
)
def test_only_columns_that_a_statement_can_need_are_read(sql: str, columns: list[str]) -> None:
    assert _statement(sql).columns_read(["a", "b", "c", "_month"]) == columns


@pytest.mark.parametrize("sql", ["select a from typed", "with own as (select a from typed) select a from own"])
def test_a_shared_select_stands_in_front_of_what_reads_it(sql: str) -> None:
    shared = {"raw": _statement("select a from bronze.t"), "typed": _statement("select a from raw")}
    whole = _statement(sql).with_shared(shared)
    assert whole.tables_read == {"bronze.t"}
    assert [part.alias for part in whole.tree.ctes][:2] == ["raw", "typed"]
    assert whole.sql.endswith(sql.removeprefix("with "))


def test_a_statement_that_reads_nothing_shared_stays_as_it_is() -> None:
    statement = _statement("select a from silver.t")
    assert statement.with_shared({"typed": _statement("select a from bronze.t")}) is statement


def test_tables_are_named_by_where_they_are_kept_and_nothing_else_of_the_text_changes() -> None:
    sql = (
        "-- from silver.tides\nSELECT t.level, silver.tides.gauge, 'silver.tides' AS said\n"
        "FROM `silver`.tides AS t, silver.other /* silver.tides */ WHERE silver.tides.level > 0"
    )
    placed = Statement(sql, "test.sql", {}).placed({"silver.tides": "sea_silver.tides"})
    assert placed.sql == (
        "-- from silver.tides\nSELECT t.level, sea_silver.tides.gauge, 'silver.tides' AS said\n"
        "FROM sea_silver.tides AS t, silver.other /* silver.tides */ WHERE sea_silver.tides.level > 0"
    )
    assert placed.tables_read == {"sea_silver.tides", "silver.other"}
