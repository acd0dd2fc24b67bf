"""Names as SQL writes them, whatever words they are: `at` and `order` are columns to someone."""

from collections.abc import Iterable


def quoted(columns: Iterable[str]) -> str:
    """Column names as Databricks SQL writes them, with commas between them."""
    return ", ".join(map(_quoted, columns))


def quoted_name(full_name: str) -> str:
    """The name of a table or view, of however many parts."""
    return ".".join(map(_quoted, full_name.split(".")))


def _quoted(name: str) -> str:
    return f"`{name}`"
