"""Production rehearsed on real accounts: `make account-rehearsal DEPLOYMENT=pr-901`."""

import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click
from platform_cli.console import make_console
from platform_contract.deployment import Deployment
from platform_contract.errors import ContractError
from platform_contract.local_paths import checkout

from tests.rehearsal.account.bill import bill
from tests.rehearsal.account.place import Place, require_unused, require_variables
from tests.rehearsal.account.rehearse import rehearse
from tests.rehearsal.account.removal import remove_all
from tests.rehearsal.account.throw_away import throw_away_deployment
from tests.rehearsal.account.trace import read
from tests.rehearsal.production.operator_shell import CommandFailedError
from tests.rehearsal.production.steps import Steps

_HOURS = 2
# Its time is over, somebody ends it, or its terminal is closed.
_ENDING = (signal.SIGALRM, signal.SIGTERM, signal.SIGHUP)
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(name="account-rehearsal")
@click.option("--deployment", "name", required=True, help="A name to be thrown away, pr-9<n>.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--compare-with", type=_FILE, required=True, help="What a rehearsal on the stand-ins has kept.")
@click.option("--keep", type=_FILE, default=None, help="Keep there what was asked and answered.")
def main(*, name: str, yes: bool, compare_with: Path, keep: Path | None) -> None:
    """Rehearse production on the accounts that the environment names, and take away whatever that made.

    Exits with 1 when anything failed, differed or remains.
    """
    deployment = throw_away_deployment(name)
    if not compare_with.is_file():
        raise ContractError(f"{compare_with} is not there: `make account-rehearsal` makes it first, on the stand-ins")
    root = checkout(Path.cwd())
    # In every command that follows, and in this process, which reads what they have made.
    os.environ |= {"PLATFORM_DEPLOYMENT": deployment.name, "PLATFORM_DEMO_MODE": "false"}
    require_variables(os.environ)
    _tell_bill(root, deployment)
    if not yes and click.prompt(f"Type {deployment} to go on", default="", show_default=False) != deployment.name:
        raise ContractError("nothing was done")
    require_unused(deployment)
    steps = Steps(make_console())
    with tempfile.TemporaryDirectory(prefix="account-rehearsal-") as scratch, _stopped_after(_HOURS * 3600):
        succeeded = _rehearse(Place(root, deployment, Path(scratch)), steps, compare_with, keep)
    steps.end(None)
    sys.exit(0 if succeeded else 1)


def _rehearse(place: Place, steps: Steps, compare_with: Path, keep: Path | None) -> bool:
    differing: list[str] = ["the rehearsal did not come to its end"]
    try:
        differing = rehearse(place, steps, read(compare_with), keep)
    finally:
        # Whatever has happened, this as well: and nothing interrupts it.
        with _uninterrupted():
            remains = remove_all(place, steps)
    for line in [*differing, *(f"remains: {one}" for one in remains)]:
        click.echo(line, err=True)
    return not differing and not remains


def _tell_bill(root: Path, deployment: Deployment) -> None:
    items = bill(root, _HOURS)
    click.echo(f"{deployment} computes on dev's warehouses, for {_HOURS} h at the most, and is then removed.")
    for item in items:
        click.echo(f"  {item.name}: at most {item.units:,.0f} {item.unit}, {item.usd:,.2f} USD ({item.basis})")
    click.echo(f"  all that is capped: {sum(item.usd for item in items):,.2f} USD; storage of some MB beside it")


@contextmanager
def _stopped_after(seconds: int) -> Iterator[None]:
    """End the block by an exception when its time is over, or somebody ends this process."""

    def stop(number: int, _: FrameType | None) -> None:
        raise ContractError(f"stopped by {signal.Signals(number).name}, {time.strftime('%H:%M:%S')}")

    before = [signal.signal(one, stop) for one in _ENDING]
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        for one, handler in zip(_ENDING, before, strict=True):
            signal.signal(one, handler)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    signals = (*_ENDING, signal.SIGINT)
    before = [signal.signal(one, signal.SIG_IGN) for one in signals]
    try:
        yield
    finally:
        for one, handler in zip(signals, before, strict=True):
            signal.signal(one, handler)


if __name__ == "__main__":
    try:
        main(standalone_mode=False)
    except CommandFailedError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except ContractError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
