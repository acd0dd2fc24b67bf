from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic.dataclasses import dataclass

from platform_infra.stack_settings.common_settings import Cloud
from platform_infra.stack_settings.typed_settings import SETTINGS

# A warehouse that is not serverless can be told to stop after ten minutes or more, so ten it is.
_LEAST_CLASSIC_AUTO_STOP = 10

_NODE_TYPES = {
    Cloud.AWS: ("m5d.large", "m5d.xlarge"),
    Cloud.AZURE: ("Standard_D4ds_v5", "Standard_D8ds_v5"),
    Cloud.GCP: ("n2-standard-4", "n2-standard-8"),
}


class ClusterSize(StrEnum):
    """The sizes of a SQL warehouse, as Databricks writes them."""

    XX_SMALL = "2X-Small"
    X_SMALL = "X-Small"
    SMALL = "Small"
    MEDIUM = "Medium"
    LARGE = "Large"
    X_LARGE = "X-Large"
    XX_LARGE = "2X-Large"
    XXX_LARGE = "3X-Large"
    XXXX_LARGE = "4X-Large"


class SpotPolicy(StrEnum):
    """Which machines a warehouse that is not serverless runs on: spot ones, or none that can be taken away."""

    COST_OPTIMIZED = "COST_OPTIMIZED"
    RELIABILITY_OPTIMIZED = "RELIABILITY_OPTIMIZED"


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class SqlWarehouseSettings:
    """Size and limits of the SQL warehouse."""

    size: ClusterSize = ClusterSize.XX_SMALL
    serverless: bool = True
    max_clusters: Annotated[int, Field(ge=1, le=10)] = 1
    auto_stop_minutes: Annotated[int, Field(ge=1, le=10)] = 10
    spot_policy: SpotPolicy = SpotPolicy.COST_OPTIMIZED

    @model_validator(mode="after")
    def _classic_stops_after_ten(self) -> Self:
        if not self.serverless and self.auto_stop_minutes < _LEAST_CLASSIC_AUTO_STOP:
            raise ValueError("auto_stop_minutes below 10 needs serverless: true")
        return self


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class JobClusterSettings:
    """What a cluster of a job may be at most; an empty `node_types` stands for the cloud's small ones."""

    max_workers: Annotated[int, Field(ge=1, le=100)] = 2
    max_dbus_per_hour: Annotated[int, Field(ge=1, le=1000)] = 8
    max_clusters_per_user: Annotated[int, Field(ge=1, le=100)] = 2
    node_types: tuple[str, ...] = ()

    def node_types_in(self, cloud: Cloud) -> tuple[str, ...]:
        """The machines that a cluster may be made of; the first is the default."""
        return self.node_types or _NODE_TYPES[cloud]


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class BudgetSettings:
    """How much the deployment may spend in a calendar month, at list prices, before somebody is told."""

    monthly_usd: Annotated[int, Field(ge=1)]
    alert_emails: Annotated[tuple[Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")], ...], Field(min_length=1)]
