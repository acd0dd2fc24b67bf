from rich.console import Console

# A log has no width of its own; a table in it should not be folded.
_WIDTH_OF_A_LOG = 160


def make_console() -> Console:
    """The console of this process, wide enough for a table where the output is no terminal."""
    console = Console()
    return console if console.is_terminal else Console(width=_WIDTH_OF_A_LOG)
