from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from platform_contract.local_paths import checkout as checkout_of

REAL = checkout_of(Path(__file__))
DOCKER = """#!/bin/sh
echo "$PWD docker $*" >>"{log}"
case "$1" in {fails}) exit 7 ;; esac
"""


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """A `docker` on PATH that writes down its calls, and fails for one command of it."""

    def install(fails: str) -> Path:
        log, program = tmp_path / "calls", tmp_path / "bin" / "docker"
        program.parent.mkdir(exist_ok=True)
        program.write_text(DOCKER.format(log=log, fails=fails), encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(program.parent))
        monkeypatch.chdir(REAL)
        return log

    return install


def test_an_image_is_built_for_its_deployment_and_pushed_under_its_name(
    platform: Callable[..., Result], docker: Callable[[str], Path]
) -> None:
    log = docker("nothing")
    made = platform("image", "--location", "snowflake_medallion", "--deployment", "pr-7", "--tag", "abc", "--push")
    assert made.exit_code == 0, made.output
    reference = "registry.example.com/data-platform/snowflake-medallion:pr-7-abc"
    arguments = "--build-arg LOCATION=snowflake_medallion --build-arg DEPLOYMENT=pr-7"
    assert log.read_text(encoding="utf-8").splitlines() == [
        f"{REAL} docker build {arguments} --tag {reference} .",
        f"{REAL} docker push {reference}",
    ]


def test_what_fails_to_build_is_not_pushed(platform: Callable[..., Result], docker: Callable[[str], Path]) -> None:
    log = docker("build")
    failed = platform("image", "--location", "databricks_delta", "--deployment", "dev", "--tag", "abc", "--push")
    assert failed.exit_code == 7
    assert len(log.read_text(encoding="utf-8").splitlines()) == 1


@pytest.mark.parametrize(
    ("location", "deployment", "said"),
    [
        ("weather", "dev", "has no location 'weather': known are databricks_delta, snowflake_medallion"),
        ("databricks_delta", "local", "is this machine, not Dagster+"),
        ("databricks_delta", "prd", "did you mean 'prod'?"),
    ],
)
def test_what_has_no_image_is_refused(
    platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, location: str, deployment: str, said: str
) -> None:
    monkeypatch.chdir(REAL)
    refused = platform("image", "--location", location, "--deployment", deployment, "--tag", "abc")
    assert refused.exit_code == 2
    assert said in refused.output


@pytest.mark.usefixtures("small_checkout")
def test_a_location_without_a_registry_is_named(platform: Callable[..., Result], small_checkout: Path) -> None:
    text = "locations: [{location_name: rain, code_source: {module_name: rain}, build: {directory: .}}]\n"
    (small_checkout / "dagster_cloud.yaml").write_text(text, encoding="utf-8")
    refused = platform("image", "--location", "rain", "--deployment", "dev", "--tag", "abc")
    assert refused.exit_code == 2
    assert "location rain has no build.registry" in refused.output
