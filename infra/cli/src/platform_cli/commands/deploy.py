from pathlib import Path

import click
from platform_contract.deployment import Deployment
from platform_contract.local_paths import checkout

from platform_cli.dagster_plus.deploying import deploy_locations
from platform_cli.dagster_plus.hosted_deployment import deployment_option
from platform_cli.dagster_plus.image_digests import parse_digests
from platform_cli.dagster_plus.image_repository import image_repository
from platform_cli.dagster_plus.image_trust import trust_of
from platform_cli.dagster_plus.session import open_session


@click.command()
@deployment_option
@click.option("--images", envvar="IMAGES", required=True, help="What `platform images` printed last: digests.")
@click.option("--link-file", type=click.Path(path_type=Path), help="Write the link to the deployment there as well.")
def deploy(*, deployment: Deployment, images: str, link_file: Path | None) -> None:
    """Serve every code location in Dagster+ from its image, and wait until all of them are loaded.

    The images are looked for in the repository of the deployment's level of trust alone, so none of a pull request ever
    serves what stands. A pull request's branch deployment is made where there is none. Ends with the link, or with what
    went wrong and what to do.
    """
    repository = image_repository(checkout(Path.cwd()), trust_of([deployment]))
    digests = parse_digests(images, repository)
    link = deploy_locations(open_session(), deployment, repository, digests)
    if link_file is not None:
        link_file.write_text(f"{link}\n", encoding="utf-8")
    click.echo(f"{deployment} is deployed: {link}")
