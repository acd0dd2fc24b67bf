"""A `docker` on PATH: of its command line what is used here, anything else refused as Docker refuses it.

What it is asked goes to the process of the test, which knows the registry and what a build makes.
"""

import argparse
import base64
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, NoReturn

from tests.fakes.container_registry import HOST, Image, ImageRegistry, RegistryError
from tests.fakes.http_server import StandInHandler, serving

_PROGRAM = """#!{python}
import json, os, pathlib, sys, urllib.request
home = pathlib.Path(os.environ.get("DOCKER_CONFIG") or pathlib.Path.home() / ".docker")
config = home / "config.json"
asked = {{
    "words": sys.argv[1:],
    "folder": os.getcwd(),
    "config": json.loads(config.read_text()) if config.is_file() else {{}},
    "builder": (home / "buildx" / "current").is_file(),
}}
request = urllib.request.Request("{url}", json.dumps(asked).encode(), method="POST")
answer = json.load(urllib.request.build_opener(urllib.request.ProxyHandler({{}})).open(request))
for file, text in answer["files"].items():
    pathlib.Path(file).write_text(text)
sys.stdout.write(answer["output"])
sys.stderr.write(answer["error"])
sys.exit(answer["code"])
"""

type Build = Callable[[Mapping[str, str]], Image]


class DockerError(RuntimeError):
    """Docker ends with code 1 and says why."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise DockerError(message)


@dataclass(frozen=True, slots=True)
class Built:
    """A build that was pushed: by whom, its arguments, and which attestations go with it."""

    role: str
    reference: str
    digest: str
    arguments: Mapping[str, str]
    attestations: Mapping[str, str | None]


@dataclass(slots=True)
class Docker:
    """The program, with all that it has built.

    Attributes:
        programs: the folder for PATH.
        registry: where it pushes to.
        build: makes an image of the build's arguments, or raises DockerError.
    """

    programs: Path
    registry: ImageRegistry
    build: Build
    builds: list[Built] = field(default_factory=list)

    def answer(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What the program writes, prints and ends with."""
        try:
            files, output = self._run(asked)
        except (DockerError, RegistryError) as error:
            return {"files": {}, "output": "", "error": f"ERROR: {error}\n", "code": 1}
        return {"files": files, "output": output, "error": "", "code": 0}

    def _run(self, asked: Mapping[str, Any]) -> tuple[dict[str, str], str]:
        words, role = asked["words"], _role(asked["config"])
        if words[:2] == ["buildx", "build"]:
            return self._build(role, words[2:], Path(asked["folder"]), asked["builder"])
        if words[:3] == ["buildx", "imagetools", "inspect"]:
            return {}, self._inspect(role, words[3:])
        raise DockerError(f"unknown command: docker {' '.join(words)}")

    def _build(self, role: str, words: list[str], folder: Path, builder: bool) -> tuple[dict[str, str], str]:
        parser = _Parser(prog="docker buildx build", add_help=False, allow_abbrev=False)
        parser.add_argument("--build-arg", action="append", default=[])
        for option in ("--tag", "--sbom", "--provenance", "--metadata-file"):
            parser.add_argument(option)
        parser.add_argument("--push", action="store_true")
        parser.add_argument("context")
        given = parser.parse_args(words)
        attestations = {"sbom": given.sbom, "provenance": given.provenance}
        # docs.docker.com, "Build attestations": the default driver cannot make any.
        if any(attestations.values()) and not builder:
            raise DockerError("failed to build: Attestation is not supported for the docker driver.")
        if not (folder / given.context / "Dockerfile").is_file():
            raise DockerError("failed to build: resolve : open Dockerfile: no such file or directory")
        arguments = dict(pair.split("=", 1) for pair in given.build_arg)
        image = self.build(arguments)
        if not given.push:
            return {}, ""
        digest = self.registry.push(role, given.tag, image)
        self.builds.append(Built(role, given.tag, digest, arguments, attestations))
        told = json.dumps({"containerimage.digest": digest, "image.name": given.tag})
        return ({str(folder / given.metadata_file): told} if given.metadata_file else {}), ""

    def _inspect(self, role: str, words: list[str]) -> str:
        parser = _Parser(prog="docker buildx imagetools inspect", add_help=False, allow_abbrev=False)
        parser.add_argument("--format")
        parser.add_argument("reference")
        given = parser.parse_args(words)
        digest = self.registry.digest(role, given.reference)
        if digest is None:
            raise DockerError(f"{given.reference}: not found")
        if given.format != "{{.Manifest.Digest}}":
            raise DockerError(f"template parsing error: {given.format} is not known here")
        return f"{digest}\n"


def sign_in_to_registry(config: Path, role: str) -> None:
    """Note in a folder for DOCKER_CONFIG who is signed in to the registry."""
    config.mkdir(parents=True, exist_ok=True)
    token = base64.b64encode(f"AWS:{role}".encode()).decode()
    (config / "config.json").write_text(json.dumps({"auths": {HOST: {"auth": token}}}), encoding="utf-8")


def choose_builder(config: Path) -> None:
    """Note there that builds are another builder's than Docker's own."""
    (config / "buildx").mkdir(parents=True, exist_ok=True)
    (config / "buildx" / "current").touch()


def _role(config: Mapping[str, Any]) -> str:
    """Who is signed in, by the password that stands for a token."""
    token = config.get("auths", {}).get(HOST, {}).get("auth", "")
    return base64.b64decode(token).decode().partition(":")[2]


class _Handler(StandInHandler):
    docker: ClassVar[Docker]

    def do_POST(self) -> None:  # noqa: N802 - the base class finds methods by their names
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_json(200, self.docker.answer(asked))


@contextmanager
def docker_on_path(folder: Path, registry: ImageRegistry, build: Build) -> Iterator[Docker]:
    """The program in a folder of its own, until the block is left.

    Args:
        folder: an empty one.
        registry: where it pushes to.
        build: makes an image of the build's arguments.
    """
    docker = Docker(folder / "bin", registry, build)
    handler = type("Handler", (_Handler,), {"docker": docker})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    docker.programs.mkdir(parents=True)
    program = docker.programs / "docker"
    url = f"http://127.0.0.1:{server.server_port}/"
    program.write_text(_PROGRAM.format(python=sys.executable, url=url), encoding="utf-8")
    program.chmod(0o755)
    with serving(server, "docker"):
        yield docker
