import fcntl
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import dagster._core.storage.sqlite_storage
from dagster._utils.error import serializable_error_info_from_exc_info

from platform_cli.demo.asset_runs import asset_runs
from platform_cli.demo.changed_runs import changed_runs
from platform_cli.demo.clone_runs import clone_runs
from platform_cli.demo.code_location import LoadedLocation, load_location
from platform_cli.demo.event_reader import EventReader
from platform_cli.demo.materialisation import execute
from platform_cli.demo.messages import Failed, Loaded, Message, RunStarted
from platform_cli.demo.reason import reason
from platform_cli.demo.unfinished_runs import close_unfinished_runs
from platform_cli.demo.work import CloneAll, ComputeAll, ComputeChanged, Work


def materialise_everything(workspace_file: Path, name: str, dagster_home: Path, work: Work) -> Iterator[Message]:
    """Get every table of a code location, in runs of the instance of a Dagster home, and say what happens."""
    try:
        yield from _everything(workspace_file, name, dagster_home, work)
    except Exception:  # noqa: BLE001 - the boundary of the process: the demo shows it, the log keeps it whole
        traceback.print_exc()
        yield Failed(name, "the code location", reason(serializable_error_info_from_exc_info(sys.exc_info())))


def _everything(workspace_file: Path, name: str, dagster_home: Path, work: Work) -> Iterator[Message]:
    location = load_location(workspace_file, name)
    yield Loaded(name, location.code_versions, location.dbt_manifest)
    with _instance(dagster_home) as instance:
        close_unfinished_runs(instance, name)
        try:
            for run in _runs(location, work, instance):
                yield from _run(location, run, instance)
        finally:
            # After Ctrl-C, or when nobody listens any more, a run is not finished.
            close_unfinished_runs(instance, name)


def _runs(location: LoadedLocation, work: Work, instance: dg.DagsterInstance) -> Iterator[dg.DagsterRun]:
    match work:
        case ComputeAll():
            return asset_runs(location, instance)
        case ComputeChanged(published):
            return changed_runs(location, published, instance)
        case CloneAll():
            return clone_runs(location, instance)


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
