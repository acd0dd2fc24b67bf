import pytest
from platform_contract.deployment import Deployment, pull_request
from platform_infra.labels.labels import Labels
from platform_infra.stack_settings.common_settings import CommonSettings
from platform_infra.stack_settings.typed_settings import read_settings

from tests.deployments import DEV, PROD

STATED: dict[str, object] = {"owner": "data", "cost_centre": "4711", "cloud": "azure", "region": "westeurope"}


def settings(**more: object) -> CommonSettings:
    return read_settings(CommonSettings, STATED | more, "shop")


def test_labels_are_the_deployments() -> None:
    assert settings().labels(DEV) == Labels(DEV, "data", "4711")


@pytest.mark.parametrize("deployment", [DEV, PROD])
def test_a_stack_that_stays_does_not_expire(deployment: Deployment) -> None:
    assert settings(expires_on="2031-01-31").expiry(deployment) is None


def test_a_pull_request_expires_on_a_date_or_else_after_days_without_an_update() -> None:
    assert settings(expires_on="2031-01-31").expiry(pull_request(7)) == {"expires_on": "2031-01-31"}
    assert settings().expiry(pull_request(7)) == {"days_after_last_update": 7}
    assert settings(expires_after_days="3").expiry(pull_request(7)) == {"days_after_last_update": 3}
