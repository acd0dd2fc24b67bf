import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from platform_contract.environment_variables import EnvironmentVariable

from snowflake_medallion.dbt_engine import DbtEngine
from snowflake_medallion.dbt_executable import dbt_executable
from snowflake_medallion.dbt_fingerprint import fingerprint

MANIFEST = "manifest.json"
# A process that started before the last change to the project may still use the manifest it started with.
_KEPT = 3
_TIMEOUT_SECONDS = 300


class DbtParseError(RuntimeError):
    """There is no manifest: dbt refuses the project, in its own words, or cannot know the target."""


class WrongManifestError(RuntimeError):
    """A manifest is missing where it should have been prepared, or belongs to another target or deployment."""


def manifest_folder(project: Path, engine: DbtEngine) -> Path:
    """Where the manifest of exactly this project on this engine belongs.

    The fingerprint is in the name: a manifest that is there is fresh, and no other target, deployment or older state of
    the project can be taken for it.
    """
    return engine.state / f"{engine.target}-{fingerprint(project, engine)[:16]}"


def prepared_manifest(project: Path, engine: DbtEngine) -> Path:
    """The folder of the manifest that the image brings for this deployment; nothing is parsed.

    An image takes no write, and dbt writes beside the manifest it works from, so the image's is copied.

    Raises:
        WrongManifestError: when it is not there; the message says for which deployments there is one, and the fix.
    """
    folder = manifest_folder(project, engine)
    if not (folder / MANIFEST).is_file():
        brought = _brought(engine) / folder.name
        if not (brought / MANIFEST).is_file():
            raise WrongManifestError(
                f"this image holds no dbt manifest for deployment {engine.deployment} as the project, its names and "
                f"dbt are now{_others(engine)}: build it for that deployment "
                f"(`platform images --deployment {engine.deployment}`)"
            )
        engine.state.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=engine.state, prefix=".copying-") as copying:
            _move_into_place(shutil.copytree(brought, Path(copying) / "target"), folder)
    return folder


def _brought(engine: DbtEngine) -> Path:
    """Where the image keeps the deployment's manifests: arranged as in a local root, which its build wrote.

    Raises:
        WrongManifestError: when nothing says where.
    """
    variable = EnvironmentVariable.PLATFORM_MANIFESTS
    if not os.environ.get(variable):
        raise WrongManifestError(f"{variable} is not set, and nothing is parsed in Dagster+: the image is to set it")
    return Path(os.environ[variable]) / engine.deployment.name / engine.state.name


def _others(engine: DbtEngine) -> str:
    """Which manifests lie where this one should."""
    found = sorted(_brought(engine).parents[1].glob(f"*/{engine.state.name}/*/{MANIFEST}"))
    held = dict.fromkeys(f"{path.parents[2].name} ({path.parent.name.partition('-')[0]})" for path in found)
    return f" (it holds one for {', '.join(held)})" if held else ""


def check_manifest(manifest: Mapping[str, Any], engine: DbtEngine, folder: Path) -> None:
    """Refuse a manifest that was parsed for another target or deployment, however it came into the folder.

    Raises:
        WrongManifestError: naming what does not fit, and the fix.
    """
    target = manifest["metadata"]["adapter_type"]
    variables = (EnvironmentVariable.PLATFORM_RAW_DATABASE, EnvironmentVariable.PLATFORM_ANALYTICS_DATABASE)
    expected = {engine.environment[variable] for variable in variables}
    databases = {node["database"] for kind in ("nodes", "sources") for node in manifest[kind].values()}
    if target == engine.target and databases <= expected:
        return
    raise WrongManifestError(
        f"the dbt manifest in {folder} is of target {target} and databases {', '.join(sorted(databases))}, and "
        f"deployment {engine.deployment} is {engine.target} with {', '.join(sorted(expected))}: "
        "remove that folder, and let the location (or the image's build) parse the project again"
    )


def prepare_manifest(project: Path, engine: DbtEngine) -> Path:
    """The folder that holds the manifest, parsed first if it is not there yet. Parsing signs in nowhere.

    Raises:
        DbtParseError: when dbt refuses the project, or the adapter of the target is not installed.
    """
    if find_spec(f"dbt.adapters.{engine.target}") is None:
        raise DbtParseError(
            f"dbt-{engine.target} is not installed, and only it can parse the project for that target: "
            f"install it with `uv sync --group {engine.target}`, or run with demo_mode true"
        )
    folder = manifest_folder(project, engine)
    if not (folder / MANIFEST).is_file():
        engine.state.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=engine.state, prefix=".parsing-") as parsing:
            _parse(project, engine, Path(parsing) / "target")
            _move_into_place(Path(parsing) / "target", folder)
        _remove_old_manifests(engine, folder)
    return folder


def _parse(project: Path, engine: DbtEngine, target_path: Path) -> None:
    """Parse the project, and compile what needs no database for it: by the compiled SQL marks follow their columns.

    A model that asks the database while it is compiled stops that for all of them, and nothing is known of any.
    """
    words = ["--no-populate-cache", "compile", "--no-introspect", "--full-refresh"]
    parsed = ask_dbt(
        project, engine, [*words, "--select", "resource_type:model", "resource_type:snapshot"], target_path
    )
    # dbt writes the manifest once it has parsed the project, before it compiles.
    if not (target_path / MANIFEST).is_file():
        raise DbtParseError(f"dbt cannot parse {project} for target {engine.target}:\n{parsed.stdout}{parsed.stderr}")


def ask_dbt(
    project: Path, engine: DbtEngine, words: Sequence[str], target_path: Path
) -> subprocess.CompletedProcess[str]:
    """The end of a dbt command that signs in nowhere, such as `compile` or `ls`, with what it has printed.

    Args:
        project: its folder.
        engine: whose target and names it takes.
        words: the command and its own options.
        target_path: where its artifacts and log go.
    """
    command = [dbt_executable(), "--quiet", "--no-use-colors", *words, "--target", engine.target]
    paths = [
        "--project-dir",
        project,
        "--profiles-dir",
        project,
        "--target-path",
        target_path,
        "--log-path",
        target_path,
    ]
    return subprocess.run(
        [*command, *paths],
        cwd=project,
        env=os.environ | engine.environment | {"DO_NOT_TRACK": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=_TIMEOUT_SECONDS,
    )


def _move_into_place(parsed: Path, folder: Path) -> None:
    """Rename, which is atomic; where another process was faster, its manifest is the same."""
    try:
        parsed.rename(folder)
    except OSError:
        if not (folder / MANIFEST).is_file():
            raise


def _remove_old_manifests(engine: DbtEngine, present: Path) -> None:
    others = [folder for folder in engine.state.glob(f"{engine.target}-*") if folder != present]
    others.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in others[_KEPT - 1 :]:
        shutil.rmtree(folder, ignore_errors=True)
