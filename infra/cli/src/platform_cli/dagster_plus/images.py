import json
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from platform_contract.deployment import Deployment

from platform_cli.dagster_plus.image_repository import ImageRepository

# What Docker says of a tag that there is not; what else goes wrong ends the command.
_ABSENT = ": not found"


class DockerError(click.ClickException):
    """Docker has failed; what it printed stands above, or in the message."""


@dataclass(frozen=True, slots=True)
class ImageBuild:
    """The images of one state of the code, one for each location, for the deployments that they may serve."""

    checkout: Path
    repository: ImageRepository
    deployments: tuple[Deployment, ...]
    tag: str

    def digests(self) -> Iterator[tuple[str, str]]:
        """Each location with the digest of its image, which is built and pushed unless its tag is there.

        A tag names one image for ever, so a run that is repeated takes what the first one has pushed.

        Raises:
            DockerError: when an image cannot be built, pushed or looked up.
        """
        for location in self.repository.locations:
            yield location, self._pushed(location) or self._build(location)

    def _pushed(self, location: str) -> str | None:
        reference = self.repository.tagged(location, self.tag)
        command = ["docker", "buildx", "imagetools", "inspect", "--format", "{{.Manifest.Digest}}", reference]
        looked = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
        if looked.returncode == 0:
            click.echo(f"{reference} is there already")
            return looked.stdout.strip()
        if _ABSENT in looked.stderr:
            return None
        raise DockerError(f"looking for {reference} failed: {looked.stderr.strip()}")

    def _build(self, location: str) -> str:
        with TemporaryDirectory() as folder:
            told = Path(folder) / "metadata.json"
            command = self._command(location, told)
            click.echo(shlex.join(command))
            code = subprocess.run(command, cwd=self.checkout, check=False).returncode
            if code != 0:
                raise DockerError(f"the image of {location} was not pushed: Docker ended with {code}")
            return json.loads(told.read_text(encoding="utf-8"))["containerimage.digest"]

    def _command(self, location: str, told: Path) -> list[str]:
        arguments = {"LOCATION": location, "DEPLOYMENTS": " ".join(one.name for one in self.deployments)}
        options = [part for name, value in arguments.items() for part in ("--build-arg", f"{name}={value}")]
        # What is in the image, and what it was made of, by whom: kept beside it in the registry.
        attested = ["--sbom=true", "--provenance=mode=max"]
        kept = ["--tag", self.repository.tagged(location, self.tag), "--push", f"--metadata-file={told}"]
        return ["docker", "buildx", "build", *options, *attested, *kept, "."]
