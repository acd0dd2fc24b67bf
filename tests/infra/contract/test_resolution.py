import pytest
from platform_contract.errors import ContractError
from platform_contract.resolution import inside_dagster_plus, resolve_deployment

BRANCH = {"DAGSTER_CLOUD_IS_BRANCH_DEPLOYMENT": "1"}


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "local"),
        ({"PLATFORM_DEPLOYMENT": ""}, "local"),
        ({"PLATFORM_DEPLOYMENT": "pr-7"}, "pr-7"),
        ({"DAGSTER_CLOUD_DEPLOYMENT_NAME": "prod"}, "prod"),
        ({"DAGSTER_CLOUD_DEPLOYMENT_NAME": "dev", "PLATFORM_DEPLOYMENT": "dev"}, "dev"),
        ({**BRANCH, "DAGSTER_CLOUD_PULL_REQUEST_ID": "12"}, "pr-12"),
        # A branch deployment has a generated name, which says nothing: the pull request does.
        ({**BRANCH, "DAGSTER_CLOUD_PULL_REQUEST_ID": "12", "DAGSTER_CLOUD_DEPLOYMENT_NAME": "a1b2c3"}, "pr-12"),
        ({"DAGSTER_CLOUD_IS_BRANCH_DEPLOYMENT": "0", "DAGSTER_CLOUD_DEPLOYMENT_NAME": "prod"}, "prod"),
    ],
)
def test_the_environment_says_which_deployment(environ: dict[str, str], expected: str) -> None:
    assert resolve_deployment(environ).name == expected


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"PLATFORM_DEPLOYMENT": "staging"}, "PLATFORM_DEPLOYMENT: unknown deployment 'staging'"),
        ({"DAGSTER_CLOUD_DEPLOYMENT_NAME": "staging"}, "DAGSTER_CLOUD_DEPLOYMENT_NAME: unknown deployment 'staging'"),
        ({"DAGSTER_CLOUD_DEPLOYMENT_NAME": "local"}, "DAGSTER_CLOUD_DEPLOYMENT_NAME=local"),
        ({"DAGSTER_CLOUD_DEPLOYMENT_NAME": "pr-3"}, "DAGSTER_CLOUD_DEPLOYMENT_NAME=pr-3"),
        (BRANCH, "DAGSTER_CLOUD_PULL_REQUEST_ID is empty"),
        ({**BRANCH, "DAGSTER_CLOUD_PULL_REQUEST_ID": "x"}, "DAGSTER_CLOUD_PULL_REQUEST_ID='x'"),
    ],
)
def test_an_environment_that_names_none_is_refused(environ: dict[str, str], named: str) -> None:
    with pytest.raises(ContractError) as error:
        resolve_deployment(environ)
    assert named in str(error.value)


@pytest.mark.parametrize(
    "hosted", [{"DAGSTER_CLOUD_DEPLOYMENT_NAME": "prod"}, {**BRANCH, "DAGSTER_CLOUD_PULL_REQUEST_ID": "1"}]
)
def test_two_sources_that_disagree_are_refused(hosted: dict[str, str]) -> None:
    with pytest.raises(ContractError, match=r"PLATFORM_DEPLOYMENT=pr-12 but Dagster\+ says"):
        resolve_deployment({"PLATFORM_DEPLOYMENT": "pr-12", **hosted})


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, False),
        ({"PLATFORM_DEPLOYMENT": "prod"}, False),
        ({"DAGSTER_CLOUD_DEPLOYMENT_NAME": "x"}, True),
        (BRANCH, True),
    ],
)
def test_inside_dagster_plus(environ: dict[str, str], expected: bool) -> None:
    assert inside_dagster_plus(environ) is expected
