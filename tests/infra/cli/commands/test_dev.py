import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def replaced_process(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What the operating system was asked to put in place of this process."""
    asked: dict[str, object] = {}

    def execve(program: str, arguments: list[str], environment: dict[str, str]) -> None:
        asked.update(program=program, arguments=arguments, environment=environment, folder=Path.cwd())

    monkeypatch.setattr(os, "execve", execve)
    return asked


def test_dev_becomes_dg_dev_with_the_deployments_home(
    small_checkout: Path,
    platform: Callable[..., Result],
    monkeypatch: pytest.MonkeyPatch,
    replaced_process: dict[str, object],
    busy_port: int,
) -> None:
    free_port = busy_port + 1 if busy_port < 65535 else busy_port - 1
    monkeypatch.setenv("PLATFORM_DEPLOYMENT", "pr-7")
    monkeypatch.chdir(small_checkout / "dbt_project")
    done = platform("dev", "--port", str(free_port))
    assert done.exit_code == 0, done.output
    dg = str(Path(sys.executable).with_name("dg"))
    assert Path(dg).is_file()
    assert replaced_process["program"] == dg
    assert replaced_process["arguments"] == [dg, "dev", "--host", "127.0.0.1", "--port", str(free_port)]
    assert replaced_process["folder"] == small_checkout
    environment = replaced_process["environment"]
    assert isinstance(environment, dict)
    assert environment["DAGSTER_HOME"] == f"{small_checkout}/.local/pr-7/dagster"
    assert environment["PATH"] == os.environ["PATH"]
    assert environment["PLATFORM_AUTOMATION"] == "false"
    assert "`make dev AUTOMATION=1` turns them on\n" in done.output
    assert (small_checkout / ".local" / "pr-7" / "dagster" / "dagster.yaml").is_file()


@pytest.mark.usefixtures("small_checkout")
def test_automation_is_turned_on_by_option_or_variable(
    platform: Callable[..., Result],
    monkeypatch: pytest.MonkeyPatch,
    replaced_process: dict[str, object],
    busy_port: int,
) -> None:
    for variable, *options in (("false", "--automation"), ("true",)):
        monkeypatch.setenv("PLATFORM_AUTOMATION", variable)
        done = platform("dev", "--port", str(busy_port - 1), *options)
        assert done.exit_code == 0, done.output
        assert "Sensors and schedules are on" in done.output
        environment = replaced_process.pop("environment")
        assert isinstance(environment, dict)
        assert environment["PLATFORM_AUTOMATION"] == "true"


@pytest.mark.usefixtures("small_checkout")
def test_a_port_in_use_is_refused(
    platform: Callable[..., Result], replaced_process: dict[str, object], busy_port: int
) -> None:
    refused = platform("dev", "--port", str(busy_port))
    assert refused.exit_code == 2
    assert refused.output == (
        f"Error: port {busy_port} is in use: stop what listens there, or run `make dev PORT={busy_port + 1}`\n"
    )
    assert replaced_process == {}
