import shutil
from pathlib import Path

import pytest
from platform_contract.local_paths import LocalPaths
from platform_contract.snowflake_names import SnowflakeNames
from snowflake_medallion.dbt_engine import DbtEngine, DuckDBEngine, SnowflakeEngine
from snowflake_medallion.dbt_manifest import DbtParseError, manifest_folder, prepare_manifest

from tests.deployments import DEV, PROD
from tests.fakes.shop_story import Story

DBT_PROJECT = Path(__file__).parents[3] / "dbt_project"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    copied = tmp_path / "dbt_project"
    shutil.copytree(DBT_PROJECT, copied, ignore=shutil.ignore_patterns("target", "logs"))
    return copied


def duckdb_engine(paths: LocalPaths) -> DbtEngine:
    return DuckDBEngine(paths, patience_seconds=0)


def test_a_manifest_belongs_to_one_target_and_one_deployment(project: Path, paths: LocalPaths) -> None:
    root = paths.root
    engines = [
        duckdb_engine(paths),
        duckdb_engine(LocalPaths(root, DEV)),
        SnowflakeEngine(SnowflakeNames(DEV), LocalPaths(root, DEV).dbt_state),
        SnowflakeEngine(SnowflakeNames(PROD), LocalPaths(root, DEV).dbt_state),
    ]
    folders = [manifest_folder(project, engine) for engine in engines]
    assert len({folder.name for folder in folders}) == len(engines)
    assert folders[0].is_relative_to(paths.dbt_state)
    assert folders[0].name.startswith("duckdb-")
    assert folders[2].name.startswith("snowflake-")


@pytest.mark.parametrize(
    "changed",
    [
        "models/shop/gold/gold_customer_summary.sql",
        "models/shop/raw/sources.yml",
        "macros/faults.sql",
        "profiles.yml",
        "dbt_project.yml",
    ],
)
def test_any_change_to_the_project_asks_for_another_manifest(project: Path, paths: LocalPaths, changed: str) -> None:
    before = manifest_folder(project, duckdb_engine(paths))
    with (project / changed).open("a", encoding="utf-8") as stream:
        stream.write("\n")
    assert manifest_folder(project, duckdb_engine(paths)) != before


def test_what_dbt_writes_by_hand_asks_for_no_other_manifest(project: Path, paths: LocalPaths) -> None:
    before = manifest_folder(project, duckdb_engine(paths))
    (project / "target").mkdir()
    (project / "target" / "manifest.json").write_text("{}", encoding="utf-8")
    assert manifest_folder(project, duckdb_engine(paths)) == before


def test_a_manifest_that_is_there_is_taken_without_dbt(
    project: Path, paths: LocalPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = duckdb_engine(paths)
    folder = manifest_folder(project, engine)
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    assert prepare_manifest(project, engine) == folder
    assert (folder / "manifest.json").read_text(encoding="utf-8") == "{}"


def test_an_adapter_that_is_not_installed_is_named(project: Path, paths: LocalPaths) -> None:
    class PostgresEngine(DuckDBEngine):
        @property
        def target(self) -> str:
            return "postgres"

    with pytest.raises(DbtParseError, match=r"dbt-postgres is not installed.*uv sync --group postgres"):
        prepare_manifest(project, PostgresEngine(paths, 0))


@pytest.mark.slow
def test_what_dbt_says_of_a_broken_project_is_the_error_and_leaves_nothing(project: Path, paths: LocalPaths) -> None:
    (project / "models" / "shop" / "gold" / "broken.sql").write_text(
        "select * from {{ ref('nothing') }}", encoding="utf-8"
    )
    with pytest.raises(DbtParseError, match="depends on a node named 'nothing' which was not found"):
        prepare_manifest(project, duckdb_engine(paths))
    assert list(paths.dbt_state.iterdir()) == []


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_new_manifest_leaves_two_older_ones_of_its_target(story: Story) -> None:
    names = [folder.name for folder in story.paths.dbt_state.iterdir()]
    assert len([name for name in names if name.startswith("duckdb-old")]) == 2
    assert len([name for name in names if name.startswith("duckdb-")]) == 3
    assert "snowflake-old" in names
