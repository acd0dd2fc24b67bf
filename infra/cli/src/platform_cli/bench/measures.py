import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from platform_contract.environment_variables import EnvironmentVariable

from platform_cli.bench.clone import Clone, clean_environment
from platform_cli.bench.empty_workspace import make_empty_workspace
from platform_cli.bench.ready_ui import UserInterface, free_port, seconds_until_loaded
from platform_cli.demo.workspace_file import location_names


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that a person waits for.

    `aim` is in seconds, or, with `relative_to`, in times the measure of that name; None where none is set.
    """

    name: str
    seconds: Callable[[Clone], float]
    aim: float | None
    relative_to: str | None


def fresh_demo(clone: Clone) -> float:
    """Seconds of `make demo` in a fresh clone, with packages in uv's cache."""
    clone.renew()
    return _timed(clone, "make", "demo")


def fresh_demo_with_cold_cache(clone: Clone) -> float:
    """Seconds of `make demo` in a fresh clone, with every package to be downloaded."""
    clone.renew()
    with tempfile.TemporaryDirectory(dir=clone.folder) as cache:
        return _timed(clone, "make", "demo", UV_CACHE_DIR=cache, PIP_NO_CACHE_DIR="1")


def second_demo(clone: Clone) -> float:
    """Seconds of `make demo` where it has run before."""
    return _timed(clone, "make", "demo")


def empty_ui(clone: Clone) -> float:
    """Seconds until `dg dev` has loaded a workspace of as many projects without definitions."""
    workspace = clone.folder / "empty"
    home = workspace / "home"
    home.mkdir(parents=True, exist_ok=True)
    projects = make_empty_workspace(workspace, _executable(clone, "python"))
    port = free_port()
    return seconds_until_loaded(
        UserInterface(
            command=(str(_executable(clone, "dg")), "dev", "--host", "127.0.0.1", "--port", str(port)),
            port=port,
            locations=projects,
            folder=workspace,
            environment=clean_environment() | {EnvironmentVariable.DAGSTER_HOME: str(home)},
            log=clone.folder / "empty-ui.log",
        )
    )


def ready_ui(clone: Clone) -> float:
    """Seconds until `make dev` has loaded every code location."""
    port = free_port()
    return seconds_until_loaded(
        UserInterface(
            command=("make", "dev", f"PORT={port}"),
            port=port,
            locations=len(location_names(clone.tree / "workspace.yaml")),
            folder=clone.tree,
            environment=clean_environment(),
            log=clone.folder / "ready-ui.log",
        )
    )


def check_definitions(clone: Clone) -> float:
    """Seconds of `dg check defs`."""
    return _timed(clone, str(_executable(clone, "dg")), "check", "defs")


def tests(clone: Clone) -> float:
    """Seconds of `make test`, all that it needs being installed."""
    clone.run("make", "development-environment", where=clone.tree, settings={})
    return _timed(clone, "make", "test")


def fast_tests(clone: Clone) -> float:
    """Seconds of `make test-fast`, all that it needs being installed."""
    clone.run("make", "development-environment", where=clone.tree, settings={})
    return _timed(clone, "make", "test-fast")


# In the order of a round: what comes later uses what an earlier one has built.
MEASURES = (
    Measure("cold-demo", fresh_demo_with_cold_cache, None, None),
    Measure("fresh-demo", fresh_demo, 120, None),
    Measure("second-demo", second_demo, 60, None),
    Measure("empty-ui", empty_ui, None, None),
    Measure("ready-ui", ready_ui, 1.5, "empty-ui"),
    Measure("check-defs", check_definitions, None, None),
    Measure("test-fast", fast_tests, 60, None),
    Measure("test", tests, None, None),
)


def _timed(clone: Clone, *command: str, **settings: str) -> float:
    began = time.monotonic()
    clone.run(*command, where=clone.tree, settings=settings)
    return time.monotonic() - began


def _executable(clone: Clone, name: str) -> Path:
    return clone.tree / ".venv" / "bin" / name
