from enum import StrEnum

from platform_contract.deployment import DeploymentKind


class TableUpkeep(StrEnum):
    """Who joins small files of Delta tables and deletes the ones that retention has passed.

    One of the two, never both: each would do the other's work again, and both cost.
    """

    PREDICTIVE_OPTIMIZATION = "predictive_optimization"
    MAINTENANCE_JOB = "maintenance_job"


_UPKEEP = {
    DeploymentKind.LOCAL: TableUpkeep.MAINTENANCE_JOB,
    DeploymentKind.DEV: TableUpkeep.PREDICTIVE_OPTIMIZATION,
    DeploymentKind.PROD: TableUpkeep.PREDICTIVE_OPTIMIZATION,
    # A pull request's tables live for days: nothing there is worth a bill that comes by itself.
    DeploymentKind.PULL_REQUEST: TableUpkeep.MAINTENANCE_JOB,
}


def table_upkeep_of(kind: DeploymentKind) -> TableUpkeep:
    """Who keeps the tables of that kind of deployment: the Pulumi program and the maintenance job both ask here."""
    return _UPKEEP[kind]
