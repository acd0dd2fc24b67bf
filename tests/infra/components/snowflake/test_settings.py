from collections.abc import Mapping

import pytest
from platform_contract.deployment import Deployment, pull_request
from platform_infra.snowflake.settings import SnowflakeSettings, snowflake_settings
from platform_infra.stack_settings.errors import StackSettingsError

from tests.deployments import DEV, PROD

PULL_REQUEST = pull_request(7)
LEAST: Mapping[str, object] = {
    "owner": "data",
    "cost_centre": "4711",
    "cloud": "aws",
    "region": "eu-west-1",
    "edition": "standard",
    "clone_production": "true",
}


NEEDED = {PROD: {"notify_users": ["ANNA"]}}


def settings(deployment: Deployment, **stated: object) -> SnowflakeSettings:
    return snowflake_settings(deployment, {**LEAST, **NEEDED.get(deployment, {}), **stated}, "platform-snowflake")


def refusal(deployment: Deployment, **stated: object) -> str:
    with pytest.raises(StackSettingsError) as refused:
        settings(deployment, **stated)
    return str(refused.value)


def test_what_a_stack_leaves_out_costs_little_and_keeps_a_day() -> None:
    left = settings(DEV)
    assert (left.warehouses.ci.size, left.warehouses.ci.auto_suspend_seconds) == ("XSMALL", 60)
    assert (left.warehouses.ci.monitor.credit_quota, left.warehouses.ci.monitor.frequency) == (10, "MONTHLY")
    assert (left.retention.raw, left.retention.gold, left.tags, left.allowed_cidrs) == (1, 1, False, ())


def test_an_edition_has_to_be_stated() -> None:
    with pytest.raises(StackSettingsError, match="platform-snowflake:edition is missing"):
        snowflake_settings(DEV, {key: LEAST[key] for key in LEAST if key != "edition"}, "platform-snowflake")


@pytest.mark.parametrize(
    ("stated", "named"),
    [
        ({"warehouses": {"reporting": {"max_clusters": 2}}}, "warehouses.reporting.max_clusters above 1"),
        ({"retention": {"gold": 2}}, "retention.gold above 1 day"),
        ({"tags": "true"}, "tags"),
    ],
)
def test_the_standard_edition_is_refused_what_it_does_not_have(stated: dict[str, object], named: str) -> None:
    assert f"edition standard has no {named}" in refusal(PROD, **stated)
    assert settings(PROD, edition="enterprise", **stated)
    assert settings(PROD, edition="business_critical", **stated)


@pytest.mark.parametrize("layer", ["bronze", "silver"])
def test_transient_layers_keep_a_day_at_most_in_any_edition(layer: str) -> None:
    said = refusal(PROD, edition="enterprise", retention={layer: 2})
    assert f"platform-snowflake:retention.{layer}: Input should be less than or equal to 1" in said


@pytest.mark.parametrize(
    "stated", ["warehouses", "users", "retention", "allowed_cidrs", "tags", "notify_users", "account_budget"]
)
def test_a_pull_request_cannot_set_what_it_uses_of_dev(stated: str) -> None:
    assert f"stack pr-7 cannot set platform-snowflake:{stated}: dev alone has them" in refusal(
        PULL_REQUEST, **{stated: {}}
    )


@pytest.mark.parametrize(
    "stated",
    [
        {"warehouses": {"ci": {}}},
        {"users": {"ci_runner": {"kind": "gcp"}}},
        {"users": {"branch_runner": {"kind": "gcp"}}},
    ],
)
def test_what_belongs_to_dev_is_refused_in_prod(stated: dict[str, object]) -> None:
    assert "they belong to the stack dev" in refusal(PROD, **stated)


@pytest.mark.parametrize(
    ("warehouse", "said"),
    [
        ({"size": "HUGE"}, "warehouses.loading.size: Input should be 'XSMALL', 'SMALL'"),
        ({"auto_suspend_seconds": 0}, "warehouses.loading.auto_suspend_seconds: Input should be greater than"),
        ({"monitor": {"credit_quota": 0}}, "warehouses.loading.monitor.credit_quota: Input should be greater than"),
        ({"monitor": {"notify_percents": []}}, "monitor.notify_percents"),
        ({"monitor": {"suspend_percent": 60}}, "notify_percents must lie below suspend_percent"),
        ({"monitor": {"frequency": "WEEKLY"}}, "starts_on goes with every frequency but MONTHLY"),
        ({"auto_suspnd_seconds": 60}, "did you mean 'auto_suspend_seconds'"),
    ],
)
def test_a_warehouse_that_could_run_away_is_refused(warehouse: dict[str, object], said: str) -> None:
    assert said in refusal(PROD, warehouses={"loading": warehouse})


@pytest.mark.parametrize("stated", [{}, {"notify_users": []}])
def test_production_s_monitors_tell_somebody(stated: dict[str, object]) -> None:
    with pytest.raises(StackSettingsError, match="stack prod must set platform-snowflake:notify_users"):
        snowflake_settings(PROD, {**LEAST, **stated}, "platform-snowflake")
    assert settings(DEV).notify_users == ()


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"notify_users": ["anna"]}, "notify_users.0"),
        ({"notify_users": ["A", "B", "C", "D", "E", "F"]}, "notify_users: Tuple should have at most 5 items"),
        ({"account_budget": {"credits": 0, "emails": ["a@ours.com"]}}, "account_budget.credits"),
        ({"account_budget": {"credits": 5, "emails": []}}, "account_budget.emails"),
        ({"account_budget": {"credits": 5, "emails": ["it's@ours.com"]}}, "account_budget.emails.0"),
    ],
)
def test_whom_costs_are_told_is_known_before_snowflake_is_asked(stated: dict[str, object], said: str) -> None:
    assert said in refusal(PROD, **stated)


@pytest.mark.parametrize(
    ("cidr", "said"),
    [
        ("0.0.0.0/0", "allows the whole internet"),
        ("192.0.2.1/24", "has host bits set"),
        ("example.org", "platform-snowflake:allowed_cidrs.0"),
    ],
)
def test_a_network_that_is_none_or_everything_is_refused(cidr: str, said: str) -> None:
    assert said in refusal(PROD, allowed_cidrs=[cidr])


@pytest.mark.parametrize(
    ("sign_in", "said"),
    [
        ({"kind": "password", "password": "hunter2"}, "Input tag 'password'"),
        ({"kind": "key_pair", "public_key": "MIIB"}, "not an RSA public key of at least 2048 bits"),
        ({"kind": "oidc", "issuer": "http://id.example.org", "subject": "s"}, "users.dagster.oidc.issuer"),
        ({"kind": "aws", "arn": "my-role"}, "users.dagster.aws.arn"),
        ({"kind": "gcp", "subject": "me@example.org"}, "users.dagster.gcp.subject"),
    ],
)
def test_a_way_to_sign_in_that_cannot_work_is_refused(sign_in: dict[str, object], said: str) -> None:
    assert said in refusal(PROD, users={"dagster": sign_in})
    assert "hunter2" not in refusal(PROD, users={"dagster": sign_in})
