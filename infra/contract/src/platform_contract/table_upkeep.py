from enum import StrEnum

from platform_contract.deployment import Deployment, Trait


class TableUpkeep(StrEnum):
    """Who joins small files of Delta tables and deletes the ones that retention has passed.

    One of them, never two: each would do the other's work again, and both cost.
    """

    PREDICTIVE_OPTIMIZATION = "predictive_optimization"
    MAINTENANCE_JOB = "maintenance_job"
    NOBODY = "nobody"


_UPKEEP = {
    Trait.LAPTOP: TableUpkeep.MAINTENANCE_JOB,
    Trait.STANDING: TableUpkeep.PREDICTIVE_OPTIMIZATION,
    # A pull request's tables live for days, which is worth no bill; and they are shallow clones, whose VACUUM might
    # delete files of production's (docs.databricks.com, Shallow clone for Unity Catalog tables).
    Trait.PULL_REQUEST: TableUpkeep.NOBODY,
}

PULL_REQUEST_DAYS = 7
"""How long a pull request's environment is kept after its last push, its shallow clones included, unless a stack says
otherwise. So long, and until a sweep has passed, the retention of what was cloned has to keep the files they read."""


def table_upkeep_of(deployment: Deployment) -> TableUpkeep:
    """Who keeps the tables of a deployment: the Pulumi program and the maintenance job both ask here."""
    return next(upkeep for trait, upkeep in _UPKEEP.items() if deployment.has(trait))
