import shutil

import click
from platform_contract.errors import ContractError
from platform_contract.local_paths import LocalPaths

from platform_cli.demo.one_at_a_time import one_at_a_time
from platform_cli.workplace import current_workplace


@click.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def clean(*, yes: bool) -> None:
    """Remove the deployment's tables, files and runs from this machine; every other deployment stays."""
    paths = current_workplace().paths
    _refuse_strange_folder(paths)
    if not paths.home.exists():
        click.echo(f"Nothing to remove: {paths.home} does not exist")
        return
    if not yes:
        click.confirm(f"Remove {paths.home} with everything in it?", abort=True)
    with one_at_a_time(paths.demo_lock):
        shutil.rmtree(paths.home)
    click.echo(f"Removed {paths.home}")


def _refuse_strange_folder(paths: LocalPaths) -> None:
    """Refuse a link, which leads elsewhere, and a folder that no deployment has been provisioned in."""
    if paths.home.is_symlink():
        raise ContractError(f"{paths.home} is a link to {paths.home.readlink()}: remove what it leads to by hand")
    if paths.home.exists() and not paths.dagster_home.is_dir():
        raise ContractError(f"{paths.home} holds no Dagster home, so it is not the platform's: remove it by hand")
