from typing import Annotated

from pydantic import Field

from databricks_delta.quality.accepted_range import AcceptedRange
from databricks_delta.quality.freshness import Freshness
from databricks_delta.quality.not_null import NotNull
from databricks_delta.quality.periods_covered import PeriodsCovered
from databricks_delta.quality.row_conservation import RowConservation
from databricks_delta.quality.unique import Unique
from databricks_delta.quality.volume import Volume

Check = Annotated[
    NotNull | Unique | AcceptedRange | RowConservation | Volume | Freshness | PeriodsCovered,
    Field(discriminator="type"),
]
"""Any check that a `defs.yaml` may declare, told apart by its `type`."""
