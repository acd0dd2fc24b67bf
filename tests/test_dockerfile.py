import re
from pathlib import Path

import pytest
import yaml
from platform_contract.local_paths import checkout
from platform_contract.settings import (
    CLEAN_UP_REQUIREMENTS,
    DATABRICKS_REQUIREMENTS,
    OBJECT_STORAGE_REQUIREMENTS,
    SNOWFLAKE_REQUIREMENTS,
)

from tests.fakes.dockerfile import enters, ignore_patterns, image_environment, instructions, last_stage

ROOT = checkout(Path(__file__))
DIGEST = "sha256:[0-9a-f]{64}"
TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def words(word: str) -> list[str]:
    return [one.rest for one in instructions(TEXT) if one.word == word]


def test_what_is_fetched_is_named_by_digest_where_the_update_bot_looks_for_it() -> None:
    """Dependabot reads FROM, and neither ARG nor COPY (dependabot-core #2057, #5103); a frontend is fetched, too."""
    version = (ROOT / ".python-version").read_text(encoding="utf-8").strip()
    *fetched, build, image = words("FROM")
    assert (build, image) == ("base AS build", "base")
    names = [
        rf"ghcr\.io/astral-sh/uv:\d+\.\d+\.\d+@{DIGEST} AS uv",
        rf"python:{version}-slim-bookworm@{DIGEST} AS base",
    ]
    for name, one in zip(names, fetched, strict=True):
        assert re.fullmatch(name, one), one
    assert "# syntax=" not in TEXT
    updates = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text(encoding="utf-8"))["updates"]
    assert {one["package-ecosystem"] for one in updates} == {"docker", "github-actions", "uv"}
    assert all(one["cooldown"]["default-days"] >= 7 for one in updates)


def test_the_image_runs_as_nobody_in_particular() -> None:
    stage = last_stage(TEXT)
    assert stage[-1].word == "USER"
    assert stage[-1].rest.isdecimal()
    assert int(stage[-1].rest) >= 1000
    assert "install --directory --owner=platform /scratch" in [one.rest for one in stage]
    assert "chown" not in TEXT


def test_no_secret_is_given_to_a_build() -> None:
    settings = {
        setting.variable.value
        for needs in (
            SNOWFLAKE_REQUIREMENTS,
            DATABRICKS_REQUIREMENTS,
            OBJECT_STORAGE_REQUIREMENTS,
            CLEAN_UP_REQUIREMENTS,
        )
        for need in needs
        for alternative in need.alternatives
        for setting in alternative
    }
    assert {argument.partition("=")[0] for argument in words("ARG")} == {"LOCATION", "DEPLOYMENTS"}
    assert not [name for name in settings if name in TEXT]
    assert "type=secret" not in TEXT
    assert not re.search(r"TOKEN|PASSWORD|SECRET|_KEY", " ".join(words("ENV")))


def test_the_build_stage_runs_what_the_tests_run_and_the_image_takes_its_result_alone() -> None:
    (build,) = [rest for rest in words("RUN") if "closure" in rest]
    assert build.endswith('/workspace/.ci/closure "${LOCATION}" /app ${DEPLOYMENTS}')
    assert words("COPY") == ["--from=uv /uv /usr/local/bin/uv", "--from=build /app /app"]
    assert not words("ADD")


def test_the_image_is_no_deployments_writes_in_one_place_and_tells_nobody_anything() -> None:
    environment = image_environment(TEXT, Path("/somewhere"))
    assert environment == {
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PLATFORM_DEMO_MODE": "false",
        "PLATFORM_MANIFESTS": "/somewhere/manifests",
        "PLATFORM_LOCAL_ROOT": "/scratch",
        "HOME": "/scratch",
        "TMPDIR": "/scratch",
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "DO_NOT_TRACK": "1",
    }


@pytest.mark.parametrize(
    ("file", "entered"),
    [
        ("uv.lock", True),
        ("infra/cli/pyproject.toml", True),
        ("infra/cli/src/platform_cli/main.py", False),
        ("infra/contract/src/platform_contract/layer.py", True),
        ("infra/components/src/platform_infra/component.py", False),
        ("code_locations/databricks_delta/src/databricks_delta/defs/weather/defs.yaml", True),
        ("code_locations/databricks_delta/src/databricks_delta/__pycache__/x.pyc", False),
        ("code_locations/databricks_delta/sample_data/weather/weather_2013_01.csv.gz", False),
        ("code_locations/databricks_delta/.env", False),
        ("dbt_project/models/shop/gold/gold.yml", True),
        ("dbt_project/target/manifest.json", False),
        ("dbt_project/.user.yml", False),
        (".env", False),
        (".git/config", False),
        (".local/local/warehouse/raw.duckdb", False),
        ("infra/snowflake/Pulumi.prod.yaml", False),
        ("tests/conftest.py", False),
    ],
)
def test_only_what_the_closure_is_made_of_enters_a_build(file: str, entered: bool) -> None:
    assert enters(file, ignore_patterns(ROOT)) is entered
