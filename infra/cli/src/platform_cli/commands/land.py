import click

from platform_cli.landing import describe_landing, land_samples
from platform_cli.provisioning import provision
from platform_cli.workplace import current_workplace


@click.command()
def land() -> None:
    """Land the sample input and load the shop's raw tables, so that `dbt build` has what it reads.

    A file that has landed is never overwritten, and a row that is loaded is not loaded again.
    """
    from snowflake_medallion.raw_load import load_landed_files  # noqa: PLC0415 - seconds of import

    workplace = current_workplace()
    provision(workplace)
    for report in land_samples(workplace.checkout, workplace.paths.landing):
        click.echo(describe_landing(report))
    load_landed_files(workplace.paths)
    click.echo(f"The shop's raw tables are loaded in {workplace.paths.raw_database}")
