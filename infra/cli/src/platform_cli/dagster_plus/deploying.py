from tempfile import TemporaryDirectory

from dagster_cloud_cli.commands.ci.state import DockerBuildOutput, FileStore
from platform_contract.deployment import Deployment

from platform_cli.dagster_plus.image_digests import Digests
from platform_cli.dagster_plus.image_repository import ImageRepository
from platform_cli.dagster_plus.session import Session


def deploy_locations(session: Session, deployment: Deployment, repository: ImageRepository, digests: Digests) -> str:
    """Have every location of `dagster_cloud.yaml` served from its image, and wait until all are loaded.

    `dg plus deploy` would write a file of its own from the settings of each project and leave dagster_cloud.yaml
    unread, so this is done with `dagster-cloud ci`.

    Args:
        session: where to.
        deployment: which deployment; a pull request's is made where there is none.
        repository: where the images are.
        digests: the image of each location.

    Returns:
        The link to the deployment.

    Raises:
        ContractError: when Dagster+ has no such deployment, or refuses the token.
        CloudCliError: when a location does not load, or no agent serves the deployment.
    """
    name = session.ready_name(deployment)
    with TemporaryDirectory() as state:
        _initialise(session, name, state)
        _name_images(state, repository, digests)
        session.cli.run(f"{deployment}: deploying", "ci", "deploy", "--statedir", state)
    return session.organisation.link(name)


def _initialise(session: Session, name: str, state: str) -> None:
    options = {
        "--deployment": name,
        "--statedir": state,
        "--project-dir": str(session.checkout),
        "--commit-hash": session.repository.commit,
        "--git-url": session.repository.commit_url,
    }
    words = [word for option in options.items() for word in option]
    session.cli.run(f"{name}: starting the deploy", "ci", "init", *words)


def _name_images(state: str, repository: ImageRepository, digests: Digests) -> None:
    """What `ci set-build-output` notes, which knows `<build.registry>:<tag>` alone and no digest."""
    store = FileStore(statedir=state)
    for location in store.list_locations():
        location.build_output = DockerBuildOutput(image=repository.pinned(digests[location.location_name]))
        store.save(location)
