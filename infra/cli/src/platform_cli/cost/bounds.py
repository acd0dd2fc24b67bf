from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from platform_contract.deployment import Deployment
from platform_infra.cost.bound import CostBound, Description, databricks_bound, snowflake_bound
from platform_infra.cost.planned import planned_databricks, planned_snowflake
from platform_infra.cost.prices import Prices, read_prices

_BOUNDS: Mapping[str, Callable[[Description, Prices], CostBound]] = MappingProxyType(
    {"snowflake": snowflake_bound, "databricks": databricks_bound}
)
_PLANNED: Mapping[str, Callable[[Path, Deployment], Description]] = MappingProxyType(
    {"snowflake": planned_snowflake, "databricks": planned_databricks}
)
_DESCRIPTION_VERSION = 1


def prices(checkout: Path) -> Prices:
    """The checkout's price assumptions."""
    return read_prices(checkout / "infra" / "prices.yaml")


def planned_bound(checkout: Path, program: str, deployment: Deployment) -> CostBound:
    """The worst month of a deployment in one cloud, as the stack files have it now."""
    return _BOUNDS[program](_PLANNED[program](checkout / "infra", deployment), prices(checkout))


def deployed_bound(checkout: Path, program: str, described: Description | None) -> CostBound | None:
    """The worst month of what is up, by a stack's output `platform`; None where it has none that this can read."""
    if described is None or described["version"] != _DESCRIPTION_VERSION:
        return None
    return _BOUNDS[program](described, prices(checkout))
