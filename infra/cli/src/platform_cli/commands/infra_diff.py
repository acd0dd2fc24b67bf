from pathlib import Path

import click
from platform_contract.local_paths import checkout

from platform_cli.infra_diff.changes import Change, changes
from platform_cli.infra_diff.declarations import commit_tree, declarations


@click.command()
@click.option("--base", required=True, help="The commit to compare with, `HEAD^1` in a pull request's merge.")
@click.option("--markdown", is_flag=True, help="As a table for a comment.")
def infra_diff(*, base: str, markdown: bool) -> None:
    """Say what the checked-out code declares for dev and prod that a commit does not, without any account.

    Fails with the programs' own words where settings or guardrails refuse.
    """
    root = checkout(Path.cwd())
    with commit_tree(root, base) as tree:
        found = changes(declarations(tree), declarations(root))
    click.echo(_table(found) if markdown else _lines(found))


def _lines(found: list[Change]) -> str:
    if not found:
        return "the infrastructure is declared as before"
    return "\n".join(f"{one.stack}: {one.what} {one.resource}{_fields(one, '; ')}" for one in found)


def _table(found: list[Change]) -> str:
    if not found:
        return "Nothing: all that stands is declared as before."
    rows = [f"| {one.stack} | {one.what} | {_cell(one.resource + _fields(one, '<br>'))} |" for one in found]
    return "\n".join(["| stack | | object |", "|---|---|---|", *rows])


def _fields(change: Change, separator: str) -> str:
    told = separator.join(f"{name}: {values}" for name, values in change.fields.items())
    return f"{separator}{told}" if told else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
