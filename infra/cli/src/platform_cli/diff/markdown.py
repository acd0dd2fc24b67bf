from collections.abc import Iterator, Sequence

from platform_cli.diff.table_diff import TableDiff
from platform_cli.diff.wording import column_line, headline, key_text, number, schema_lines


def markdown_diff(tables: Sequence[TableDiff], base: str, head: str) -> str:
    """What became of every gold table, for the comment of a pull request: those that differ first."""
    lines = [f"### What {head} does to the data of {base}", ""]
    different = [table for table in tables if not table.is_same]
    for table in different:
        lines += [f"**{table.name}**: {headline(table, base, head)}", "", *_details(table)]
    if not different:
        lines += ["No gold table differs.", ""]
    same = [f"`{table.name}`" for table in tables if table.is_same]
    if same and different:
        lines += [f"Unchanged: {', '.join(same)}", ""]
    return "\n".join(lines)


def _details(table: TableDiff) -> Iterator[str]:
    listed = [f"- {line}" for line in schema_lines(table.schema)]
    changes = table.rows.columns if table.rows is not None else ()
    listed += [f"- {column_line(change)}" for change in changes]
    if listed:
        yield from (*listed, "")
    if any(change.largest for change in changes):
        yield from ("<details><summary>Largest changes</summary>", "", *_largest(table), "", "</details>", "")


def _largest(table: TableDiff) -> Iterator[str]:
    yield f"| measure | {_cell(', '.join(table.key))} | before | after |"
    yield "|---|---|--:|--:|"
    for change in table.rows.columns if table.rows is not None else ():
        for largest in change.largest:
            values = f"{number(largest.before)} | {number(largest.after)}"
            yield f"| {change.column} | {_cell(key_text(largest))} | {values} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
