import time
from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg
from platform_contract.clone_route import CloneRoute

from platform_runtime.table_copy import StepAfterwards, TableCopy, TableToClone

CLONE_TAG = "platform/clone"
"""A job with this tag copies data into a pull request; the value says from which deployment."""

CLONED_FROM = "cloned_from"
"""Metadata of what a clone reports of a table: the table that it is a copy of."""


def clone_job(
    domain: str, route: CloneRoute, tables: Sequence[TableToClone], afterwards: StepAfterwards | None
) -> dg.JobDefinition:
    """The job `<domain>_clone`: a step for each table, one after another.

    A table that fails holds up no other. To run it again does all of them again, to execute it again from the failure
    does the rest. What is copied counts as materialised, so that nothing is computed that production has computed.

    Args:
        domain: first part of the asset keys.
        route: from which deployment to which.
        tables: what is copied, upstream first.
        afterwards: what follows when every table is there.
    """
    steps = [_clone_step(route, table, number) for number, table in enumerate(tables)]
    last = None if afterwards is None else _last_step(afterwards)

    @dg.job(
        name=f"{domain}_clone",
        description=f"Copies the tables of {route.source} into {route.target}, each as it is at that moment.",
        executor_def=dg.in_process_executor,
        tags={CLONE_TAG: route.source.name},
    )
    def clone() -> None:
        done: list[Any] = [step() for step in steps]
        if last is not None:
            last(done)

    return clone


def _clone_step(route: CloneRoute, table: TableToClone, number: int) -> dg.OpDefinition:
    @dg.op(
        name=f"clone_{'_'.join(table.key.path)}",
        pool=table.pool,
        out=dg.Out(dg.Nothing),
        # No step needs another, and they would run by name.
        tags={"dagster/priority": str(-number)},
    )
    def clone_table(context: dg.OpExecutionContext) -> None:
        began = time.perf_counter()
        copy = table.clone(context.run_id)
        if copy is None:
            note = f"{route.source} has no such table yet, so there is nothing to clone; a run builds it"
            context.log.warning(f"{table.key.to_user_string()}: {note}")
            context.log_event(dg.AssetObservation(table.key, description=note, metadata={CLONED_FROM: "nothing"}))
            return
        for event in _materialisations(table.key, copy, time.perf_counter() - began):
            context.log_event(event)

    return clone_table


def _last_step(afterwards: StepAfterwards) -> dg.OpDefinition:
    @dg.op(
        name=afterwards.name,
        pool=afterwards.pool,
        ins={"tables": dg.In(dg.Nothing)},
        out=dg.Out(dg.Nothing),
    )
    def follow_up() -> None:
        afterwards.do()

    return follow_up


def _materialisations(key: dg.AssetKey, copy: TableCopy, seconds: float) -> Iterator[dg.AssetMaterialization]:
    rows: dict[str | None, int] = {None: copy.rows} if copy.rows_by_partition is None else {**copy.rows_by_partition}
    for partition, count in rows.items():
        yield dg.AssetMaterialization(
            key,
            description=f"Cloned from {copy.source}",
            partition=partition,
            metadata={
                **copy.metadata,
                CLONED_FROM: copy.source,
                "source_version": copy.version,
                "dagster/row_count": count,
                "rows_of_table": copy.rows,
                "seconds": seconds,
            },
        )
