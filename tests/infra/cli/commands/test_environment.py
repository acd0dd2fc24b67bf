import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result


def evaluated(exports: str) -> dict[str, str]:
    ran = subprocess.run(
        ["/bin/sh", "-c", f"{exports}\nenv"], capture_output=True, text=True, check=True, env={"PATH": "/usr/bin:/bin"}
    )
    return dict(line.split("=", 1) for line in ran.stdout.splitlines())


def test_a_shell_reads_the_local_names(small_checkout: Path, platform: Callable[..., Result]) -> None:
    home = f"{small_checkout}/.local/local"
    read = evaluated(platform("environment").output)
    assert read["PLATFORM_DEPLOYMENT"] == "local"
    assert read["DAGSTER_HOME"] == f"{home}/dagster"
    assert read["PLATFORM_RAW_DUCKDB"] == f"{home}/warehouse/raw.duckdb"
    assert read["PLATFORM_ANALYTICS_DATABASE"] == "analytics"
    assert "PLATFORM_TRANSFORMER_ROLE" not in read


@pytest.mark.usefixtures("small_checkout")
def test_a_shell_reads_the_cloud_names(platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLATFORM_DEPLOYMENT", "pr-7")
    read = evaluated(platform("environment").output)
    assert read["PLATFORM_DEPLOYMENT"] == "pr-7"
    assert read["PLATFORM_RAW_DATABASE"] == "RAW_PR_7"
    assert read["PLATFORM_ANALYTICS_DATABASE"] == "ANALYTICS_PR_7"
    assert read["PLATFORM_TRANSFORMER_ROLE"] == "TRANSFORMER_PR_7"


@pytest.mark.usefixtures("small_checkout")
def test_no_secret_is_printed(platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLATFORM_DEPLOYMENT", "dev")
    monkeypatch.setenv("SNOWFLAKE_PRIVATE_KEY", "a private key")
    monkeypatch.setenv("DATABRICKS_TOKEN", "a token")
    assert "a private key" not in platform("environment").output
    assert "a token" not in platform("environment").output


def test_a_path_with_a_space_stays_one_value(
    small_checkout: Path, platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLATFORM_LOCAL_ROOT", str(small_checkout / "my data"))
    assert evaluated(platform("environment").output)["PLATFORM_LOCAL_ROOT"] == f"{small_checkout}/my data"
