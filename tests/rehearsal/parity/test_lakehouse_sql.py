"""Every SELECT of the shipped lakehouse, and every check's, gives the same on DuckDB as on Spark."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from databricks_delta.lakehouse.periods import PeriodRange
from databricks_delta.lakehouse.statement import Statement
from platform_contract.databricks_names import DatabricksNames, Volume
from platform_contract.deployment import pull_request

from tests.code_locations.databricks_delta.lakehouse_under_test import (
    ANOMALIES,
    BRONZE,
    DAILY,
    REJECTED,
    SILVER,
    shipped_blueprint,
)
from tests.rehearsal.comparison.comparison_report import describe_differences
from tests.rehearsal.databricks.client import connect
from tests.rehearsal.parity.both_engines import BothEngines
from tests.rehearsal.parity.bronze_rows import bronze_rows, with_months
from tests.rehearsal.parity.silver_rows import silver_rows

if TYPE_CHECKING:
    from tests.fakes.databricks_workspace.workspace import Workspace

pytestmark = pytest.mark.slow

NAMES = DatabricksNames(pull_request(6106))
MONTHS = PeriodRange("2013-01", "2013-03")
BLUEPRINT = shipped_blueprint()
STATEMENTS = {table.table.full_name: table.statement.for_periods(MONTHS) for table in BLUEPRINT.period_tables}


def checks_by_columns() -> dict[str, Statement]:
    """All checks that answer in the same columns, in one statement: each alone would cost Spark a second and more."""
    answers: dict[str, list[str]] = {}
    for full_name, checks in BLUEPRINT.checks.items():
        for check in checks:
            sql = check.sql(BLUEPRINT.subject(full_name))
            columns = ", ".join(Statement(sql, check.check_name, {}).tree.named_selects)
            about = f"'{full_name}: {check.check_name}' AS check_name"
            answers.setdefault(columns, []).append(f"SELECT {about}, {columns} FROM (\n{sql}\n) AS answer")
    return {
        columns: Statement("\nUNION ALL\n".join(alike), f"checks that give {columns}", {}).for_periods(MONTHS)
        for columns, alike in answers.items()
    }


CHECKS = checks_by_columns()


@pytest.fixture(scope="module")
def engines(
    databricks_workspace: "Workspace", cloud_network: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BothEngines]:
    """Both engines, with the same rows in every table."""
    lakehouse = databricks_workspace.lakehouse
    lakehouse.create_catalog(NAMES.catalog, None)
    for schema in NAMES.schemas:
        lakehouse.create_schema(NAMES.catalog, schema)
    lakehouse.create_volume(NAMES.catalog, "ops", Volume.LANDING.value)
    folder = databricks_workspace.unity.volumes_root / NAMES.catalog / "ops" / "landing"
    with pytest.MonkeyPatch.context() as patched:
        for name, value in cloud_network.items():
            patched.setenv(name, value)
        with connect(databricks_workspace, NAMES.catalog) as client:
            both = BothEngines(tmp_path_factory.mktemp("parity"), client, NAMES.volume_path(Volume.LANDING), folder)
            fill(both)
            yield both
    lakehouse.drop_catalog(NAMES.catalog)


def fill(both: BothEngines) -> None:
    both.fill(BLUEPRINT.tables[BRONZE], with_months(bronze_rows()))
    both.fill(BLUEPRINT.tables[SILVER], silver_rows())
    # Each row twice in the tables that checks look at: a check that finds nothing proves little.
    for name in (REJECTED, DAILY, ANOMALIES):
        rows = both.on_duckdb(STATEMENTS[name])
        both.fill(BLUEPRINT.tables[name], pa.concat_tables([rows, rows]))


@pytest.mark.parametrize("full_name", sorted(STATEMENTS))
def test_a_table_is_the_same_on_both(engines: BothEngines, full_name: str) -> None:
    compared = engines.compared(STATEMENTS[full_name])
    assert compared.rows > 10
    assert describe_differences(compared) == []


def test_a_month_without_rows_is_the_same_on_both(engines: BothEngines) -> None:
    target = next(table for table in BLUEPRINT.period_tables if table.table.full_name == DAILY)
    compared = engines.compared(target.statement.for_periods(PeriodRange("2015-02", "2015-02")))
    assert compared.rows == 0
    assert describe_differences(compared) == []


def test_the_month_of_a_landed_row_is_the_same_on_both(engines: BothEngines) -> None:
    time = BLUEPRINT.sources[0].landing.event_time
    sql = f"SELECT time_hour, {time} AS observed_at, date_format({time}, 'yyyy-MM') AS month, _month FROM {BRONZE}"
    statement = Statement(sql, "source.event_time", BLUEPRINT.sources[0].landing.parameters)
    assert describe_differences(engines.compared(statement)) == []
    # And it is what Python reads.
    answer = engines.on_duckdb(statement)
    assert answer.column("month").fill_null("unreadable") == answer.column("_month")


@pytest.mark.parametrize("columns", sorted(CHECKS))
def test_checks_find_the_same_on_both(engines: BothEngines, columns: str) -> None:
    compared = engines.compared(CHECKS[columns])
    assert compared.rows > 1
    assert describe_differences(compared) == []
