import json
import subprocess
import sys
from pathlib import Path

import click
from platform_contract.deployment import Deployment, Trait
from platform_contract.errors import ContractError

from platform_cli.dagster_plus.hosted_deployment import deployment_option
from platform_cli.github_actions.notice import Section, code_block, compose
from platform_cli.github_actions.pull_request_comment import MARKER, put_comment
from platform_cli.github_actions.repository import current_repository
from platform_cli.github_actions.run_link import run_link

_SIGNS = {"success": "done", "failure": "**failed**", "cancelled": "cancelled", "skipped": "not reached"}


@click.command()
@deployment_option
@click.option("--base", required=True, help="The commit that the pull request would be merged into.")
@click.option("--link-file", type=click.Path(path_type=Path), required=True, help="What `deploy --link-file` wrote.")
@click.option("--steps", envvar="STEPS", required=True, help="JSON: the outcome of each step of the job by its id.")
def comment(*, deployment: Deployment, base: str, link_file: Path, steps: str) -> None:
    """Say on a pull request where its environment is, what it changes in the infrastructure, and what in the data.

    The comment is made once and written anew by every run. What cannot be told is said with its reason.
    """
    if not deployment.has(Trait.PULL_REQUEST):
        raise ContractError(f"{deployment} is no pull request's: name pr-<n>")
    github = current_repository()
    sections = [
        Section("What it changes in the infrastructure", _told("infra-diff", "--base", base)),
        # Signed in only now: a job's token lives for minutes, and what stands above takes some.
        Section("What it changes in the data", _told("as-job", "diff", "--deployment", deployment.name)),
    ]
    opening = _opening(deployment, link_file, json.loads(steps), run_link(github.repository))
    put_comment(github, deployment, compose(MARKER, opening, sections))
    click.echo(f"the comment on pull request {deployment.pull_request} is up to date")


def _opening(deployment: Deployment, link_file: Path, steps: dict[str, dict[str, str]], run: str) -> str:
    link = link_file.read_text(encoding="utf-8").strip() if link_file.is_file() else ""
    where = f"[`{deployment}` in Dagster+]({link})" if link else f"`{deployment}` is not in Dagster+ yet"
    outcomes = [f"{step}: {_SIGNS.get(one['outcome'], one['outcome'])}" for step, one in steps.items()]
    return f"{where} · [this run]({run})\n\n{' · '.join(outcomes)}"


def _told(command: str, *arguments: str) -> str:
    """What another command says in Markdown, or why it cannot."""
    program = str(Path(sys.executable).with_name("platform"))
    told = subprocess.run(
        [program, command, *arguments, "--markdown"], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    if told.returncode == 0:
        return told.stdout
    return f"This could not be told:\n\n{code_block(told.stderr[-2000:] or told.stdout[-2000:])}"
