import json
from collections.abc import Callable, Mapping

import pytest

from tests.fakes.pulumi_mocks.recorder import RecordedStack


def test_outputs_say_how_dbt_reaches_the_deployment(recorded: Mapping[str, RecordedStack]) -> None:
    assert recorded["pr-7"].outputs["environment"] == {
        "PLATFORM_RAW_DATABASE": "RAW_PR_7",
        "PLATFORM_ANALYTICS_DATABASE": "ANALYTICS_PR_7",
        "PLATFORM_TRANSFORMER_ROLE": "TRANSFORMER_PR_7",
        "PLATFORM_BRONZE_WAREHOUSE": "CI_DEV",
        "PLATFORM_SILVER_WAREHOUSE": "CI_DEV",
        "PLATFORM_GOLD_WAREHOUSE": "CI_DEV",
    }


def test_only_a_pull_request_expires(run_stack: Callable[..., RecordedStack], recorded: Mapping[str, object]) -> None:
    assert run_stack("pr-7", expires_on="2031-01-31").outputs["expiry"] == {"expires_on": "2031-01-31"}
    assert "expiry" not in run_stack("dev").outputs


def test_outputs_say_what_comes_next(recorded: Mapping[str, RecordedStack]) -> None:
    dev, pull_request = (recorded[stack].outputs["next_steps"] for stack in ("dev", "pr-7"))
    assert [step.split()[0] for step in dev] == ["DAGSTER_DEV", "REPORTING_TOOL_DEV", "Set", "Set"]
    assert "SNOWFLAKE_USER=DAGSTER_DEV" in dev[-1]
    assert "pull request 7 closes" in pull_request[-1]


def test_the_account_s_budget_is_set_by_the_statements_that_come_next(
    run_stack: Callable[..., RecordedStack],
) -> None:
    budget = {"credits": 750, "emails": ["anna@ours.com", "ben@ours.com"]}
    prod = run_stack("prod", account_budget=budget).outputs
    on = "CALL SNOWFLAKE.LOCAL.ACCOUNT_ROOT_BUDGET"
    said = " ".join(prod["next_steps"])
    assert f"{on}!ACTIVATE()" in said
    assert f"{on}!SET_SPENDING_LIMIT(750); {on}!SET_EMAIL_NOTIFICATIONS('anna@ours.com, ben@ours.com')" in said
    assert prod["platform"]["account_budget_credits"] == 750
    assert "ACCOUNT_ROOT_BUDGET" not in " ".join(run_stack("dev").outputs["next_steps"])


def test_the_description_bounds_what_the_deployment_can_cost(recorded: Mapping[str, RecordedStack]) -> None:
    described = recorded["prod"].outputs["platform"]
    assert (described["version"], described["deployment"], described["edition"]) == (1, "prod", "enterprise")
    assert {w["name"]: (w["size"], w["max_clusters"], w["credit_quota"]) for w in described["warehouses"]} == {
        "LOADING": ("XSMALL", 1, 50),
        "TRANSFORMING": ("SMALL", 1, 200),
        "REPORTING": ("SMALL", 2, 100),
    }


@pytest.mark.parametrize("stack", ["dev", "prod", "pr-7"])
def test_the_description_names_exactly_what_was_made(recorded: Mapping[str, RecordedStack], stack: str) -> None:
    described = recorded[stack].outputs["platform"]
    for key, kind in (("databases", "Database"), ("account_roles", "AccountRole"), ("users", "ServiceUser")):
        assert {one["name"] for one in described[key]} == set(recorded[stack].inputs_by_name(kind))
    roles = {(role.inputs["database"], role.inputs["name"]) for role in recorded[stack].of_type("DatabaseRole")}
    assert {(role["database"], role["name"]) for role in described["database_roles"]} == roles
    assert json.loads(json.dumps(described)) == described
