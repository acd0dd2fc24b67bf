import tempfile
from pathlib import Path

import click

from platform_cli.bench.clone import Clone
from platform_cli.bench.measures import MEASURES, Measure
from platform_cli.bench.report import report
from platform_cli.console import make_console
from platform_cli.workplace import current_workplace

_NAMES = [measure.name for measure in MEASURES]


@click.command()
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True, help="How often each is measured.")
@click.option("--only", type=click.Choice(_NAMES), multiple=True, help="Measure this, and others that are named so.")
@click.option("--cold", is_flag=True, help="Download every package as well, for the demo with a cold cache.")
def bench(*, rounds: int, only: tuple[str, ...], cold: bool) -> None:
    """Measure the commands in a fresh clone of what is committed here, round by round, and print the medians."""
    chosen = [measure for measure in MEASURES if _is_wanted(measure, only, cold)]
    timings: dict[Measure, list[float]] = {measure: [] for measure in chosen}
    with tempfile.TemporaryDirectory(prefix="platform-bench-") as folder:
        clone = Clone(current_workplace().checkout, Path(folder))
        _prepare(clone, chosen)
        for turn in range(1, rounds + 1):
            for measure in chosen:
                timings[measure].append(measure.seconds(clone))
                click.echo(f"round {turn}: {measure.name} {timings[measure][-1]:.1f} s")
    make_console().print(report(timings))


def _is_wanted(measure: Measure, only: tuple[str, ...], cold: bool) -> bool:
    return measure.name in only if only else measure.name != "cold-demo" or cold


def _prepare(clone: Clone, chosen: list[Measure]) -> None:
    """Build the demo once, unless the round itself begins with a fresh one."""
    if chosen[0].name not in ("cold-demo", "fresh-demo"):
        clone.renew()
        clone.run("make", "demo", where=clone.tree, settings={})
