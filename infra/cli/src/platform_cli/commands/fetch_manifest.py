from pathlib import Path

import click

from platform_cli.github_actions.published_manifest import published_files
from platform_cli.github_actions.repository import current_repository
from platform_cli.published_code import CODE_VERSIONS, MANIFEST

_FILES = (MANIFEST, CODE_VERSIONS)


@click.command()
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder for it.")
def fetch_manifest(*, into: Path) -> None:
    """Fetch the dbt manifest and the code versions that production published last.

    For what is not there, everything will be built.
    """
    found = published_files(current_repository(), _FILES)
    into.mkdir(parents=True, exist_ok=True)
    for name in _FILES:
        file = into / name
        if name in found:
            file.write_bytes(found[name])
            click.echo(f"what production published is in {file}")
        else:
            file.unlink(missing_ok=True)
            click.echo(f"production has published no {name} that is still kept: everything will be built")
