import pytest
from platform_contract.deployment import DEV, PROD, Deployment, DeploymentKind, pull_request
from platform_infra.stack_settings.errors import StackSettingsError
from platform_infra.stack_settings.stack_deployment import CLOUD_KINDS, stack_deployment


@pytest.mark.parametrize(("stack", "deployment"), [("dev", DEV), ("prod", PROD), ("pr-7", pull_request(7))])
def test_a_stack_is_the_deployment_of_its_name(stack: str, deployment: Deployment) -> None:
    assert stack_deployment(stack, CLOUD_KINDS) == deployment


def test_an_unknown_stack_is_refused_with_the_nearest_known_one() -> None:
    with pytest.raises(StackSettingsError, match=r"stack 'prodd'.*did you mean 'prod'"):
        stack_deployment("prodd", CLOUD_KINDS)


def test_a_stack_of_another_program_is_refused_with_the_legal_ones() -> None:
    with pytest.raises(StackSettingsError, match=r"stack 'local' .* select one of dev, pr-<number>, prod"):
        stack_deployment("local", CLOUD_KINDS)
    with pytest.raises(StackSettingsError, match="select one of local"):
        stack_deployment("prod", frozenset({DeploymentKind.LOCAL}))
