from pathlib import Path

import click
from platform_contract.deployment import Deployment, Trait, deployments
from platform_contract.errors import ContractError
from platform_contract.local_paths import checkout
from platform_infra.cost.bound import CostBound
from platform_infra.cost.prices import Prices
from platform_infra.programs.cloud_programs import CLOUD_PROGRAMS
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from platform_cli.console import make_console
from platform_cli.cost.bounds import planned_bound, prices
from platform_cli.stacks.stack_option import stack_option


@click.command()
@stack_option
def cost(*, stack: Deployment) -> None:
    """Print what a stack can cost in its worst month, item by item, and what nothing caps.

    Read from the stack files and `infra/prices.yaml`, so it takes no account.
    """
    if stack.has(Trait.LAPTOP):
        raise ContractError(f"stack {stack} costs nothing: name {deployments().clouds_named()}")
    root = checkout(Path.cwd())
    bounds = [planned_bound(root, program, stack) for program in CLOUD_PROGRAMS]
    console = make_console()
    console.print(_table(bounds, stack))
    for bound in bounds:
        told = f" ({bound.told_by})" if bound.told_by else ""
        console.print(f"Nothing caps in {bound.cloud}: {escape('; '.join(bound.uncapped) + told)}", soft_wrap=True)
    _print_assumptions(console, prices(root))


def _table(bounds: list[CostBound], stack: Deployment) -> Table:
    table = Table(title=f"Worst month of stack {stack}", title_justify="left")
    for heading in ("item", "at most", "USD", "because"):
        table.add_column(heading, justify="right" if heading in ("at most", "USD") else "left", overflow="fold")
    for bound in bounds:
        for item in bound.items:
            table.add_row(escape(item.name), f"{item.units:,.0f} {item.unit}", f"{item.usd:,.0f}", escape(item.basis))
        table.add_row(f"[bold]{bound.cloud}[/]", "", f"[bold]{bound.usd:,.0f}[/]", "", end_section=True)
    table.add_row("[bold]all that is capped[/]", "", f"[bold]{sum(bound.usd for bound in bounds):,.0f}[/]", "")
    return table


def _print_assumptions(console: Console, assumed: Prices) -> None:
    console.print(
        f"Prices as of {assumed.as_of}, infra/prices.yaml: {escape('; '.join(assumed.sources))}. "
        f"A pull request computes on {deployments().host}'s warehouses and adds nothing to what is capped.",
        soft_wrap=True,
    )
