from dataclasses import dataclass

from databricks_delta.lakehouse.landing import LandingSource
from databricks_delta.lakehouse.table import LakehouseTable


@dataclass(frozen=True, slots=True)
class BronzeSource:
    """Files of one kind, and the bronze table that keeps every row of them."""

    landing: LandingSource
    bronze: LakehouseTable
