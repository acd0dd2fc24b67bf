import pytest
from platform_contract.automation import automation_is_on
from platform_contract.errors import ContractError

DEV = {"DAGSTER_CLOUD_DEPLOYMENT_NAME": "dev"}
PROD = {"DAGSTER_CLOUD_DEPLOYMENT_NAME": "prod"}
PULL_REQUEST = {"DAGSTER_CLOUD_IS_BRANCH_DEPLOYMENT": "1", "DAGSTER_CLOUD_PULL_REQUEST_ID": "7"}
ASKED = {"PLATFORM_AUTOMATION": "true"}


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        (DEV, True),
        (PROD, True),
        (PULL_REQUEST, False),
        # This machine, whatever deployment it names: Dagster+ has a daemon of its own.
        ({}, False),
        ({"PLATFORM_DEPLOYMENT": "prod", "PLATFORM_DEMO_MODE": "false"}, False),
        ({"PLATFORM_AUTOMATION": "false"}, False),
        (ASKED, True),
        ({**ASKED, "PLATFORM_DEPLOYMENT": "pr-7"}, True),
    ],
)
def test_what_starts_runs_is_on_in_dev_and_prod_and_elsewhere_on_demand(environ: dict, expected: bool) -> None:
    assert automation_is_on(environ) is expected


@pytest.mark.parametrize("word", ["1", "yes", "True", "on"])
def test_a_word_that_decides_nothing_is_refused(word: str) -> None:
    with pytest.raises(ContractError, match=r"PLATFORM_AUTOMATION=.*write true or false"):
        automation_is_on({"PLATFORM_AUTOMATION": word})


@pytest.mark.parametrize("hosted", [DEV, PROD, PULL_REQUEST])
def test_in_dagster_plus_the_trait_alone_decides(hosted: dict[str, str]) -> None:
    with pytest.raises(ContractError, match=r"PLATFORM_AUTOMATION=true inside Dagster\+ is refused"):
        automation_is_on({**hosted, **ASKED})
