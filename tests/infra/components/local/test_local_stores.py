import base64
import subprocess
import sys
from pathlib import Path

import dill
import duckdb
import pulumi
import pytest
from platform_contract.deployment import pull_request
from platform_contract.local_paths import LocalPaths
from platform_infra.local.program import local_platform
from platform_infra.stack_settings.errors import StackSettingsError
from platform_runtime.local_stores import provision_local_stores
from pulumi.dynamic import ResourceProvider

from tests.fakes.pulumi_mocks.recorder import RecordedStack, run_program

PROJECT = "platform-local"
CONTAINED_IN = {
    "landing": "home",
    "dagster": "home",
    "lakehouse.gold": "lakehouse",
    "lakehouse": "home",
    "raw": "warehouse",
    "raw.shop": "raw",
}


def program() -> None:
    for name, value in local_platform().items():
        pulumi.export(name, value)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLATFORM_LOCAL_ROOT", str(tmp_path / "pulumi"))
    return tmp_path / "pulumi"


def apply(recorded: RecordedStack) -> None:
    """Do what the engine does with each dynamic resource, in the order in which the program made them known."""
    for resource in recorded.resources:
        if "__provider" in resource.inputs:
            provider = dill.loads(base64.b64decode(resource.inputs["__provider"]))  # noqa: S301 - our own
            assert isinstance(provider, ResourceProvider)
            provider.create({key: value for key, value in resource.inputs.items() if key != "__provider"})


def tree(home: Path) -> dict[str, object]:
    return {str(path.relative_to(home)): content(path) for path in sorted(home.rglob("*"))}


def content(path: Path) -> object:
    if path.suffix != ".duckdb":
        return None if path.is_dir() else path.read_text(encoding="utf-8")
    with duckdb.connect(path, read_only=True) as connection:
        return connection.execute("select schema_name from duckdb_schemas() where not internal order by 1").fetchall()


def test_the_stack_makes_exactly_what_the_demo_makes(root: Path, tmp_path: Path) -> None:
    apply(run_program(program, PROJECT, "pr-7", {}))
    demo = LocalPaths(tmp_path / "demo", pull_request(7))
    provision_local_stores(demo)
    assert [entry.name for entry in root.iterdir()] == ["pr-7"]
    assert tree(root / "pr-7") == tree(demo.home)


def test_a_store_is_made_after_the_one_that_it_lies_in(root: Path) -> None:
    recorded = run_program(program, PROJECT, "local", {})
    urns = {resource.name: resource.urn for resource in recorded.resources}
    depends = {resource.name: resource.dependencies for resource in recorded.resources}
    assert {name: urns[outer] in depends[name] for name, outer in CONTAINED_IN.items()} == dict.fromkeys(
        CONTAINED_IN, True
    )


def test_the_outputs_say_where_the_stores_are_and_what_comes_next(root: Path) -> None:
    assert run_program(program, PROJECT, "local", {}).outputs == {
        "home": f"{root}/local",
        "dagster_home": f"{root}/local/dagster",
        "raw_database": f"{root}/local/warehouse/raw.duckdb",
        "analytics_database": f"{root}/local/warehouse/analytics.duckdb",
        "next": "PLATFORM_DEPLOYMENT=local make demo",
    }


@pytest.mark.parametrize("stated", ["true", "false", None])
def test_data_may_be_deleted_only_where_the_stack_says_so(root: Path, stated: str | None) -> None:
    config = {} if stated is None else {f"{PROJECT}:delete_data": stated}
    recorded = run_program(program, PROJECT, "local", config)
    deletable = {r.name for r in recorded.resources if r.inputs.get("delete_data")}
    stores = {"landing", "patterns", "dbt", "scratch", "dagster", "raw", "raw.shop", "analytics", "analytics.bronze"}
    assert stores <= deletable if stated == "true" else not deletable
    # The folders that hold the stores may hold things that are nobody's.
    assert not deletable & {"home", "lakehouse", "warehouse"}


@pytest.mark.parametrize(
    ("stack", "config", "message"),
    [
        ("local", {f"{PROJECT}:delete_dat": "true"}, "did you mean 'delete_data'"),
        ("local", {f"{PROJECT}:delete_data": "perhaps"}, "delete_data"),
        ("lcoal", {}, "did you mean 'local'"),
    ],
)
def test_a_wrong_setting_or_stack_is_refused(root: Path, stack: str, config: dict[str, str], message: str) -> None:
    with pytest.raises(StackSettingsError, match=message):
        run_program(program, PROJECT, stack, config)


@pytest.mark.slow
def test_the_program_imports_no_cloud_sdk_and_no_database_engine() -> None:
    listing = "import platform_infra.local.program, sys; print('\\n'.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pulumi_snowflake", "pulumi_databricks", "duckdb", "dagster", "pyarrow"} & set(loaded)
