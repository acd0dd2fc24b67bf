import fcntl
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import dagster._core.storage.sqlite_storage
from dagster._utils.error import serializable_error_info_from_exc_info

from platform_cli.demo.code_location import LoadedLocation, load_location
from platform_cli.demo.event_reader import EventReader
from platform_cli.demo.materialisation import create_run, execute
from platform_cli.demo.messages import Failed, Message, RunStarted
from platform_cli.demo.reason import reason
from platform_cli.demo.run_plan import RunPlan, plan_runs
from platform_cli.demo.unfinished_runs import close_unfinished_runs


def materialise_everything(workspace_file: Path, name: str, dagster_home: Path) -> Iterator[Message]:
    """Materialise every asset of a code location into the instance of a Dagster home, and say what happens."""
    try:
        yield from _everything(workspace_file, name, dagster_home)
    except Exception:  # noqa: BLE001 - the boundary of the process: the demo shows it, the log keeps it whole
        traceback.print_exc()
        yield Failed(name, "the code location", reason(serializable_error_info_from_exc_info(sys.exc_info())))


def _everything(workspace_file: Path, name: str, dagster_home: Path) -> Iterator[Message]:
    location = load_location(workspace_file, name)
    with _instance(dagster_home) as instance:
        close_unfinished_runs(instance, name)
        try:
            for plan in plan_runs(location.repository.asset_graph, instance):
                yield from _run(location, plan, instance)
        finally:
            # After Ctrl-C, or when nobody listens any more, a run is not finished.
            close_unfinished_runs(instance, name)


@contextmanager
def _instance(dagster_home: Path) -> Iterator[dg.DagsterInstance]:
    # Two processes that both find no database would both make it.
    with (dagster_home / ".opening").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        instance = dg.DagsterInstance.from_config(str(dagster_home))
    with instance:
        yield instance


def _run(location: LoadedLocation, plan: RunPlan, instance: dg.DagsterInstance) -> Iterator[Message]:
    run = create_run(location, plan, instance)
    yield RunStarted(location.name, run.run_id, len(run.step_keys_to_execute or ()))
    reader = EventReader(location.name, location.repository.asset_graph)
    for event in execute(location, run, instance):
        yield from reader.messages(event)
