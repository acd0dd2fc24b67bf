import pytest
from platform_contract.demo_mode import check_demo_mode, default_demo_mode
from platform_contract.deployment import Deployment, pull_request
from platform_contract.errors import ContractError

from tests.deployments import DEV, LOCAL, PROD

HOSTED = {"DAGSTER_CLOUD_DEPLOYMENT_NAME": "prod"}


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, True),
        ({"PLATFORM_DEMO_MODE": ""}, True),
        ({"PLATFORM_DEMO_MODE": "true"}, True),
        ({"PLATFORM_DEMO_MODE": "false"}, False),
        (HOSTED, False),
        ({**HOSTED, "PLATFORM_DEMO_MODE": "true"}, False),
    ],
)
def test_demo_mode_is_on_outside_dagster_plus_alone(environ: dict[str, str], expected: bool) -> None:
    assert default_demo_mode(environ) is expected


@pytest.mark.parametrize("word", ["maybe", "True", "1", "yes", "false "])
def test_a_demo_mode_that_is_neither_true_nor_false_is_refused(word: str) -> None:
    with pytest.raises(ContractError, match=r"PLATFORM_DEMO_MODE=.*write true or false"):
        default_demo_mode({"PLATFORM_DEMO_MODE": word})


def test_true_inside_dagster_plus_is_refused() -> None:
    with pytest.raises(ContractError, match=r"inside Dagster\+ \(deployment prod\)"):
        check_demo_mode(True, PROD, HOSTED)


def test_false_on_local_is_refused_and_the_fix_is_named() -> None:
    with pytest.raises(ContractError, match="set PLATFORM_DEPLOYMENT to one of dev, prod or pr-<number>"):
        check_demo_mode(False, LOCAL, {})


@pytest.mark.parametrize(
    ("demo_mode", "deployment", "environ"),
    [(True, LOCAL, {}), (True, pull_request(7), {}), (False, DEV, {}), (False, PROD, HOSTED)],
)
def test_an_engine_that_the_deployment_has_is_accepted(demo_mode: bool, deployment: Deployment, environ: dict) -> None:
    check_demo_mode(demo_mode, deployment, environ)
