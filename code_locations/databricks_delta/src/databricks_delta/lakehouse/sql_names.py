from collections.abc import Iterable


def quoted(columns: Iterable[str]) -> str:
    """Column names as Databricks SQL writes them, whatever words they are, with commas between them."""
    return ", ".join(f"`{column}`" for column in columns)
