"""What a pull request builds: the models that it changes, and what depends on them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from platform_contract.deployment import PROD, Deployment, pull_request
from platform_contract.snowflake_names import SnowflakeNames
from snowflake_medallion.dbt_engine import SnowflakeEngine
from snowflake_medallion.dbt_executable import dbt_executable
from snowflake_medallion.dbt_manifest import prepare_manifest
from snowflake_medallion.slim_build import build_arguments

PROJECT = Path(__file__).parents[2] / "dbt_project"


def engine(deployment: Deployment, folder: Path) -> SnowflakeEngine:
    return SnowflakeEngine(SnowflakeNames(deployment), folder / deployment.name)


def modified(project: Path, state: Path, folder: Path) -> set[str]:
    """The models and snapshots that a build in pull request 7 selects; listing them signs in nowhere."""
    _, *options = [word for word in build_arguments(state) if word != "--no-use-colors"]
    folders = {"--project-dir": project, "--profiles-dir": project, "--target-path": folder / "listing"}
    options += ["--target", "snowflake", "--output", "name", "--resource-type", "model", "--resource-type", "snapshot"]
    options += [word for option, path in folders.items() for word in (option, str(path))]
    listed = subprocess.run(
        [dbt_executable(), "--quiet", "ls", *options],
        env=os.environ | engine(pull_request(7), folder).environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=200,
    )
    return set(listed.stdout.split())


@pytest.mark.slow
def test_other_names_alone_change_nothing_and_a_changed_model_takes_what_depends_on_it(tmp_path: Path) -> None:
    production = prepare_manifest(PROJECT, engine(PROD, tmp_path))
    assert modified(PROJECT, production, tmp_path) == set()
    changed = Path(shutil.copytree(PROJECT, tmp_path / "project", ignore=shutil.ignore_patterns("target", "logs")))
    model = changed / "models" / "silver" / "silver_stores.sql"
    model.write_text(model.read_text(encoding="utf-8") + "\n-- another\n", encoding="utf-8")
    assert modified(changed, production, tmp_path) == {
        "silver_stores",
        "gold_customer_summary",
        "gold_store_daily_sales",
    }


def test_without_production_s_manifest_everything_is_built(tmp_path: Path) -> None:
    assert build_arguments(None) == build_arguments(tmp_path) == ["build", "--no-use-colors"]
    (tmp_path / "manifest.json").touch()
    assert build_arguments(tmp_path)[2:] == ["--select", "state:modified+", "--defer", "--state", str(tmp_path)]
