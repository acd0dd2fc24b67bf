from collections.abc import Mapping

import dagster as dg

from databricks_delta.lakehouse.months import MonthRange

# The tags by which Dagster tells a run which partitions it is for.
_PARTITION = "dagster/partition"
RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"


def months_of_run(tags: Mapping[str, str], partitions: dg.PartitionsDefinition) -> MonthRange:
    """The months that a run is for; every partition, for a run that is for none in particular."""
    if RANGE_START in tags:
        return MonthRange(tags[RANGE_START], tags[RANGE_END])
    if _PARTITION in tags:
        return MonthRange(tags[_PARTITION], tags[_PARTITION])
    keys = partitions.get_partition_keys()
    return MonthRange(keys[0], keys[-1])


def months_tags(months: MonthRange) -> dict[str, str]:
    """The tags of a run for those months."""
    return {RANGE_START: months.first, RANGE_END: months.last}
