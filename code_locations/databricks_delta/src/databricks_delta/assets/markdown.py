from collections.abc import Sequence
from datetime import datetime

from databricks_delta.lakehouse.lakehouse import Row


def markdown_table(rows: Sequence[Row]) -> str:
    """Rows as a Markdown table; of no rows, a line that says so."""
    if not rows:
        return "_no rows_"
    lines = [list(rows[0]), ["---"] * len(rows[0])]
    lines += [[_cell(value) for value in row.values()] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return str(value).replace("|", "\\|").replace("\n", " ")
