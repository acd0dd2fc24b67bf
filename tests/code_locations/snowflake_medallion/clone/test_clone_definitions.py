"""The clone of a shop whose dbt project has a view, which the shipped one has not."""

import shutil
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from platform_contract.deployment import pull_request
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.local_paths import LocalPaths, checkout

from tests.code_locations.snowflake_medallion.shop_sandbox import load_shop
from tests.deployments import LOCAL

pytestmark = pytest.mark.slow

PROJECT = checkout(Path(__file__)) / "dbt_project"
VIEW = "{{ config(materialized='view') }} select customer_id from {{ ref('gold_customer_summary') }}"


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dg.JobDefinition:
    """The clone into pull request 7, of a project with the view `gold_customers`."""
    monkeypatch.setenv(EnvironmentVariable.PLATFORM_DEPLOYMENT, "pr-7")
    monkeypatch.setenv(EnvironmentVariable.PLATFORM_LOCAL_ROOT, str(tmp_path))
    project = shutil.copytree(PROJECT, tmp_path / "project", ignore=shutil.ignore_patterns("target", "logs"))
    (project / "models" / "shop" / "gold" / "gold_customers.sql").write_text(VIEW, encoding="utf-8")
    return load_shop({"project": str(project)}).resolve_job_def("shop_clone")


def test_a_view_is_made_anew_over_what_was_cloned(job: dg.JobDefinition, tmp_path: Path) -> None:
    mine, theirs = LocalPaths(tmp_path, pull_request(7)), LocalPaths(tmp_path, LOCAL)
    theirs.raw_database.parent.mkdir(parents=True, exist_ok=True)
    duckdb.connect(theirs.raw_database).close()
    with duckdb.connect(theirs.analytics_database) as production:
        production.execute("create schema gold")
        production.execute("create table gold.gold_customer_summary as values ('c-1'), ('c-2')")
        production.execute("alter table gold.gold_customer_summary rename column col0 to customer_id")
    assert job.execute_in_process().success
    with duckdb.connect(theirs.analytics_database) as production:
        production.execute("drop table gold.gold_customer_summary")
    with duckdb.connect(mine.analytics_database) as analytics:
        analytics.execute("delete from gold.gold_customer_summary where customer_id = 'c-1'")
        assert analytics.execute("from gold.gold_customers").fetchall() == [("c-2",)]
