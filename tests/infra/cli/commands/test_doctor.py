import socket
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from click.testing import Result


@pytest.fixture
def healthy_checkout(small_checkout: Path, platform: Callable[..., Result]) -> Path:
    """A checkout after set-up."""
    (small_checkout / ".python-version").write_text("3.13\n", encoding="utf-8")
    (small_checkout / "dbt_project" / "dbt_project.yml").write_text(
        "flags: {send_anonymous_usage_stats: false}\n", encoding="utf-8"
    )
    platform("provision")
    return small_checkout


def line(output: str, subject: str) -> str:
    """What is said of a subject, with its remedy."""
    lines = output.splitlines()
    at = next(number for number, text in enumerate(lines) if text[2:].startswith(subject))
    remedy = lines[at + 1] if at + 1 < len(lines) and "→" in lines[at + 1] else ""
    return lines[at] + remedy


@pytest.mark.usefixtures("healthy_checkout")
def test_a_machine_after_set_up_has_no_problem(platform: Callable[..., Result]) -> None:
    examined = platform("doctor")
    assert examined.exit_code == 0, examined.output
    assert "✗" not in examined.output
    for subject in ("Python", "disk space", "local folders", "local databases", "Dagster home", "telemetry"):
        assert line(examined.output, subject).startswith("✓")
    assert "local (by default)" in line(examined.output, "deployment")
    assert "this machine" in line(examined.output, "engine")
    assert "Snowflake" not in examined.output


def test_doctor_changes_nothing(small_checkout: Path, platform: Callable[..., Result]) -> None:
    (small_checkout / ".python-version").write_text("3.13\n", encoding="utf-8")
    before = sorted(small_checkout.rglob("*"))
    examined = platform("doctor")
    assert examined.exit_code == 1
    assert "missing: raw.duckdb, analytics.duckdb" in line(examined.output, "local databases")
    assert "run `make setup`" in line(examined.output, "local folders")
    assert sorted(small_checkout.rglob("*")) == before


def test_a_wrong_python_is_a_problem(healthy_checkout: Path, platform: Callable[..., Result]) -> None:
    (healthy_checkout / ".python-version").write_text("3.99\n", encoding="utf-8")
    examined = platform("doctor")
    assert examined.exit_code == 1
    assert line(examined.output, "Python").startswith("✗")
    assert "for 3.99" in line(examined.output, "Python")


def test_a_missing_schema_is_a_problem(healthy_checkout: Path, platform: Callable[..., Result]) -> None:
    with duckdb.connect(healthy_checkout / ".local" / "local" / "warehouse" / "analytics.duckdb") as analytics:
        analytics.execute("drop schema silver")
    examined = platform("doctor")
    assert examined.exit_code == 1
    assert "schemas missing: analytics.silver" in line(examined.output, "local databases")


def test_a_home_of_another_deployment_is_found(
    healthy_checkout: Path, platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "/some/other/home")
    examined = platform("doctor")
    assert examined.exit_code == 0
    assert line(examined.output, "Dagster home").startswith("!")
    assert "/some/other/home" in line(examined.output, "Dagster home")
    (healthy_checkout / ".env").write_text("DAGSTER_HOME=/stale\n", encoding="utf-8")
    examined = platform("doctor")
    assert examined.exit_code == 1
    assert ".env says /stale" in line(examined.output, "Dagster home")


def test_telemetry_that_is_on_is_a_problem(healthy_checkout: Path, platform: Callable[..., Result]) -> None:
    project = healthy_checkout / "dbt_project" / "dbt_project.yml"
    project.write_text("name: shop\n", encoding="utf-8")
    examined = platform("doctor")
    assert examined.exit_code == 1
    assert str(project) in line(examined.output, "telemetry")


@pytest.mark.usefixtures("healthy_checkout")
def test_a_used_port_is_worth_a_look(platform: Callable[..., Result]) -> None:
    try:
        server = socket.create_server(("127.0.0.1", 3000))
    except OSError:
        pytest.skip("port 3000 is in use already")
    with server:
        examined = platform("doctor")
    assert examined.exit_code == 0
    assert line(examined.output, "port 3000").startswith("!")
    assert "make dev PORT=3001" in line(examined.output, "port 3000")


@pytest.mark.usefixtures("healthy_checkout")
def test_without_demo_mode_the_missing_settings_are_named_and_no_value_is_shown(
    platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLATFORM_DEPLOYMENT", "dev")
    monkeypatch.setenv("PLATFORM_DEMO_MODE", "false")
    for name in ("DATABRICKS_SERVER_HOSTNAME", "DATABRICKS_HTTP_PATH", "DATABRICKS_TOKEN", "SNOWFLAKE_USER"):
        monkeypatch.setenv(name, f"value of {name}")
    examined = platform("doctor")
    assert examined.exit_code == 1
    assert "the cloud" in line(examined.output, "engine")
    snowflake = line(examined.output, "Snowflake settings")
    assert "SNOWFLAKE_ACCOUNT" in snowflake
    assert "SNOWFLAKE_PRIVATE_KEY" in snowflake
    assert "SNOWFLAKE_USER" not in snowflake
    databricks = line(examined.output, "Databricks settings")
    assert databricks.startswith("✓")
    assert "DATABRICKS_TOKEN" in databricks
    assert "value of" not in examined.output


@pytest.mark.usefixtures("healthy_checkout")
def test_a_pods_token_is_as_good_as_a_secret(platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLATFORM_DEPLOYMENT", "dev")
    monkeypatch.setenv("PLATFORM_DEMO_MODE", "false")
    for name in ("SERVER_HOSTNAME", "HTTP_PATH", "CLIENT_ID"):
        monkeypatch.setenv(f"DATABRICKS_{name}", "set")
    without = line(platform("doctor").output, "Databricks settings")
    assert "DATABRICKS_OIDC_TOKEN_FILEPATH" in without
    assert not without.startswith("✓")
    monkeypatch.setenv("DATABRICKS_OIDC_TOKEN_FILEPATH", "/var/run/secrets/databricks/token")
    databricks = line(platform("doctor").output, "Databricks settings")
    assert databricks.startswith("✓")
    assert "DATABRICKS_OIDC_TOKEN_FILEPATH" in databricks


@pytest.mark.usefixtures("healthy_checkout")
@pytest.mark.parametrize(
    ("word", "fix"),
    [("maybe", "write true or false"), ("false", "set PLATFORM_DEPLOYMENT to one of dev, prod or pr-<number>")],
)
def test_an_engine_that_cannot_be_is_a_problem(
    platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, word: str, fix: str
) -> None:
    monkeypatch.setenv("PLATFORM_DEMO_MODE", word)
    examined = platform("doctor")
    assert examined.exit_code == 1
    assert fix in line(examined.output, "engine")
