import subprocess
import sys
from collections.abc import Callable

import click
import pytest
from click.testing import Result
from platform_cli.main import main

COMMANDS = [
    "provision",
    "land",
    "demo",
    "dev",
    "doctor",
    "environment",
    "clean",
    "bench",
    "preview",
    "up",
    "destroy",
    "permissions",
]


def test_help_lists_every_command(platform: Callable[..., Result]) -> None:
    shown = platform("--help")
    assert shown.exit_code == 0
    assert [line.split()[0] for line in shown.output.partition("Commands:\n")[2].splitlines()[: len(COMMANDS)]]
    for command in COMMANDS:
        assert f"\n  {command} " in shown.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_listed_command_exists_and_says_what_it_does(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.name == name
    assert command.help


def test_help_loads_neither_dagster_nor_an_engine() -> None:
    script = (
        "import sys; from click.testing import CliRunner; from platform_cli.main import main;"
        "assert 'bench' in CliRunner().invoke(main, ['--help']).output;"
        "print([name for name in ('dagster', 'duckdb', 'rich', 'yaml') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_an_unknown_command_is_refused(platform: Callable[..., Result]) -> None:
    refused = platform("dmeo")
    assert refused.exit_code == 2
    assert "No such command 'dmeo'" in refused.output


@pytest.mark.parametrize("command", ["provision", "demo", "doctor", "environment", "clean"])
def test_an_unknown_deployment_is_one_line_and_exit_code_2(
    platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("PLATFORM_DEPLOYMENT", "prd")
    refused = platform(command)
    assert refused.exit_code == 2
    assert refused.output == (
        "Error: PLATFORM_DEPLOYMENT: unknown deployment 'prd': did you mean 'prod'? "
        "known are local, dev, prod and pr-<number>\n"
    )


def test_outside_a_checkout_is_one_line_and_exit_code_2(
    platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    refused = platform("provision")
    assert refused.exit_code == 2
    assert refused.output.startswith("Error: / is not inside a checkout of the platform")
    assert len(refused.output.splitlines()) == 1
