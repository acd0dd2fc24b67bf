"""The images of the code locations, built as the Dockerfile builds them, but for the container round them."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from tests.fakes.container_registry import Image
from tests.fakes.dockerfile import image_environment, write_build_context

_BUILD_SECONDS = 280


@dataclass(frozen=True, slots=True)
class Closure:
    """What the image of one location holds, as a folder, and the environment that the image sets."""

    location: str
    folder: Path
    environment: Mapping[str, str]

    @property
    def image(self) -> Image:
        """The closure for an agent to start processes from.

        The build of an image compiles all of it, which takes longer than everything else here: it is compiled when it
        is first used, in a folder of its own.
        """
        compiled = {"PYTHONPYCACHEPREFIX": str(self.folder / ".venv" / "bytecode")}
        environment = {name: value for name, value in self.environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return Image(self.folder, self.folder / ".venv" / "bin", environment | compiled)

    def packages(self) -> set[str]:
        """The names of the distributions that are installed, as `uv.lock` writes them."""
        found = (self.folder / ".venv" / "lib").glob("python*/site-packages/*.dist-info")
        return {info.name.split("-")[0].replace("_", "-").replace(".", "-").lower() for info in found}

    def locked_packages(self) -> set[str]:
        """The names of the distributions that `uv export` has named for this machine, those of the workspace aside."""
        text = (self.folder / "requirements.txt").read_text(encoding="utf-8")
        stated = (Requirement(line.removesuffix("\\")) for line in text.splitlines() if re.match("[a-z0-9]", line))
        return {one.name for one in stated if one.marker is None or one.marker.evaluate()}


def find_uv(repository: Path) -> Path | None:
    """The uv that `.ci/setup` uses: on PATH, else the checkout's own."""
    found = shutil.which("uv")
    private = repository / ".local" / "tools" / "uv" / "bin" / "uv"
    return Path(found) if found else private if private.is_file() else None


def build_closures(
    repository: Path, locations: list[str], deployments: tuple[str, ...], target: Path
) -> dict[str, Closure]:
    """Build the images of locations for deployments, from the build context that Docker would get.

    Args:
        repository: the checkout.
        locations: their names.
        deployments: dev, prod or pr-<n>.
        target: where to; a folder for the context and one for each image.
    """
    context = target / "context"
    write_build_context(repository, context)
    uv = find_uv(repository)
    assert uv is not None
    with ThreadPoolExecutor(max_workers=2) as pool:
        folders = pool.map(lambda name: _build(context, name, deployments, target / name, uv), locations)
        return {folder.name: _closure(repository, folder) for folder in folders}


def _build(context: Path, location: str, deployments: tuple[str, ...], folder: Path, uv: Path) -> Path:
    command = [str(context / ".ci" / "closure"), location, str(folder), *deployments]
    # From the cache that setting up has filled, else from the index.
    for offline in ({"UV_OFFLINE": "1"}, {}):
        built = subprocess.run(
            command,
            env=_build_environment(uv) | offline,
            capture_output=True,
            text=True,
            check=False,
            timeout=_BUILD_SECONDS,
        )
        if built.returncode == 0:
            return folder
        shutil.rmtree(folder, ignore_errors=True)
    raise AssertionError(f"{' '.join(command)} failed:\n{built.stdout}{built.stderr}")


def _build_environment(uv: Path) -> dict[str, str]:
    """This process's environment, with the interpreter that it runs on and its bytecode kept, as in an image."""
    left_out = {"PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV", "DAGSTER_HOME"}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    path = os.pathsep.join((str(uv.parent), kept.get("PATH", os.defpath)))
    python = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    return {**kept, "PATH": path, "UV_PYTHON": str(python)}


def _closure(repository: Path, folder: Path) -> Closure:
    text = (repository / "Dockerfile").read_text(encoding="utf-8")
    return Closure(folder.name, folder, image_environment(text, folder))
