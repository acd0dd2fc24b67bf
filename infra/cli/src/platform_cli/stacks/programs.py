from platform_contract.deployment import Deployment, Trait

LOCAL_PROGRAM = "local"
CLOUD_PROGRAMS = ("snowflake", "databricks")


def programs_of(deployment: Deployment) -> tuple[str, ...]:
    """The folders of `infra` whose programs build a deployment, in the order in which they come up."""
    return (LOCAL_PROGRAM,) if deployment.has(Trait.LAPTOP) else CLOUD_PROGRAMS
