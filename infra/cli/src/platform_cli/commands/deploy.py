from pathlib import Path

import click
from platform_contract.deployment import Deployment

from platform_cli.dagster_plus.deploying import deploy_locations
from platform_cli.dagster_plus.hosted_deployment import deployment_option, tag_option
from platform_cli.dagster_plus.session import open_session


@click.command()
@deployment_option
@tag_option
@click.option("--link-file", type=click.Path(path_type=Path), help="Write the link to the deployment there as well.")
def deploy(*, deployment: Deployment, tag: str, link_file: Path | None) -> None:
    """Serve every code location in Dagster+ from the images of a tag, and wait until all of them are loaded.

    The images are those that `platform image` has pushed for the same deployment and tag. A pull request's branch
    deployment is made where there is none. Ends with the link, or with what went wrong and what to do.
    """
    link = deploy_locations(open_session(), deployment, tag)
    if link_file is not None:
        link_file.write_text(f"{link}\n", encoding="utf-8")
    click.echo(f"{deployment} is deployed: {link}")
