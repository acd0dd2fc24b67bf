import pytest
from platform_contract.deployment import DeploymentKind
from platform_contract.table_upkeep import TableUpkeep, table_upkeep_of


@pytest.mark.parametrize("kind", [DeploymentKind.DEV, DeploymentKind.PROD])
def test_databricks_keeps_the_tables_of_what_stands(kind: DeploymentKind) -> None:
    assert table_upkeep_of(kind) is TableUpkeep.PREDICTIVE_OPTIMIZATION


@pytest.mark.parametrize("kind", [DeploymentKind.LOCAL, DeploymentKind.PULL_REQUEST])
def test_where_databricks_does_not_the_job_does(kind: DeploymentKind) -> None:
    assert table_upkeep_of(kind) is TableUpkeep.MAINTENANCE_JOB
