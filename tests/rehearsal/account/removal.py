from platform_cli.stacks.stack import stacks_of

from tests.rehearsal.account import storage
from tests.rehearsal.account.place import Place
from tests.rehearsal.production.operator_shell import CommandFailedError
from tests.rehearsal.production.steps import Steps

_ATTEMPTS = 2


def remove_all(place: Place, steps: Steps) -> list[str]:
    """Take away all that a rehearsal has made, a second time where the first fails; what remains."""
    deployment = place.deployment
    with steps.step(f"All that {deployment} has is removed") as facts:
        remains: list[str] = []
        for _ in range(_ATTEMPTS):
            remains = _destroy(place)
            if not remains:
                break
        remains += storage.empty(deployment)
        remains += [f"stack {one.program}" for one in stacks_of(deployment) if one.exists()]
        for stack in stacks_of(deployment):
            (stack.folder / f"Pulumi.{deployment}.yaml").unlink(missing_ok=True)
        facts.append("nothing is left" if not remains else f"{len(remains)} remain; `make destroy STACK={deployment}`")
    return remains


def _destroy(place: Place) -> list[str]:
    """A cloud may refuse, whatever the reason: that is told, and the rest is removed all the same."""
    try:
        place.operator().platform("destroy", "--stack", place.deployment.name, "--yes")
    except CommandFailedError as error:
        return [str(error)]
    return []
