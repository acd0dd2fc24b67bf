from pathlib import Path

from platform_contract.deployment import Deployment
from platform_infra.cost.bound import CostBound, Description
from platform_infra.cost.prices import Prices, read_prices
from platform_infra.programs.cloud_program import CloudProgram

_DESCRIPTION_VERSION = 1


def prices(checkout: Path) -> Prices:
    """The checkout's price assumptions."""
    return read_prices(checkout / "infra" / "prices.yaml")


def planned_bound(checkout: Path, program: CloudProgram, deployment: Deployment) -> CostBound:
    """The worst month of a deployment in one cloud, as the stack files have it now."""
    return program.bound(program.planned(checkout / "infra", deployment), prices(checkout))


def deployed_bound(checkout: Path, program: CloudProgram, described: Description | None) -> CostBound | None:
    """The worst month of what is up, by a stack's output `platform`; None where it has none that this can read."""
    if described is None or described["version"] != _DESCRIPTION_VERSION:
        return None
    return program.bound(described, prices(checkout))
