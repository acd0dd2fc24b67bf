import pytest
from hypothesis import given
from hypothesis import strategies as st
from platform_contract.deployment import parse_deployment, pull_request
from platform_contract.errors import ContractError

from tests.deployments import DEV, LOCAL, PROD

NUMBERS = st.integers(min_value=1, max_value=999_999_999)


@pytest.mark.parametrize(("name", "expected"), [("local", LOCAL), ("dev", DEV), ("prod", PROD)])
def test_a_standing_deployment_is_known_by_its_name(name: str, expected: object) -> None:
    assert parse_deployment(name) == expected


@given(NUMBERS)
def test_a_pull_request_is_known_by_its_number(number: int) -> None:
    deployment = parse_deployment(f"pr-{number}")
    assert deployment.name == f"pr-{number}"
    assert deployment.suffix == f"_pr_{number}"
    assert deployment == pull_request(number)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Local",
        "production",
        "pr",
        "pr-",
        "pr-0",
        "pr-01",
        "pr-1x",
        " pr-1",
        "pr-1\n",
        "pr-1000000000",
        "pr-\u0661",
        "dev ",
    ],
)
def test_an_unknown_deployment_is_refused_and_the_known_ones_are_listed(name: str) -> None:
    with pytest.raises(ContractError, match=r"local, dev, prod and pr-<number>"):
        parse_deployment(name)


def test_the_nearest_known_deployment_is_suggested() -> None:
    with pytest.raises(ContractError, match="did you mean 'prod'"):
        parse_deployment("PROD1")


def test_local_has_no_cloud_names() -> None:
    with pytest.raises(ContractError, match="set PLATFORM_DEPLOYMENT to one of dev, prod or pr-<number>"):
        _ = LOCAL.suffix
