from collections.abc import Sequence

from rich.console import Console

from platform_cli.demo.location_process import LocationRequest
from platform_cli.demo.location_processes import materialise_side_by_side
from platform_cli.demo.outcome import Outcome
from platform_cli.demo.progress import progress_view
from platform_cli.demo.work import Work
from platform_cli.demo.workspace_file import location_names
from platform_cli.workplace import Workplace


def materialise_all(workplace: Workplace, work: Work, console: Console) -> Outcome:
    """Get the tables of every code location, a process for each, and show how far it is."""
    return materialise(workplace, location_names(workplace.workspace_file), work, console)


def materialise(workplace: Workplace, locations: Sequence[str], work: Work, console: Console) -> Outcome:
    """Get the tables of some code locations, a process for each, and show how far it is."""
    outcome = Outcome()
    with progress_view(console, locations) as view:
        for message in materialise_side_by_side([LocationRequest(name, workplace, work) for name in locations]):
            outcome.note(message)
            view.show(message)
    return outcome
