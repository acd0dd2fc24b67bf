import os
from dataclasses import dataclass
from pathlib import Path

import duckdb
import yaml
from dotenv import dotenv_values
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.local_paths import LocalPaths
from platform_runtime.dagster_settings import DAGSTER_SETTINGS
from platform_runtime.local_store_layout import delta_roots, duckdb_schemas, working_folders

from platform_cli.doctor.check import Check, Finding, problem, right, warning
from platform_cli.workplace import Workplace

_MAKE_THEM = "run `make setup`"


@dataclass(frozen=True, slots=True)
class LocalFolders(Check):
    """Whether the deployment's folders are there."""

    paths: LocalPaths

    @property
    def subject(self) -> str:
        """The folders."""
        return "local folders"

    def examine(self) -> Finding:
        """Look for each."""
        wanted = (*delta_roots(self.paths).values(), *working_folders(self.paths), self.paths.dagster_home)
        missing = [folder.relative_to(self.paths.home) for folder in wanted if not folder.is_dir()]
        if not missing:
            return right(str(self.paths.home))
        return problem(f"missing in {self.paths.home}: {', '.join(map(str, missing))}", _MAKE_THEM)


@dataclass(frozen=True, slots=True)
class LocalDatabases(Check):
    """Whether the deployment's DuckDB files are there, with their schemas."""

    paths: LocalPaths

    @property
    def subject(self) -> str:
        """The databases."""
        return "local databases"

    def examine(self) -> Finding:
        """Open each read-only; a writer elsewhere keeps it closed."""
        databases = duckdb_schemas(self.paths)
        absent = [database.name for database in databases if not database.is_file()]
        if absent:
            return problem(f"missing: {', '.join(absent)}", _MAKE_THEM)
        try:
            lacking = [name for database, schemas in databases.items() for name in _lacking(database, schemas)]
        except duckdb.IOException as error:
            return warning(f"in use: {error}", "wait until the writer is done, or stop it")
        if lacking:
            return problem(f"schemas missing: {', '.join(lacking)}", _MAKE_THEM)
        return right(", ".join(database.name for database in databases))


@dataclass(frozen=True, slots=True)
class DagsterHome(Check):
    """Whether Dagster keeps runs in the deployment's home, and not in a throw-away one or another deployment's."""

    workplace: Workplace

    @property
    def subject(self) -> str:
        """The Dagster home."""
        return "Dagster home"

    def examine(self) -> Finding:
        """Read `.env` as `dg dev` does: over the environment."""
        wanted = str(self.workplace.paths.dagster_home)
        written = dotenv_values(self.workplace.checkout / ".env").get(EnvironmentVariable.DAGSTER_HOME)
        if written != wanted:
            return problem(f".env says {written}, the deployment's is {wanted}", _MAKE_THEM)
        stated = os.environ.get(EnvironmentVariable.DAGSTER_HOME, wanted)
        if stated != wanted:
            return warning(f"the shell says {stated}, the deployment's is {wanted}", "unset DAGSTER_HOME")
        return right(wanted)


@dataclass(frozen=True, slots=True)
class Telemetry(Check):
    """Whether Dagster and dbt keep to themselves what is done here."""

    workplace: Workplace

    @property
    def subject(self) -> str:
        """Telemetry."""
        return "telemetry"

    def examine(self) -> Finding:
        """Read the settings of both."""
        instance = self.workplace.paths.dagster_home / DAGSTER_SETTINGS
        project = self.workplace.checkout / "dbt_project" / "dbt_project.yml"
        switches = {instance: ("telemetry", "enabled"), project: ("flags", "send_anonymous_usage_stats")}
        on = [str(file) for file, path in switches.items() if not _is_off(file, path)]
        return problem(f"not off in {', '.join(on)}", _MAKE_THEM) if on else right("off")


def _lacking(database: Path, schemas: tuple[str, ...]) -> list[str]:
    with duckdb.connect(database, read_only=True) as connection:
        present = connection.execute("select schema_name from information_schema.schemata").fetchall()
    return [f"{database.stem}.{schema}" for schema in schemas if (schema,) not in present]


def _is_off(file: Path, path: tuple[str, str]) -> bool:
    if not file.is_file():
        return False
    section, switch = path
    return yaml.safe_load(file.read_text(encoding="utf-8")).get(section, {}).get(switch) is False
