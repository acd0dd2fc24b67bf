from platform_contract.deployment import Deployment, Trait
from platform_infra.programs.cloud_programs import CLOUD_PROGRAMS

LOCAL_PROGRAM = "local"


def programs_of(deployment: Deployment) -> tuple[str, ...]:
    """The folders of `infra` whose programs build a deployment, in the order in which they come up."""
    return (LOCAL_PROGRAM,) if deployment.has(Trait.LAPTOP) else tuple(one.name for one in CLOUD_PROGRAMS)
