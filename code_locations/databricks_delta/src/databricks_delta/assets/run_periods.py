from collections.abc import Mapping

import dagster as dg

from databricks_delta.lakehouse.periods import PeriodRange

# The tags by which Dagster tells a run which partitions it is for.
_PARTITION = "dagster/partition"
RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"


def periods_of_run(tags: Mapping[str, str], partitions: dg.PartitionsDefinition) -> PeriodRange:
    """The periods that a run is for; every partition, for a run that is for none in particular."""
    if RANGE_START in tags:
        return PeriodRange(tags[RANGE_START], tags[RANGE_END])
    if _PARTITION in tags:
        return PeriodRange(tags[_PARTITION], tags[_PARTITION])
    keys = partitions.get_partition_keys()
    return PeriodRange(keys[0], keys[-1])


def periods_tags(periods: PeriodRange) -> dict[str, str]:
    """The tags of a run for those periods."""
    return {RANGE_START: periods.first, RANGE_END: periods.last}
