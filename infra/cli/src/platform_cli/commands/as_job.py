import os
import subprocess
import sys
from pathlib import Path

import click

from platform_cli.github_actions.identity import databricks_identity, snowflake_identity


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def as_job(*, command: tuple[str, ...]) -> None:
    """Run a command of this CLI signed in to both clouds as the workflow's job. Exits with its code."""
    signed_in = {**snowflake_identity(os.environ), **databricks_identity(os.environ)}
    program = str(Path(sys.executable).with_name("platform"))
    sys.exit(subprocess.run([program, *command], env={**os.environ, **signed_in}, check=False).returncode)
