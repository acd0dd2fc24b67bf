"""`demo_mode: false`: definitions load without a credential, and a run says at once what it lacks."""

import importlib.util
import shutil
from pathlib import Path

import dagster as dg
import pytest
import snowflake_medallion
from dagster_dbt.asset_utils import DAGSTER_DBT_MANIFEST_METADATA_KEY
from platform_contract.environment_variables import EnvironmentVariable
from snowflake_medallion.definitions import defs
from snowflake_medallion.prepare_manifest import prepare_manifests

from tests.fakes.shop_story import Story

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        importlib.util.find_spec("dbt.adapters.snowflake") is None,
        reason="needs dbt-snowflake: uv sync --group snowflake",
    ),
]


@pytest.fixture(scope="module")
def image_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The manifests of an image that is built for deployment dev."""
    return tmp_path_factory.mktemp("production")


@pytest.fixture(scope="module")
def production(image_root: Path) -> dg.Definitions:
    """The location on deployment dev, with no setting but that, its manifest prepared as an image's build does."""
    with pytest.MonkeyPatch.context() as environment:
        for variable in EnvironmentVariable:
            environment.delenv(variable, raising=False)
        environment.setenv(EnvironmentVariable.PLATFORM_DEPLOYMENT, "dev")
        environment.setenv(EnvironmentVariable.PLATFORM_DEMO_MODE, "false")
        environment.setenv(EnvironmentVariable.PLATFORM_LOCAL_ROOT, str(image_root))
        (manifest,) = prepare_manifests(Path(snowflake_medallion.__file__).parent)
        assert manifest.is_relative_to(image_root / "dev")
        # From here on nothing can be parsed.
        environment.setattr("snowflake_medallion.dbt_manifest.dbt_executable", lambda: "/nowhere/dbt")
        return defs()


def as_dagster_plus_loads_it(
    deployment: str, manifests: Path | str, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> dg.Definitions:
    monkeypatch.setenv(EnvironmentVariable.DAGSTER_CLOUD_DEPLOYMENT_NAME, deployment)
    monkeypatch.setenv(EnvironmentVariable.PLATFORM_MANIFESTS, str(manifests))
    monkeypatch.setenv(EnvironmentVariable.PLATFORM_LOCAL_ROOT, str(scratch))
    return defs()


def refusal(deployment: str, manifests: Path | str, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    with pytest.raises(Exception) as refused:  # noqa: PT011 - the library wraps it, the message is what counts
        as_dagster_plus_loads_it(deployment, manifests, scratch, monkeypatch)
    said, error = [], refused.value
    while error is not None:
        said.append(str(error))
        error = error.__cause__
    return "\n".join(said)


def test_an_image_serves_the_deployment_it_is_built_for_and_no_other(
    production: dg.Definitions, image_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {file: file.stat().st_mtime_ns for file in image_root.rglob("*")}
    loaded = as_dagster_plus_loads_it("dev", image_root, tmp_path, monkeypatch)
    assert loaded.resolve_asset_graph().materializable_asset_keys
    (copied,) = tmp_path.glob("dev/dbt/snowflake-*/manifest.json")
    assert copied.read_bytes() == (image_root / copied.relative_to(tmp_path)).read_bytes()
    assert [file for file in copied.parents[1].iterdir() if file != copied.parent] == []
    message = refusal("prod", image_root, tmp_path, monkeypatch)
    assert "no dbt manifest for deployment prod" in message
    assert "(it holds one for dev (snowflake))" in message
    assert "build it for that deployment (`platform images --deployment prod`)" in message
    assert {file: file.stat().st_mtime_ns for file in image_root.rglob("*")} == before


def test_in_dagster_plus_nothing_is_parsed_where_no_image_says_what_it_brings(
    production: dg.Definitions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "PLATFORM_MANIFESTS is not set" in refusal("dev", "", tmp_path, monkeypatch)
    assert not list(tmp_path.rglob("*"))


def test_a_manifest_of_duckdb_is_refused_wherever_it_lies(
    production: dg.Definitions, image_root: Path, story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(image_root, tmp_path / "image")
    (own,) = (tmp_path / "image").glob("dev/dbt/snowflake-*/manifest.json")
    laptops = max(story.paths.dbt_state.glob("duckdb-*/manifest.json"), key=lambda path: path.stat().st_size)
    shutil.copyfile(laptops, own)
    message = refusal("dev", tmp_path / "image", tmp_path / "scratch", monkeypatch)
    read = tmp_path / "scratch" / own.parent.relative_to(tmp_path / "image")
    assert f"the dbt manifest in {read} is of target duckdb and databases analytics, raw" in message
    assert "deployment dev is snowflake with ANALYTICS_DEV, RAW_DEV: remove that folder" in message


def failure(production: dg.Definitions, op: str) -> str:
    job = production.resolve_implicit_global_asset_job_def()
    result = job.execute_in_process(raise_on_error=False, op_selection=[op])
    assert not result.success
    (failed,) = (event for event in result.all_events if event.is_step_failure)
    error = failed.step_failure_data.error
    assert error is not None
    assert error.cause is not None
    return error.cause.message


def test_the_asset_graph_is_the_demos(
    production: dg.Definitions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(EnvironmentVariable.PLATFORM_LOCAL_ROOT, str(tmp_path))
    ours, demos = production.resolve_asset_graph(), defs().resolve_asset_graph()
    assert {key.path[0] for key in ours.materializable_asset_keys} == {"flights", "shop"}
    assert ours.materializable_asset_keys == demos.materializable_asset_keys
    assert ours.asset_check_keys == demos.asset_check_keys
    for key in ours.materializable_asset_keys:
        assert ours.get(key).parent_keys == demos.get(key).parent_keys


def test_the_manifest_is_snowflakes_with_the_contracts_names(production: dg.Definitions) -> None:
    spec = next(
        spec for spec in production.resolve_all_asset_specs() if spec.key == dg.AssetKey(["shop", "silver_orders"])
    )
    manifest = spec.metadata[DAGSTER_DBT_MANIFEST_METADATA_KEY].manifest
    assert manifest["metadata"]["adapter_type"] == "snowflake"
    databases = {node["database"] for node in (*manifest["nodes"].values(), *manifest["sources"].values())}
    assert databases == {"ANALYTICS_DEV", "RAW_DEV"}
    assert "snowflake" in spec.kinds


@pytest.mark.parametrize("op", ["shop_raw_load", "shop_dbt_build", "shop_source_freshness"])
def test_a_run_names_every_setting_it_lacks_at_once(production: dg.Definitions, op: str) -> None:
    message = failure(production, op)
    assert message.startswith("platform_contract.settings.MissingSettingsError: ")
    for setting in (
        "SNOWFLAKE_ACCOUNT",
        "SNOWFLAKE_USER",
        "SNOWFLAKE_PRIVATE_KEY",
        "SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER",
    ):
        assert setting in message


def test_a_setting_that_is_there_is_not_asked_for(production: dg.Definitions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(EnvironmentVariable.SNOWFLAKE_ACCOUNT, "org-account")
    message = failure(production, "shop_dbt_build")
    assert "SNOWFLAKE_ACCOUNT" not in message
    assert "org-account" not in message
    assert "SNOWFLAKE_USER" in message
