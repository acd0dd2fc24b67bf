import os
import shutil
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, override

from dagster import AssetExecutionContext
from dagster_dbt import DbtCliInvocation, DbtCliResource
from dagster_dbt.compat import DBT_PYTHON_VERSION
from packaging.version import Version
from platform_contract.environment_variables import EnvironmentVariable
from platform_runtime.snowflake_identity import identity_environment

from snowflake_medallion.dbt_executable import dbt_executable
from snowflake_medallion.dbt_invocation import DiscreetInvocation
from snowflake_medallion.environment import added_to_environment
from snowflake_medallion.medallion_project import MedallionProject

# Each run keeps its artifacts in a folder of its own, some megabytes.
_KEPT_RUNS = 10


class DbtCommand(DbtCliResource):
    """dbt on the engine of a deployment: it reads the contract's names and keeps its artifacts beside the manifest."""

    environment: dict[str, str]
    signs_in: bool
    artifacts: str

    @staticmethod
    def of(project: MedallionProject) -> "DbtCommand":
        """dbt for a project; nothing starts yet."""
        dbt_project = project.get_project(None)
        return DbtCommand(
            project_dir=str(dbt_project.project_dir),
            profiles_dir=str(dbt_project.profiles_dir),
            target=dbt_project.target,
            dbt_executable=dbt_executable(),
            environment=project.engine.environment,
            signs_in=project.engine.signs_in,
            artifacts=str(dbt_project.target_path),
        )

    @override
    def cli(self, args: Sequence[str], **kwargs: Any) -> DbtCliInvocation:
        """Start a dbt process; artifacts go to a new folder under `artifacts`, whose parsed project it starts from."""
        _remove_old_runs(Path(self.artifacts))
        # The library reads all of them from the environment of this process, and passes it on to dbt.
        with added_to_environment(self.environment | self._identity() | self._of_this_run(kwargs.get("context"))):
            return DiscreetInvocation.of(super().cli(args, **kwargs))

    def _identity(self) -> dict[str, str]:
        """The token of now: `profiles.yml` can read no file, so a dbt process keeps it for as long as it runs."""
        return identity_environment(os.environ) if self.signs_in else {}

    def _of_this_run(self, context: AssetExecutionContext | None) -> dict[str, str]:
        run_id = "" if context is None else context.run.run_id
        return {"DBT_TARGET_PATH": self.artifacts, EnvironmentVariable.PLATFORM_RUN_ID: run_id}

    # The library starts `dbt --version`, which imports all of dbt, only to learn what the installed package says.
    @cached_property
    @override
    def _cli_version(self) -> Version:
        return DBT_PYTHON_VERSION or super()._cli_version


def _remove_old_runs(artifacts: Path) -> None:
    runs = [log.parent for log in artifacts.glob("*/dbt.log")]
    runs.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in runs[_KEPT_RUNS - 1 :]:
        shutil.rmtree(folder, ignore_errors=True)
