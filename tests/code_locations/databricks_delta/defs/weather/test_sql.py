"""Every SQL file is Databricks SQL, which production sends as it stands."""

from pathlib import Path

import duckdb
import pytest
import sqlglot
from databricks_delta.lakehouse.period_table import PeriodTable
from sqlglot import exp

from tests.code_locations.databricks_delta.lakehouse_under_test import SHIPPED_DEFS, shipped_blueprint

FILES = sorted((SHIPPED_DEFS / "weather").glob("*.sql"))
TABLES = shipped_blueprint().period_tables


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_is_one_select_in_databricks_sql(file: Path) -> None:
    (statement,) = sqlglot.parse(file.read_text(encoding="utf-8"), dialect="databricks")
    assert isinstance(statement, exp.Select)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_is_used(file: Path) -> None:
    declaration = (SHIPPED_DEFS / "weather" / "defs.yaml").read_text(encoding="utf-8")
    assert f": {file.name}\n" in declaration


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.table.full_name)
def test_a_file_stands_in_its_statement_as_it_is(table: PeriodTable) -> None:
    assert Path(table.statement.origin).read_text(encoding="utf-8") in table.statement.sql


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.table.full_name)
def test_duckdb_parses_what_the_demo_runs(table: PeriodTable) -> None:
    (statement,) = duckdb.extract_statements(table.statement.duckdb_sql)
    assert statement.type == duckdb.StatementType.SELECT


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.table.full_name)
def test_names_have_two_parts_so_that_the_session_says_which_catalog(table: PeriodTable) -> None:
    tables = [found for found in table.statement.tree.find_all(exp.Table) if found.db]
    assert {found.catalog for found in tables} == {""}
    assert {found.db for found in tables} <= {"bronze", "silver"}
