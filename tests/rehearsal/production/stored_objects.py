from collections.abc import Iterable

from tests.rehearsal.comparison.compared_table import Column, ComparedTable, Kind

_COLUMNS = (Column("object", Kind.TEXT, 0), Column("line", Kind.INTEGER, 0), Column("text", Kind.TEXT, 0))


def lines_of(objects: Iterable[tuple[str, bytes]]) -> ComparedTable:
    """Objects of text as a table of their lines, so that a difference names the line."""
    rows = [
        (key, number, line)
        for key, content in objects
        for number, line in enumerate(content.decode("utf-8").split("\n"), start=1)
    ]
    return ComparedTable(_COLUMNS, rows)
