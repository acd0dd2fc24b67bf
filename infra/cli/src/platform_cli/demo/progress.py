import abc
from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from platform_cli.demo.messages import Failed, Message, RunStarted, StepEnded, StepStarted, TableMaterialised


class ProgressView(abc.ABC):
    """Shows a person how far the demo is."""

    @abc.abstractmethod
    def show(self, message: Message) -> None:
        """Show one message, if it is worth showing."""

    @abc.abstractmethod
    def __enter__(self) -> "ProgressView":
        """Begin to show."""

    @abc.abstractmethod
    def __exit__(self, *exception: object) -> None:
        """Leave the screen as it should stay."""


class BarView(ProgressView):
    """A bar for each code location, for a terminal."""

    def __init__(self, console: Console, locations: Sequence[str]) -> None:
        self._bars = Bars(
            SpinnerColumn(finished_text="[green]✓"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[step]}"),
            console=console,
        )
        self._tasks: dict[str, TaskID] = {
            name: self._bars.add_task(name, total=None, step="loading") for name in locations
        }

    def show(self, message: Message) -> None:
        """Move the bar of the message's location."""
        task = self._tasks[message.location]
        match message:
            case RunStarted(steps=steps):
                self._bars.update(task, total=(self._bars.tasks[task].total or 0) + steps)
            case StepStarted(step=doing) | TableMaterialised(table=doing):
                self._bars.update(task, step=doing)
            case StepEnded():
                self._bars.update(task, advance=1, step="")
            case Failed(what=what):
                self._bars.update(task, step=f"[red]{what} failed")

    def __enter__(self) -> "BarView":
        self._bars.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._bars.stop()


class LineView(ProgressView):
    """A line for each table, for a log."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._tables: set[str] = set()

    def show(self, message: Message) -> None:
        """Print each table when its first partition is written, and failures."""
        match message:
            case TableMaterialised(table=table) if table not in self._tables:
                self._tables.add(table)
                self._print(f"{message.location}: {table}")
            case Failed(what=what):
                self._print(f"{message.location}: {what} failed")

    def _print(self, line: str) -> None:
        self._console.print(line, highlight=False, markup=False, soft_wrap=True)

    def __enter__(self) -> "LineView":
        return self

    def __exit__(self, *exception: object) -> None:
        return None


def progress_view(console: Console, locations: Sequence[str]) -> ProgressView:
    """Bars on a terminal, lines elsewhere."""
    return BarView(console, locations) if console.is_terminal else LineView(console)
