"""What a pull request builds: the models that it changes, and what depends on them."""

import shutil
from pathlib import Path

import pytest
from platform_contract.deployment import Deployment, pull_request
from platform_contract.snowflake_names import SnowflakeNames
from snowflake_medallion.dbt_engine import SnowflakeEngine
from snowflake_medallion.dbt_manifest import prepare_manifest
from snowflake_medallion.medallion_project import MedallionProject
from snowflake_medallion.slim_build import build_arguments, changed_nodes

from tests.deployments import PROD

PROJECT = Path(__file__).parents[2] / "dbt_project"


def engine(deployment: Deployment, folder: Path) -> SnowflakeEngine:
    return SnowflakeEngine(SnowflakeNames(deployment), folder / deployment.name)


def modified(project: Path, state: Path, folder: Path) -> set[str]:
    """The models and snapshots that a build in pull request 7 selects, by name."""
    nodes = changed_nodes(MedallionProject(project, engine(pull_request(7), folder)), state)
    return {name for kind, _, name in (node.split(".", 2) for node in nodes) if kind in ("model", "snapshot")}


@pytest.mark.slow
def test_other_names_alone_change_nothing_and_a_changed_model_takes_what_depends_on_it(tmp_path: Path) -> None:
    production = prepare_manifest(PROJECT, engine(PROD, tmp_path))
    assert modified(PROJECT, production, tmp_path) == set()
    changed = Path(shutil.copytree(PROJECT, tmp_path / "project", ignore=shutil.ignore_patterns("target", "logs")))
    model = changed / "models" / "shop" / "silver" / "silver_stores.sql"
    model.write_text(model.read_text(encoding="utf-8") + "\n-- another\n", encoding="utf-8")
    assert modified(changed, production, tmp_path) == {
        "silver_stores",
        "gold_customer_summary",
        "gold_store_daily_sales",
    }


def test_without_production_s_manifest_everything_is_built(tmp_path: Path) -> None:
    assert build_arguments(None) == build_arguments(tmp_path) == ["build", "--no-use-colors"]
    (tmp_path / "manifest.json").touch()
    assert build_arguments(tmp_path)[2:] == ["--select", "state:modified+", "--state", str(tmp_path), "--defer"]
