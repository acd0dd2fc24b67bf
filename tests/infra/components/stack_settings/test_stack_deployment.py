import pytest
from platform_contract.deployment import Deployment, pull_request
from platform_infra.stack_settings.errors import StackSettingsError
from platform_infra.stack_settings.stack_deployment import cloud_deployment, stack_deployment

from tests.deployments import DEV, LOCAL, PROD


@pytest.mark.parametrize(("stack", "deployment"), [("dev", DEV), ("prod", PROD), ("pr-7", pull_request(7))])
def test_a_stack_is_the_deployment_of_its_name(stack: str, deployment: Deployment) -> None:
    assert stack_deployment(stack) == deployment


def test_an_unknown_stack_is_refused_with_the_nearest_known_one() -> None:
    with pytest.raises(StackSettingsError, match=r"stack 'prodd'.*did you mean 'prod'"):
        stack_deployment("prodd")


def test_a_stack_of_another_program_is_refused_with_the_legal_ones() -> None:
    with pytest.raises(StackSettingsError, match=r"stack 'local' .* select one of dev, prod or pr-<number>"):
        cloud_deployment("local")
    assert cloud_deployment("prod") == stack_deployment("prod") == PROD
    assert stack_deployment("local") == LOCAL
