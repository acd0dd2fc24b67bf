import json
from pathlib import Path
from tempfile import TemporaryDirectory

from snowflake_medallion.dbt_command import DbtCommand
from snowflake_medallion.dbt_manifest import MANIFEST, DbtParseError, ask_dbt, prepare_manifest
from snowflake_medallion.medallion_project import MedallionProject

_BUILD = ("build", "--no-use-colors")


def build_arguments(state: Path | None) -> list[str]:
    """What dbt is told to build: what differs from another state of the project and all that depends on it.

    A table that is there already, as a clone puts it there, is read where it is. Only one that is not is read where
    the other state has it.

    Args:
        state: the folder with the manifest of that other state; None, or a folder without one, builds everything.
    """
    if state is None or not (state / MANIFEST).is_file():
        return list(_BUILD)
    return [*_BUILD, *_changed_since(state), "--defer"]


def changed_nodes(project: MedallionProject, state: Path) -> frozenset[str]:
    """The unique ids of all that `build_arguments` has dbt build: models, snapshots and tests. It signs in nowhere.

    Args:
        project: as it is now.
        state: the folder with the manifest of its other state.

    Raises:
        DbtParseError: when dbt refuses the project.
    """
    listing = ["ls", *_changed_since(state), "--output", "json", "--output-keys", "unique_id"]
    with TemporaryDirectory() as target:
        listed = ask_dbt(project.folder, project.engine, listing, Path(target))
    if listed.returncode != 0:
        raise DbtParseError(f"dbt cannot compare {project.folder} with {state}:\n{listed.stdout}{listed.stderr}")
    lines = (line for line in listed.stdout.splitlines() if line.startswith("{"))
    return frozenset(json.loads(line)["unique_id"] for line in lines)


def _changed_since(state: Path) -> list[str]:
    return ["--select", "state:modified+", "--state", str(state.absolute())]


def slim_build(project: MedallionProject, state: Path | None) -> bool:
    """Build what differs from another state, and say on standard output what dbt does; whether all of it went well.

    Raises:
        DbtParseError: when dbt refuses the project.
        MissingSettingsError: on Snowflake, naming every setting that the environment lacks.
        DatabaseBusyError: on DuckDB, when another process keeps a file open.
    """
    project.engine.check_ready()
    prepare_manifest(project.folder, project.engine)
    invocation = DbtCommand.of(project).cli(build_arguments(state), raise_on_error=False)
    return invocation.wait().is_successful()
