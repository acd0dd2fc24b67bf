"""The shop's image with the dbt project of a branch in it, as a build of that commit would make it."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from platform_contract.deployment import Deployment

from tests.fakes.dagster_plus.closures import Closure

_DBT_PROJECT = "dbt_project"
_MANIFESTS = "manifests"
_SECONDS = 300


@contextmanager
def kept_as_built(closure: Closure, folder: Path) -> Iterator[None]:
    """The image holds afterwards what it holds now: other tests look into it.

    Args:
        closure: the shop's image.
        folder: where its state waits; it is made.
    """
    for name in (_DBT_PROJECT, _MANIFESTS):
        shutil.copytree(closure.folder / name, folder / name)
    yield
    for name in (_DBT_PROJECT, _MANIFESTS):
        shutil.rmtree(closure.folder / name)
        shutil.move(folder / name, closure.folder / name)


def build_with_project_of(closure: Closure, deployment: Deployment, checkout: Path) -> None:
    """Put the dbt project of a checkout into the image, and prepare its manifest as the last step of the build does."""
    project = closure.folder / _DBT_PROJECT
    shutil.rmtree(project)
    shutil.copytree(checkout / _DBT_PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    prepared = subprocess.run(
        [str(closure.folder / ".venv" / "bin" / "python"), "-m", f"{closure.location}.prepare_manifest"],
        cwd=closure.folder,
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": str(closure.folder),
            "DO_NOT_TRACK": "1",
            "PLATFORM_DEPLOYMENT": deployment.name,
            "PLATFORM_DEMO_MODE": "false",
            # Where .ci/closure has them made.
            "PLATFORM_LOCAL_ROOT": str(closure.folder / _MANIFESTS),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
    )
    assert prepared.returncode == 0, prepared.stdout + prepared.stderr
