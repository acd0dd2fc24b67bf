import os
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from platform_contract.deployment import Deployment
from platform_contract.local_paths import checkout
from platform_infra.programs.cloud_programs import SNOWFLAKE

from tests.deployments import DEV
from tests.fakes.pulumi_command import FakePulumi, install_fake_pulumi

REAL = checkout(Path(__file__))
STATE = """
dev: {backend: "s3://state-dev", secrets_provider: "awskms://alias/state-dev"}
prod: {backend: "s3://state-prod", secrets_provider: "awskms://alias/state-prod"}
pull_requests: {backend: "s3://state-pr", secrets_provider: "awskms://alias/state-pr"}
"""


@pytest.fixture
def pulumi(small_checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    for variable in ("PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"):
        monkeypatch.delenv(variable, raising=False)
    infra = small_checkout / "infra"
    for file in (REAL / "infra").glob("*/Pulumi*.yaml"):
        (infra / file.parent.name).mkdir(parents=True, exist_ok=True)
        shutil.copy(file, infra / file.parent.name)
    shutil.copy(REAL / "infra" / "prices.yaml", infra)
    (infra / "state.yaml").write_text(STATE, encoding="utf-8")
    fake = install_fake_pulumi(tmp_path / "bin", sys.executable)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return fake


def existing(pulumi: FakePulumi, *stacks: str) -> None:
    for program in ("local", "snowflake", "databricks"):
        pulumi.answer(f"{program} stack ls", [{"name": stack} for stack in stacks], 0)


def test_up_runs_snowflake_then_databricks_and_never_skips_the_preview(
    platform: Callable[..., Result], pulumi: FakePulumi
) -> None:
    existing(pulumi, "dev", "prod")
    assert platform("up", "--stack", "prod", "--yes").exit_code == 0
    assert [call for call in pulumi.commands() if " up " in call] == [
        "snowflake up --skip-preview=false --yes --stack prod",
        "databricks up --skip-preview=false --yes --stack prod",
    ]
    assert not [call for call in pulumi.commands() if " stack init " in call]


@pytest.mark.parametrize(("code", "said"), [(0, "v3.271.0"), (0, "no version"), (1, "v3.1000.0")])
def test_a_cli_that_is_older_than_the_sdk_or_does_not_run_is_refused(
    platform: Callable[..., Result], pulumi: FakePulumi, code: int, said: str
) -> None:
    existing(pulumi, "dev")
    pulumi.answer("version", said, code)
    refused = platform("up", "--stack", "dev", "--yes")
    assert refused.exit_code == 2
    assert "install the released CLI" in refused.output
    assert pulumi.commands() == []


def test_up_asks_unless_told_otherwise(platform: Callable[..., Result], pulumi: FakePulumi) -> None:
    existing(pulumi, "dev")
    platform("up", "--stack", "dev")
    assert "snowflake up --skip-preview=false --stack dev" in pulumi.commands()


def test_a_stack_that_is_not_there_is_made_under_its_secrets_provider(
    platform: Callable[..., Result], pulumi: FakePulumi
) -> None:
    existing(pulumi, "organisation/pr-71")
    assert platform("up", "--stack", "pr-7", "--yes").exit_code == 0
    made = [call for call in pulumi.commands() if " stack init " in call]
    assert made == [
        f"{program} stack init pr-7 --secrets-provider awskms://alias/state-pr"
        for program in ("snowflake", "databricks")
    ]
    assert {call["environment"]["PULUMI_BACKEND_URL"] for call in pulumi.calls()} == {"s3://state-pr"}


def test_a_failure_stops_what_comes_after_it(platform: Callable[..., Result], pulumi: FakePulumi) -> None:
    existing(pulumi, "dev")
    pulumi.answer("snowflake up", "refused", 255)
    assert platform("up", "--stack", "dev", "--yes").exit_code == 255
    assert not [call for call in pulumi.commands() if call.startswith("databricks")]


def test_local_is_one_program_whose_state_needs_no_setting(
    platform: Callable[..., Result], pulumi: FakePulumi, small_checkout: Path
) -> None:
    (small_checkout / "infra" / "state.yaml").unlink()
    assert platform("preview", "--stack", "local").exit_code == 0
    assert pulumi.commands() == [
        "local stack ls --json",
        "local stack init local --secrets-provider passphrase",
        "local preview --stack local",
    ]
    state = small_checkout / ".local" / "pulumi"
    assert state.is_dir()
    environment = pulumi.calls()[-1]["environment"]
    assert environment["PULUMI_BACKEND_URL"] == state.as_uri()
    assert environment["PULUMI_CONFIG_PASSPHRASE"] == ""


def test_a_drift_check_looks_and_fails_on_any_change(platform: Callable[..., Result], pulumi: FakePulumi) -> None:
    existing(pulumi, "prod")
    platform("preview", "--stack", "prod", "--drift")
    assert "databricks preview --refresh --expect-no-changes --stack prod" in pulumi.commands()


def test_destroy_goes_backwards_and_forgets_a_pull_request(platform: Callable[..., Result], pulumi: FakePulumi) -> None:
    existing(pulumi, "pr-7")
    assert platform("destroy", "--stack", "pr-7", "--yes").exit_code == 0
    assert [call for call in pulumi.commands() if " stack ls " not in call] == [
        "databricks destroy --yes --stack pr-7",
        "databricks stack rm pr-7 --yes --remove-backups",
        "snowflake destroy --yes --stack pr-7",
        "snowflake stack rm pr-7 --yes --remove-backups",
    ]


def test_destroy_keeps_the_stack_of_dev_and_skips_one_that_is_not_there(
    platform: Callable[..., Result], pulumi: FakePulumi
) -> None:
    pulumi.answer("databricks stack ls", [{"name": "dev"}], 0)
    destroyed = platform("destroy", "--stack", "dev", "--yes")
    assert destroyed.exit_code == 0
    assert "snowflake: there is no stack dev" in destroyed.output
    assert [call for call in pulumi.commands() if " stack ls " not in call] == ["databricks destroy --yes --stack dev"]


def test_production_is_never_destroyed(platform: Callable[..., Result], pulumi: FakePulumi) -> None:
    existing(pulumi, "prod")
    refused = platform("destroy", "--stack", "prod", "--yes")
    assert refused.exit_code == 2
    assert "never destroyed" in refused.output
    assert pulumi.calls() == []


def test_the_environment_wins_over_the_file(
    platform: Callable[..., Result], pulumi: FakePulumi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", "https://api.pulumi.example")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "of the operator")
    platform("preview", "--stack", "dev")
    assert "snowflake stack init dev --secrets-provider passphrase" in pulumi.commands()
    environment = pulumi.calls()[-1]["environment"]
    assert environment["PULUMI_BACKEND_URL"] == "https://api.pulumi.example"
    assert environment["PULUMI_CONFIG_PASSPHRASE"] == "of the operator"  # noqa: S105


def test_programs_run_with_the_python_of_this_environment(platform: Callable[..., Result], pulumi: FakePulumi) -> None:
    platform("preview", "--stack", "dev")
    first = pulumi.calls()[-1]["environment"]["PATH"].split(os.pathsep)[0]
    assert first == str(Path(sys.prefix) / "bin")


@pytest.mark.usefixtures("pulumi")
@pytest.mark.parametrize("command", ["up", "preview", "destroy"])
def test_without_the_cli_one_line_says_how_to_install_it(
    platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("PATH", "")
    refused = platform(command, "--stack", "dev")
    assert refused.exit_code == 2
    assert refused.output.startswith("Error: no pulumi on PATH: install")
    assert len(refused.output.splitlines()) == 1


@pytest.mark.usefixtures("pulumi")
def test_a_state_file_that_says_too_little_is_refused(platform: Callable[..., Result], small_checkout: Path) -> None:
    (small_checkout / "infra" / "state.yaml").write_text("dev: {backend: s3://state-dev}\n", encoding="utf-8")
    refused = platform("up", "--stack", "dev")
    assert refused.exit_code == 2
    assert "dev must hold exactly backend and secrets_provider" in refused.output


@pytest.mark.parametrize("arguments", [["up"], ["up", "--stack", "prd"]])
def test_a_stack_is_always_named_and_known(platform: Callable[..., Result], arguments: list[str]) -> None:
    refused = platform(*arguments)
    assert refused.exit_code == 2
    assert "--stack" in refused.output or "did you mean 'prod'?" in refused.output


def test_a_preview_that_raises_the_worst_month_says_so(platform: Callable[..., Result], pulumi: FakePulumi) -> None:
    existing(pulumi, "dev")
    up = describe_snowflake(DEV)
    # Dev's loading monitor allows 10 credits now, at 2 dollars x 1.3 for the region.
    next(one for one in up["warehouses"] if one["name"] == "LOADING_DEV")["credit_quota"] = 4
    pulumi.answer("snowflake stack output", {"platform": up}, 0)
    shown = platform("preview", "--stack", "dev")
    assert shown.exit_code == 0, shown.output
    assert "this change RAISES the bound from $127" in shown.output
    assert "warehouse LOADING_DEV: $10 → $26" in shown.output
    assert "Databricks can cost at most" in shown.output
    assert "nothing is up yet" in shown.output


def test_up_says_what_it_costs_before_it_asks(platform: Callable[..., Result], pulumi: FakePulumi) -> None:
    existing(pulumi, "dev")
    pulumi.answer("snowflake stack output", {"platform": describe_snowflake(DEV)}, 0)
    pulumi.answer("snowflake up", "refused", 255)
    shown = platform("up", "--stack", "dev")
    assert "Snowflake can cost at most $143 a month by what is capped, as before" in shown.output


def describe_snowflake(deployment: Deployment) -> dict[str, Any]:
    return dict(SNOWFLAKE.planned(REAL / "infra", deployment))


def test_up_notes_when_a_pull_requests_stack_may_be_swept_before_it_makes_anything(
    platform: Callable[..., Result], pulumi: FakePulumi, small_checkout: Path
) -> None:
    existing(pulumi, "pr-7")
    settings = small_checkout / "infra" / "databricks" / "Pulumi.pr-7.yaml"
    settings.write_text('config: {platform-databricks:expires_on: "2031-01-31"}\n', encoding="utf-8")
    assert platform("up", "--stack", "pr-7", "--yes").exit_code == 0
    week = (datetime.now(UTC).date() + timedelta(days=7)).isoformat()
    assert [call for call in pulumi.commands() if " stack ls " not in call and " output " not in call] == [
        f"snowflake stack tag set expires_on {week} --stack pr-7",
        "snowflake up --skip-preview=false --yes --stack pr-7",
        "databricks stack tag set expires_on 2031-01-31 --stack pr-7",
        "databricks up --skip-preview=false --yes --stack pr-7",
    ]
    existing(pulumi, "dev")
    platform("up", "--stack", "dev", "--yes")
    assert not [call for call in pulumi.commands() if " tag " in call and "dev" in call]


def test_expiry_goes_by_the_tag_then_by_the_last_update_and_a_removal_cut_short_is_past(
    platform: Callable[..., Result], pulumi: FakePulumi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))

    def listed(name: str, resources: int, days_ago: int) -> dict[str, Any]:
        updated = datetime.now(UTC) - timedelta(days=days_ago)
        return {"name": name, "resourceCount": resources, "lastUpdate": updated.isoformat()}

    def expired(stacks: list[dict[str, Any]], tag: str) -> str:
        pulumi.answer("snowflake stack ls", stacks, 0)
        pulumi.answer("snowflake stack tag ls", {"expires_on": tag} if tag else {}, 0)
        assert platform("ci-matrix", "expired").exit_code == 0
        return (tmp_path / "output").read_text(encoding="utf-8").splitlines()[-1]

    today = datetime.now(UTC).date()
    assert expired([listed("pr-7", 9, 30)], today.isoformat()) == "rows=[]"
    assert expired([listed("pr-7", 9, 0)], (today - timedelta(days=1)).isoformat()) == 'rows=[{"deployment":"pr-7"}]'
    assert expired([listed("pr-7", 9, 6)], "") == "rows=[]"
    assert expired([listed("pr-7", 9, 8)], "soon") == 'rows=[{"deployment":"pr-7"}]'
    assert expired([listed("pr-7", 0, 0)], today.isoformat()) == 'rows=[{"deployment":"pr-7"}]'
    others = [listed(name, 9, 99) for name in ("prod", "dev", "pr-7-extra", "prod-1", "xpr-7", "pr-07")]
    assert expired(others, "2001-01-01") == "rows=[]"
    # The latest of both programs counts: one that came up again keeps the other.
    pulumi.answer("databricks stack ls", [listed("pr-12", 9, 99)], 0)
    assert expired([listed("pr-12", 9, 1)], "") == "rows=[]"
