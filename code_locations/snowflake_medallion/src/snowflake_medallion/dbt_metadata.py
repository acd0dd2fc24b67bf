from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import dagster as dg
from dagster._core.utils import exhaust_iterator_and_yield_results_with_exception
from dagster_dbt import DbtCliInvocation
from dagster_dbt.core.dbt_event_iterator import (
    DbtDagsterEventType,
    _fetch_column_metadata,
    _fetch_row_count_metadata,
)

from snowflake_medallion.dbt_engine import DbtEngine
from snowflake_medallion.table_metadata import table_metadata

Fetch = Callable[[DbtCliInvocation, dg.Output[None]], Mapping[str, Any] | None]


def events_with_metadata(
    invocation: DbtCliInvocation, engine: DbtEngine, wanted: Collection[str]
) -> Iterator[DbtDagsterEventType]:
    """What dbt reports, each table with the metadata that can only be had from the table itself.

    The library's own `fetch_column_metadata` and `fetch_row_counts` turn in a loop for as long as dbt works, and take a
    processor each from it. Here a table is looked at when it is done, by the library's functions for one table.

    Args:
        invocation: a dbt process.
        engine: where it works.
        wanted: what the component's `include_metadata` lists: `column_metadata`, `row_count`.
    """
    events: Iterator[DbtDagsterEventType] = invocation.stream()
    if not engine.lets_others_read:
        events = exhaust_iterator_and_yield_results_with_exception(events)
    fetches = _fetches(wanted)
    for event in events:
        yield _with_metadata(event, invocation, fetches) if isinstance(event, dg.Output) else event


def _fetches(wanted: Collection[str]) -> list[Fetch]:
    columns: list[Fetch] = [_columns] if "column_metadata" in wanted else []
    rows: list[Fetch] = [_fetch_row_count_metadata, table_metadata] if "row_count" in wanted else []
    return [*columns, *rows]


def _columns(invocation: DbtCliInvocation, output: dg.Output[None]) -> dict[str, Any] | None:
    return _fetch_column_metadata(invocation, output, with_column_lineage=True)


def _with_metadata(
    output: dg.Output[None], invocation: DbtCliInvocation, fetches: Collection[Fetch]
) -> dg.Output[None]:
    found = [fetch(invocation, output) or {} for fetch in fetches]
    metadata = {key: value for one in found for key, value in one.items()}
    return output.with_metadata({**output.metadata, **metadata})
