from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic.dataclasses import dataclass

from platform_infra.stack_settings.typed_settings import SETTINGS

Percent = Annotated[int, Field(ge=1, le=100)]


class WarehouseSize(StrEnum):
    """The sizes, each twice the credits of the one before."""

    XSMALL = "XSMALL"
    SMALL = "SMALL"
    MEDIUM = "MEDIUM"
    LARGE = "LARGE"
    XLARGE = "XLARGE"
    XXLARGE = "XXLARGE"
    XXXLARGE = "XXXLARGE"
    X4LARGE = "X4LARGE"
    X5LARGE = "X5LARGE"
    X6LARGE = "X6LARGE"


class Frequency(StrEnum):
    """How often the credits of a monitor start again from zero."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class MonitorSettings:
    """The budget of one warehouse: whom it stops, and when.

    `credit_quota` is per period. A period other than the calendar month needs the day its first one starts.
    """

    credit_quota: Annotated[int, Field(ge=1)] = 10
    frequency: Frequency = Frequency.MONTHLY
    starts_on: date | None = None
    notify_percents: Annotated[tuple[Percent, ...], Field(min_length=1)] = (50, 80)
    suspend_percent: Percent = 95
    suspend_immediately_percent: Percent = 100

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not max(self.notify_percents) < self.suspend_percent <= self.suspend_immediately_percent:
            raise ValueError(
                "notify_percents must lie below suspend_percent, that not above suspend_immediately_percent"
            )
        if (self.frequency is Frequency.MONTHLY) != (self.starts_on is None):
            raise ValueError("starts_on goes with every frequency but MONTHLY, which follows the calendar")
        return self


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class WarehouseSettings:
    """Size, waits and budget of one warehouse; times in seconds."""

    size: WarehouseSize = WarehouseSize.XSMALL
    max_clusters: Annotated[int, Field(ge=1, le=10)] = 1
    auto_suspend_seconds: Annotated[int, Field(ge=60, le=600)] = 60
    statement_timeout_seconds: Annotated[int, Field(ge=1, le=86_400)] = 3_600
    queue_timeout_seconds: Annotated[int, Field(ge=1, le=86_400)] = 600
    monitor: MonitorSettings = MonitorSettings()


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class WarehousesSettings:
    """The warehouses of a deployment; `ci` belongs to dev, and pull requests use it."""

    loading: WarehouseSettings = WarehouseSettings()
    transforming: WarehouseSettings = WarehouseSettings()
    reporting: WarehouseSettings = WarehouseSettings()
    ci: WarehouseSettings = WarehouseSettings()
