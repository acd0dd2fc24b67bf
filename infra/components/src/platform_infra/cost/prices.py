from pathlib import Path
from typing import Annotated

import yaml
from platform_contract.errors import ContractError
from pydantic import Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from platform_infra.databricks.compute_settings import ClusterSize
from platform_infra.snowflake.edition import Edition
from platform_infra.snowflake.warehouse_settings import Frequency, WarehouseSize
from platform_infra.stack_settings.typed_settings import SETTINGS

Amount = Annotated[float, Field(gt=0)]
_OTHER = "other"


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class SnowflakePrices:
    """Price of a credit, credits per hour of one cluster, and quotas of a monitor that one month can see."""

    usd_per_credit: dict[Edition, Amount]
    credits_per_hour: dict[WarehouseSize, Amount]
    quotas_per_month: dict[Frequency, Amount]


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class UsdPerDbu:
    """Price of a DBU by kind of compute."""

    sql_serverless: Amount
    sql_pro: Amount
    jobs: Amount


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class DatabricksPrices:
    """Prices of DBUs, and DBUs per hour of one cluster of a SQL warehouse."""

    usd_per_dbu: UsdPerDbu
    sql_dbus_per_hour: dict[ClusterSize, Amount]


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class Prices:
    """Everything that a bound in dollars assumes; US dollars before the region's factor."""

    as_of: str
    sources: tuple[str, ...]
    hours_per_month: Amount
    region_factors: dict[str, Amount]
    snowflake: SnowflakePrices
    databricks: DatabricksPrices

    def region_factor(self, region: str) -> float:
        """What prices are multiplied by in a region."""
        return self.region_factors.get(region, self.region_factors[_OTHER])


def read_prices(file: Path) -> Prices:
    """The price assumptions.

    Raises:
        ContractError: when the file is missing, or says something else than prices.
    """
    if not file.is_file():
        raise ContractError(f"{file} is missing: it holds the prices that costs are reckoned with")
    try:
        prices = TypeAdapter(Prices).validate_python(yaml.safe_load(file.read_text(encoding="utf-8")))
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise ContractError(f"{file}: {wrong}") from None
    if _OTHER not in prices.region_factors:
        raise ContractError(f"{file}: region_factors lacks {_OTHER!r}, the factor of every region that is not listed")
    return prices
