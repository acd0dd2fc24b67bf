import pytest
from platform_contract.deployment import DeploymentKind
from platform_contract.table_upkeep import TableUpkeep, table_upkeep_of


@pytest.mark.parametrize("kind", [DeploymentKind.DEV, DeploymentKind.PROD])
def test_databricks_keeps_the_tables_of_what_stands(kind: DeploymentKind) -> None:
    assert table_upkeep_of(kind) is TableUpkeep.PREDICTIVE_OPTIMIZATION


def test_a_laptops_tables_are_kept_by_the_job() -> None:
    assert table_upkeep_of(DeploymentKind.LOCAL) is TableUpkeep.MAINTENANCE_JOB


def test_nobody_vacuums_what_a_pull_request_cloned() -> None:
    assert table_upkeep_of(DeploymentKind.PULL_REQUEST) is TableUpkeep.NOBODY
