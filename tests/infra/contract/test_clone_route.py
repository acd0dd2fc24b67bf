import pytest
from platform_contract.clone_route import CloneRoute, clone_route
from platform_contract.deployment import Deployment, pull_request
from platform_contract.errors import ContractError

from tests.deployments import DEV, LOCAL, PROD

PR = pull_request(7)


def test_a_pull_request_starts_from_production_and_on_this_machine_from_its_stand_in() -> None:
    assert clone_route(PR, demo_mode=False) == CloneRoute(PROD, PR)
    assert clone_route(PR, demo_mode=True) == CloneRoute(LOCAL, PR)


@pytest.mark.parametrize("target", [PROD, DEV, LOCAL], ids=str)
@pytest.mark.parametrize("source", [PROD, LOCAL, PR], ids=str)
def test_nothing_but_a_pull_request_is_ever_a_target(source: Deployment, target: Deployment) -> None:
    with pytest.raises(ContractError, match=rf"{target} is none: name pr-<number>"):
        CloneRoute(source, target)


@pytest.mark.parametrize("source", [DEV, PR, pull_request(8)], ids=str)
def test_nothing_but_production_or_its_stand_in_is_a_source(source: Deployment) -> None:
    with pytest.raises(ContractError, match=f"pr-7 cannot be cloned from {source}"):
        CloneRoute(source, PR)
