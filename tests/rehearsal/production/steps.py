import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from rich.console import Console
from rich.text import Text


class Steps:
    """Tells a person what a rehearsal does, step by step, and how long each takes."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._began = time.monotonic()
        self._number = 0

    @contextmanager
    def step(self, what: str) -> Iterator[list[str]]:
        """One step, its end told with what the block put into the list."""
        self._number += 1
        facts: list[str] = []
        began = time.monotonic()
        self._tell(f"[bold]{self._number}  {what}[/] …")
        try:
            yield facts
        except BaseException:
            self._tell(f"   [red]✗ failed[/] after {time.monotonic() - began:.1f} s")
            raise
        for fact in facts:
            self._print(Text(f"   {fact}"))
        self._tell(f"   [green]✓[/] {time.monotonic() - began:.1f} s")

    def note(self, text: str) -> None:
        """Something that a reader must know of the whole rehearsal."""
        self._print(Text(text, style="yellow"))

    def end(self, peak_bytes: int | None) -> None:
        """What all of it took."""
        memory = "not measured here" if peak_bytes is None else f"{peak_bytes / 2**30:.1f} GB"
        took = time.monotonic() - self._began
        self._tell(f"[bold]In all {took:.0f} s; at most {memory} of memory for all processes together[/]")

    def _tell(self, markup: str) -> None:
        self._print(Text.from_markup(markup))

    def _print(self, text: Text) -> None:
        """Nobody may be listening any more, at a terminal that is closed: what is to be done is done all the same."""
        with suppress(OSError):
            self.console.print(text, highlight=False, soft_wrap=True)
