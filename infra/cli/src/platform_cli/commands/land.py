import os
from pathlib import Path

import click
from platform_contract.demo_mode import check_demo_mode, default_demo_mode

from platform_cli.landing import land_samples
from platform_cli.landing_report import LandingReport, describe_landing
from platform_cli.provisioning import provision
from platform_cli.workplace import Workplace, current_workplace


@click.command()
def land() -> None:
    """Land the sample input and load the raw tables of every domain, so that `dbt build` has what it reads.

    With PLATFORM_DEMO_MODE=false it lands where the deployment's pipelines look for it in the clouds, and nothing is
    loaded. A file that has landed is never overwritten, and a row that is loaded is not loaded again.
    """
    workplace = current_workplace()
    demo_mode = default_demo_mode(os.environ)
    check_demo_mode(demo_mode, workplace.deployment, os.environ)
    if demo_mode:
        provision(workplace)
        _land_here(workplace)
        _load(workplace)
    else:
        _land_in_the_clouds(workplace)


def _land_here(workplace: Workplace) -> None:
    _tell(str(workplace.paths.landing), land_samples(workplace.checkout, workplace.paths.landing))


def _load(workplace: Workplace) -> None:
    # Seconds of import.
    import snowflake_medallion  # noqa: PLC0415
    from snowflake_medallion.components.declared_medallions import declared_raw_tables  # noqa: PLC0415
    from snowflake_medallion.raw_load import load_landed_files  # noqa: PLC0415

    for domain, tables in declared_raw_tables(Path(snowflake_medallion.__path__[0])):
        load_landed_files(workplace.paths, domain, tables)
        click.echo(f"The raw tables of {domain} are loaded in {workplace.paths.raw_database}")


def _land_in_the_clouds(workplace: Workplace) -> None:
    from platform_cli.cloud_landing import land_in_the_clouds  # noqa: PLC0415 - what the laptop never needs

    for place, reports in land_in_the_clouds(workplace.checkout, workplace.deployment, os.environ).items():
        _tell(place, reports)


def _tell(place: str, reports: list[LandingReport]) -> None:
    click.echo(f"In {place}:")
    for report in reports:
        click.echo(f"  {describe_landing(report)}")
