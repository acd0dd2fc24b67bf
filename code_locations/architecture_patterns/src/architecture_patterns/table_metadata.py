from collections.abc import Iterable, Sequence
from itertools import islice

import dagster as dg

_PREVIEW_ROWS = 10


def table_metadata(
    row_count: int, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> dict[str, dg.MetadataValue]:
    """What every materialisation of a table says: how many rows it holds now, and what the first ten look like."""
    return {
        "dagster/row_count": dg.MetadataValue.int(row_count),
        "preview": markdown_table(columns, islice(rows, _PREVIEW_ROWS)),
    }


def markdown_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> dg.MetadataValue:
    """The rows as a Markdown table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return dg.MetadataValue.md("\n".join(_markdown_line(line) for line in lines))


def _markdown_line(cells: Iterable[object]) -> str:
    return "| " + " | ".join("" if cell is None else str(cell).replace("|", "\\|") for cell in cells) + " |"
