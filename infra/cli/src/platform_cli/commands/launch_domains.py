from pathlib import Path

import click
from platform_contract.deployment import Deployment
from platform_contract.domain import Domain, Engine
from platform_contract.domains import domains_on

from platform_cli.dagster_plus.hosted_deployment import deployment_option
from platform_cli.dagster_plus.launched_job import LaunchedJob, run_job, since_option
from platform_cli.dagster_plus.session import Session, open_session


@click.command("launch-domains")
@deployment_option
@click.option("--job", required=True, help="What to run of every domain: `clone` is the job <domain>_clone of each.")
@since_option
@click.option("--minutes", type=click.FloatRange(min=0), default=90.0, show_default=True, help="How long one may take.")
def launch_domains(*, deployment: Deployment, job: str, since: Path | None, minutes: float) -> None:
    """Run a job of every domain in Dagster+, one after the other, and wait for each.

    One that fails keeps no other from its run. Exits with 0 only if all have succeeded.
    """
    session = open_session()
    failed = [
        str(domain)
        for domain in _in_order()
        if not _succeeds(session, _job_of(domain, deployment, job, since, minutes))
    ]
    if failed:
        raise click.ClickException(f"{job} has failed of {', '.join(failed)}: see above")


def _in_order() -> list[Domain]:
    """Those of the lakehouse first, for they publish to the others."""
    return [*domains_on(Engine.DATABRICKS), *domains_on(Engine.SNOWFLAKE)]


def _job_of(domain: Domain, deployment: Deployment, job: str, since: Path | None, minutes: float) -> LaunchedJob:
    return LaunchedJob(deployment, domain.engine.code_location, f"{domain}_{job}", since, minutes)


def _succeeds(session: Session, launched: LaunchedJob) -> bool:
    try:
        run_job(session, launched)
    except click.ClickException as failure:
        failure.show()
        return False
    return True
