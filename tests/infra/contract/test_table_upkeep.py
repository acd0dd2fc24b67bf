import pytest
from platform_contract.deployment import Deployment, pull_request
from platform_contract.table_upkeep import TableUpkeep, table_upkeep_of

from tests.deployments import DEV, LOCAL, PROD


@pytest.mark.parametrize("deployment", [DEV, PROD], ids=str)
def test_databricks_keeps_the_tables_of_what_stands(deployment: Deployment) -> None:
    assert table_upkeep_of(deployment) is TableUpkeep.PREDICTIVE_OPTIMIZATION


def test_a_laptops_tables_are_kept_by_the_job() -> None:
    assert table_upkeep_of(LOCAL) is TableUpkeep.MAINTENANCE_JOB


def test_nobody_vacuums_what_a_pull_request_cloned() -> None:
    assert table_upkeep_of(pull_request(7)) is TableUpkeep.NOBODY
