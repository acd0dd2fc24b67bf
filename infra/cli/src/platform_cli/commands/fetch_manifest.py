from pathlib import Path

import click

from platform_cli.github_actions.published_manifest import MANIFEST, published_manifest
from platform_cli.github_actions.repository import current_repository


@click.command()
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder for it.")
def fetch_manifest(*, into: Path) -> None:
    """Fetch the dbt manifest that production published last. Where there is none, everything will be built."""
    found = published_manifest(current_repository())
    into.mkdir(parents=True, exist_ok=True)
    file = into / MANIFEST
    if found is None:
        file.unlink(missing_ok=True)
        click.echo("production has published no manifest that is still kept: everything will be built")
        return
    file.write_bytes(found)
    click.echo(f"production's manifest is in {file}")
