import gc
import os
from pathlib import Path

import pytest
from platform_contract.environment_variables import EnvironmentVariable
from xdist.remote import Producer

from tests.shared_work import SharedWorkScheduling

pytest_plugins = ["tests.rehearsal.stand_ins"]

_DEAREST = Path(__file__).parent / "rehearsal"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: a fifth of the time a process waits for those that it has started."""
    return (os.process_cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> SharedWorkScheduling:
    """How processes share the tests."""
    return SharedWorkScheduling(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where processes share the tests, the dearest files come first, so that none is left alone with one at the end."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: not item.path.is_relative_to(_DEAREST))


def pytest_collection_finish() -> None:
    """What is imported stays, and need not be looked at by every garbage collection."""
    gc.freeze()


@pytest.fixture(autouse=True)
def environment_of_no_deployment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the deployment or credentials of the shell it runs in, or writes into the checkout's stores."""
    for variable in EnvironmentVariable:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    monkeypatch.setenv("PLATFORM_LOCAL_ROOT", str(tmp_path / "local_root"))
    for switch in ("DAGSTER_DISABLE_TELEMETRY", "DO_NOT_TRACK", "PULUMI_SKIP_UPDATE_CHECK"):
        monkeypatch.setenv(switch, "true")
