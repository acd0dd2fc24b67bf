import fcntl
import sys
import traceback
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import dagster._core.storage.sqlite_storage
from dagster._utils.error import serializable_error_info_from_exc_info

from platform_cli.demo.asset_runs import asset_runs
from platform_cli.demo.batches import batches
from platform_cli.demo.changed_assets import changed_assets
from platform_cli.demo.clone_runs import clone_runs
from platform_cli.demo.code_location import LoadedLocation, load_location
from platform_cli.demo.event_reader import EventReader
from platform_cli.demo.materialisation import execute
from platform_cli.demo.messages import Failed, Loaded, Message, Planned, RunStarted, Waiting
from platform_cli.demo.reason import reason
from platform_cli.demo.unfinished_runs import close_unfinished_runs
from platform_cli.demo.work import CloneAll, ComputeAll, ComputeChanged, Work

type Answer = Callable[[], AbstractSet[str]]


def materialise_everything(
    workspace_file: Path, name: str, dagster_home: Path, work: Work, answer: Answer
) -> Iterator[Message]:
    """Get every table of a code location, in runs of the instance of a Dagster home, and say what happens.

    Args:
        workspace_file: names the location.
        name: the location's.
        dagster_home: of the instance.
        work: how it gets them.
        answer: after a `Waiting` was taken, waits and gives the tables that need to be waited for no longer.
    """
    try:
        yield from _everything(workspace_file, name, dagster_home, work, answer)
    except Exception:  # noqa: BLE001 - the boundary of the process: the demo shows it, the log keeps it whole
        traceback.print_exc()
        yield Failed(name, "the code location", reason(serializable_error_info_from_exc_info(sys.exc_info())))


def _everything(workspace_file: Path, name: str, dagster_home: Path, work: Work, answer: Answer) -> Iterator[Message]:
    location = load_location(workspace_file, name)
    yield Loaded(name, location.code_versions, location.dbt_manifest)
    with _instance(dagster_home) as instance:
        close_unfinished_runs(instance, name)
        try:
            yield from _work(location, work, instance, answer)
        finally:
            # After Ctrl-C, or when nobody listens any more, a run is not finished.
            close_unfinished_runs(instance, name)


def _work(location: LoadedLocation, work: Work, instance: dg.DagsterInstance, answer: Answer) -> Iterator[Message]:
    match work:
        case ComputeAll():
            yield from _compute(location, location.asset_graph.materializable_asset_keys, instance, answer)
        case ComputeChanged(published):
            yield from _compute(location, changed_assets(location, published), instance, answer)
        case CloneAll():
            yield Planned(location.name, frozenset())
            for run in clone_runs(location, instance):
                yield from _run(location, run, instance)


def _compute(
    location: LoadedLocation, chosen: AbstractSet[dg.AssetKey], instance: dg.DagsterInstance, answer: Answer
) -> Iterator[Message]:
    """The batch that is ready next, again and again; with none, wait for a table of another location."""
    yield Planned(location.name, _names(chosen))
    pending = batches(location.asset_graph, chosen)
    settled: set[str] = set()
    while pending:
        ready = next((batch for batch in pending if _names(batch.awaits) <= settled), None)
        if ready is None:
            yield Waiting(location.name, frozenset().union(*(_names(batch.awaits) for batch in pending)) - settled)
            settled |= answer()
            continue
        pending.remove(ready)
        for run in asset_runs(location, ready.assets, instance):
            yield from _run(location, run, instance)


def _names(keys: AbstractSet[dg.AssetKey]) -> frozenset[str]:
    return frozenset(key.to_user_string() for key in keys)


@contextmanager
def _instance(dagster_home: Path) -> Iterator[dg.DagsterInstance]:
    # Two processes that both find no database would both make it.
    with (dagster_home / ".opening").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        instance = dg.DagsterInstance.from_config(str(dagster_home))
    with instance:
        yield instance


def _run(location: LoadedLocation, run: dg.DagsterRun, instance: dg.DagsterInstance) -> Iterator[Message]:
    yield RunStarted(location.name, run.run_id, _number_of_steps(run, instance))
    reader = EventReader(location.name, location.repository.asset_graph)
    for event in execute(location, run, instance):
        yield from reader.messages(event)


def _number_of_steps(run: dg.DagsterRun, instance: dg.DagsterInstance) -> int:
    if run.step_keys_to_execute is not None:
        return len(run.step_keys_to_execute)
    planned = instance.get_execution_plan_snapshot(run.execution_plan_snapshot_id or "")
    return len(planned.step_keys_to_execute)
