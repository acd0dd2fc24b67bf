import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import Result
from platform_contract.local_paths import checkout as checkout_of

from tests.fakes.dagster_plus.server import DagsterPlus

SHIPPED = checkout_of(Path(__file__)) / ".dagster_plus"


@pytest.fixture(autouse=True)
def shipped_files(checkout: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, checkout / ".dagster_plus"))


@pytest.mark.slow
def test_production_gets_the_settings_and_the_alerts_that_are_shipped(
    platform: Callable[..., Result], plus: DagsterPlus
) -> None:
    applied = platform("settings", "--deployment", "prod")
    assert applied.exit_code == 0, applied.output
    prod = plus.organisation.deployments["prod"]
    assert prod.settings == yaml.safe_load((SHIPPED / "deployment_settings.yaml").read_text(encoding="utf-8"))
    assert prod.settings["concurrency"]["pools"] == {"default_limit": 1, "granularity": "op"}
    assert {policy["name"]: policy["event_types"] for policy in prod.alert_policies} == {
        "table-not-built": ["ASSET_MATERIALIZATION_FAILURE"],
        "check-failed": ["ASSET_CHECK_SEVERITY_ERROR", "ASSET_CHECK_EXECUTION_FAILURE"],
        "job-failed": ["JOB_FAILURE"],
        "tick-failed": ["TICK_FAILURE"],
        "location-not-loaded": ["CODE_LOCATION_ERROR"],
        "agent-down": ["AGENT_UNAVAILABLE"],
    }
    assert plus.organisation.deployments["dev"].settings == {}


@pytest.mark.slow
def test_dev_alerts_nobody_and_what_is_no_setting_is_refused(
    platform: Callable[..., Result], plus: DagsterPlus, shipped_files: Path
) -> None:
    settings = shipped_files / "deployment_settings.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("max_concurrent_runs", "max_runs"), encoding="utf-8")
    refused = platform("settings", "--deployment", "dev")
    assert refused.exit_code == 1
    assert "unknown setting concurrency.runs.max_runs" in refused.output
    assert refused.output.splitlines()[-1].startswith("Error: dev: its settings failed: ")
    settings.write_text(text, encoding="utf-8")
    assert platform("settings", "--deployment", "dev").exit_code == 0
    dev = plus.organisation.deployments["dev"]
    assert dev.settings["sso_default_role"] == "VIEWER"
    assert dev.alert_policies == []


@pytest.mark.usefixtures("plus")
def test_a_pull_request_has_no_settings_of_its_own(platform: Callable[..., Result]) -> None:
    refused = platform("settings", "--deployment", "pr-7")
    assert refused.exit_code == 2
    assert "it takes the organisation's" in refused.output


@pytest.mark.slow
def test_a_branch_deployment_runs_by_the_settings_of_the_organisation(
    platform: Callable[..., Result], plus: DagsterPlus
) -> None:
    branch = {"repoName": "acme/platform", "branchName": "pr-7", "pullRequestStatus": "OPEN"}
    pull_request = plus.organisation.create_or_update_branch(branch, {}, "prod")
    assert platform("settings", "--deployment", "prod").exit_code == 0
    assert plus.organisation.settings_in_force(pull_request)["max_concurrent_branch_deployment_runs"] == 50

    applied = platform("organisation-settings")

    assert applied.exit_code == 0, applied.output
    assert "max_concurrent_branch_deployment_runs: 20, before: 50" in applied.output
    in_force = plus.organisation.settings_in_force(pull_request)
    assert in_force == {
        "max_concurrent_branch_deployment_runs": 20,
        "max_concurrent_runs_per_branch_deployment": 5,
        "set_by_somebody_else": True,
    }
    assert "pools" not in str(in_force)


@pytest.mark.parametrize(("text", "said"), [("pools: 1", "unknown setting pools"), ("[]", "must hold settings")])
def test_what_is_no_setting_of_an_organisation_is_refused(
    platform: Callable[..., Result], plus: DagsterPlus, shipped_files: Path, text: str, said: str
) -> None:
    (shipped_files / "organisation_settings.yaml").write_text(text, encoding="utf-8")
    refused = platform("organisation-settings")
    assert refused.exit_code == 2
    assert said in refused.output
    assert "pools" not in plus.organisation.settings


def test_who_may_not_change_the_organisation_is_told_so(
    platform: Callable[..., Result], plus: DagsterPlus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_CLOUD_API_TOKEN", plus.organisation.issue_token(may_deploy=False))
    refused = platform("organisation-settings")
    assert refused.exit_code == 2
    assert "token of an administrator" in refused.output
