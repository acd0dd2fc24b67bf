import os
import sys

import click
from platform_contract.clone_route import CloneRoute, clone_route
from platform_contract.demo_mode import default_demo_mode
from platform_contract.deployment import Deployment
from platform_contract.errors import ContractError
from platform_contract.local_paths import LocalPaths

from platform_cli.console import make_console
from platform_cli.deployment_option import deployment_option
from platform_cli.diff.data_diff import cloud_diff, local_diff
from platform_cli.diff.markdown import markdown_diff
from platform_cli.diff.report import print_diff
from platform_cli.stacks.stack_option import StackName
from platform_cli.workplace import Workplace, workplace_of


@click.command()
@deployment_option
@click.option("--base", type=StackName(), help="Compared with this instead of where it was cloned.")
@click.option("--markdown", is_flag=True, help="For a pull request's comment.")
def diff(*, deployment: Deployment, base: Deployment | None, markdown: bool) -> None:
    """Say what a pull request does to the data: gold table by gold table, against what it was cloned from.

    Rows added, removed and changed, told apart by each table's declared key; columns added, removed and of another
    type; and of every measure the rows that changed most. Values of marked columns are masked. It only reads.
    """
    demo_mode = default_demo_mode(os.environ)
    route = CloneRoute(base, deployment) if base else clone_route(deployment, demo_mode)
    workplace = workplace_of(deployment)
    if demo_mode:
        tables = list(local_diff(workplace.checkout, _base(workplace, route), workplace.paths))
    else:
        tables = list(cloud_diff(workplace.checkout, workplace.paths.root, route))
    if markdown:
        sys.stdout.write(markdown_diff(tables, route.source.name, route.target.name))
    else:
        print_diff(make_console(), tables, route.source.name, route.target.name)


def _base(workplace: Workplace, route: CloneRoute) -> LocalPaths:
    paths = LocalPaths(workplace.paths.root, route.source)
    for home in (paths.home, workplace.paths.home):
        if not home.is_dir():
            raise ContractError(
                f"{home} is not there, so there is nothing to compare: run `make demo`, "
                f"then `make clone DEPLOYMENT={route.target}`"
            )
    return paths
