import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from rich.console import Console

from platform_cli.demo.all_locations import materialise
from platform_cli.demo.code_versions import changed_tables
from platform_cli.demo.messages import Loaded
from platform_cli.demo.summary import print_summary
from platform_cli.demo.work import ComputeAll, ComputeChanged
from platform_cli.published_code import LAKEHOUSE, read_code_versions
from platform_cli.workplace import Workplace


def build_changed_lakehouse(workplace: Workplace, state: Path | None, console: Console) -> bool:
    """Materialise the lakehouse's tables that are not as published, and all that depends on them, over every month.

    Args:
        workplace: of a pull request, whose tables have been cloned.
        state: the folder with the published code versions; None, or a folder without them, builds every table.
        console: where it is told what is built, and why.

    Returns:
        Whether every run went through and no check of severity ERROR failed.
    """
    began = time.monotonic()
    published = read_code_versions(state)
    work = ComputeAll() if published is None else ComputeChanged(published)
    outcome = materialise(workplace, [LAKEHOUSE], work, console)
    for line in _reasons(outcome.loaded, published):
        console.print(line, highlight=False, soft_wrap=True)
    if outcome.runs or not outcome.succeeded:
        title = f"What was built in the lakehouse of {workplace.deployment}"
        print_summary(outcome, time.monotonic() - began, console, title)
    return outcome.succeeded


def _reasons(loaded: Iterable[Loaded], published: Mapping[str, str] | None) -> list[str]:
    if published is None:
        return ["No code versions to compare with: every table of the lakehouse is built"]
    changed = [table for location in loaded for table in changed_tables(location.code_versions, published)]
    if not changed:
        return ["Every table of the lakehouse is computed as published: none is built"]
    return [f"{table} is not computed as published: it is built, and all that depends on it" for table in changed]
