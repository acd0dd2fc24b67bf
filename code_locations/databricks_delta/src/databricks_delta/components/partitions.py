import dagster as dg
from platform_runtime.lakehouse.granularity import Granularity
from platform_runtime.lakehouse.partitioning import Partitioning

_NEW_YEAR = "0 0 1 1 *"


def period_partitions(declared: Partitioning) -> dg.TimeWindowPartitionsDefinition:
    """The declared periods as Dagster partitions; without an end, the one that is under way is among them."""
    start, end, form = declared.start, declared.end, declared.granularity.strftime
    under_way = 1 if end is None else 0
    match declared.granularity:
        case Granularity.DAY:
            return dg.DailyPartitionsDefinition(start_date=start, end_date=end, end_offset=under_way, fmt=form)
        case Granularity.MONTH:
            return dg.MonthlyPartitionsDefinition(start_date=start, end_date=end, end_offset=under_way, fmt=form)
        case Granularity.YEAR:
            return dg.TimeWindowPartitionsDefinition(
                start=start, end=end, end_offset=under_way, fmt=form, cron_schedule=_NEW_YEAR
            )
