from dataclasses import replace

import pytest
import sqlglot
from databricks_delta.lakehouse.databricks_sql import create_table, optimize, replace_periods, vacuum
from databricks_delta.lakehouse.period_table import PeriodTable
from databricks_delta.lakehouse.periods import PeriodRange

from tests.code_locations.databricks_delta.lakehouse_under_test import REJECTED, SILVER, shipped_blueprint

MONTHS = PeriodRange("2013-01", "2013-03")


def _month_table(full_name: str) -> PeriodTable:
    return next(table for table in shipped_blueprint().period_tables if table.table.full_name == full_name)


def test_months_are_replaced_by_the_select_as_it_stands_in_its_file() -> None:
    silver = _month_table(SILVER)
    head, _, rest = replace_periods(silver, MONTHS).partition("\n")
    assert head == "INSERT INTO silver.weather_readings REPLACE WHERE _month >= '2013-01' AND _month <= '2013-03'"
    assert silver.statement.sql in rest


def test_rejected_rows_without_a_month_are_replaced_with_any() -> None:
    assert replace_periods(_month_table(REJECTED), MONTHS).startswith(
        "INSERT INTO silver.weather_readings_rejected "
        "REPLACE WHERE (_month >= '2013-01' AND _month <= '2013-03') OR _month = 'unreadable'\n"
    )


@pytest.mark.parametrize("full_name", sorted(shipped_blueprint().tables))
def test_tables_are_made_and_maintained_in_databricks_sql(full_name: str) -> None:
    table = shipped_blueprint().tables[full_name]
    made = create_table(table)
    assert "CLUSTER BY (`_month`" in made
    assert "PARTITIONED" not in made
    assert "'delta.enableDeletionVectors' = 'false'" in made
    for statement in (made, optimize(table), vacuum(table)):
        assert sqlglot.parse_one(statement, dialect="databricks")


def test_a_table_with_folders_orders_the_rows_of_each_by_itself() -> None:
    liquid = _month_table(SILVER).table
    in_folders = replace(liquid, liquid=False)
    assert "CLUSTER BY (`_month`, `station`, `observed_at`)" in create_table(liquid)
    assert "PARTITIONED BY (`_month`)" in create_table(in_folders)
    assert "CLUSTER BY" not in create_table(in_folders)
    assert optimize(liquid) == "OPTIMIZE silver.weather_readings"
    assert optimize(in_folders) == "OPTIMIZE silver.weather_readings ZORDER BY (`station`, `observed_at`)"
