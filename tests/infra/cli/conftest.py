from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from platform_cli.main import main

from tests.fakes.small_checkout import write_small_checkout


@pytest.fixture
def small_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small checkout as working directory, with its stores inside it."""
    checkout = tmp_path / "checkout"
    write_small_checkout(checkout)
    monkeypatch.chdir(checkout)
    monkeypatch.delenv("PLATFORM_LOCAL_ROOT")
    return checkout


@pytest.fixture
def platform() -> Callable[..., Result]:
    """The `platform` command, called with its arguments as on a command line."""

    def call(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(main, list(arguments), input=typed, prog_name="platform")

    return call
