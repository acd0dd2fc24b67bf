import time
from collections.abc import Sequence
from dataclasses import dataclass

import dagster as dg
from dagster import DagsterEventType

from databricks_delta.assets.asset_context import AssetContext
from databricks_delta.assets.bronze_asset import PERIODS
from databricks_delta.assets.dimension_asset import CHANGED

_EVENTS_PER_TABLE = 500
_LONGEST_RUN_SECONDS = 24 * 3600.0

WHOLE = ""
"""Stands for the period of a table that has none."""

type TablePeriod = tuple[str, str]
"""A table's full name, and one of its periods."""


@dataclass(frozen=True, slots=True)
class ChangedTable:
    """One materialisation: the periods of the table that it changed, and what the same run materialised besides."""

    table: str
    periods: frozenset[str]
    same_run: frozenset[TablePeriod]


@dataclass(frozen=True, slots=True)
class Changes:
    """Materialisations, and the last event that was looked at."""

    tables: list[ChangedTable]
    cursor: int


@dataclass(frozen=True, slots=True)
class _Event:
    table: str
    record: dg.EventLogRecord

    @property
    def periods(self) -> frozenset[str]:
        """A partition is its period; bronze has none and says in its metadata which periods its new rows belong to.

        A dimension has none at all: it says whether it has changed.
        """
        if self.record.partition_key is not None:
            return frozenset([self.record.partition_key])
        materialisation = self.record.asset_materialization
        changed = materialisation.metadata.get(CHANGED) if materialisation else None
        if changed is not None:
            return frozenset([WHOLE]) if changed.value else frozenset()
        periods = materialisation.metadata.get(PERIODS) if materialisation else None
        named = periods.data if isinstance(periods, dg.JsonMetadataValue) else None
        return frozenset(map(str, named)) if isinstance(named, list) else frozenset()


def changes_since(instance: dg.DagsterInstance, shared: AssetContext, tables: Sequence[str], cursor: int) -> Changes:
    """What was materialised after the cursor.

    A run that is under way may be about to follow up what it changed, so its events wait until it is done, and with
    them all that came later.
    """
    pages = [_page(instance, shared, table, cursor) for table in tables]
    events = sorted((event for page in pages for event in page), key=lambda event: event.record.storage_id)
    barriers = [page[-1].record.storage_id + 1 for page in pages if len(page) == _EVENTS_PER_TABLE]
    barriers += [event.record.storage_id for event in events if _under_way(instance, event.record)]
    ripe = [event for event in events if not barriers or event.record.storage_id < min(barriers)]
    runs = {event.record.run_id for event in ripe}
    materialised = {run: _materialised(instance, shared, run) for run in runs}
    changed = [ChangedTable(event.table, event.periods, materialised[event.record.run_id]) for event in ripe]
    return Changes(changed, ripe[-1].record.storage_id if ripe else cursor)


def _page(instance: dg.DagsterInstance, shared: AssetContext, table: str, cursor: int) -> list[_Event]:
    later = dg.AssetRecordsFilter(asset_key=shared.key(table), after_storage_id=cursor)
    found = instance.fetch_materializations(later, limit=_EVENTS_PER_TABLE, ascending=True)
    return [_Event(table, record) for record in found.records]


def _under_way(instance: dg.DagsterInstance, record: dg.EventLogRecord) -> bool:
    """Not a run that nobody has heard of for a day: its process is gone, and it will follow up nothing."""
    run = instance.get_run_by_id(record.run_id)
    return run is not None and not run.is_finished and time.time() - record.timestamp < _LONGEST_RUN_SECONDS


def _materialised(instance: dg.DagsterInstance, shared: AssetContext, run_id: str) -> frozenset[TablePeriod]:
    records = instance.get_records_for_run(run_id, of_type=DagsterEventType.ASSET_MATERIALIZATION).records
    tables = {shared.key(full_name): full_name for full_name in shared.tables}
    return frozenset(
        (tables[record.asset_key], record.partition_key or WHOLE) for record in records if record.asset_key in tables
    )
