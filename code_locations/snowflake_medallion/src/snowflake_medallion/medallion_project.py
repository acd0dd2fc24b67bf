from dataclasses import dataclass
from pathlib import Path
from typing import override

import dagster as dg
from dagster_dbt import DbtProject
from dagster_dbt.dbt_project_manager import DbtProjectManager

from snowflake_medallion.dbt_engine import DbtEngine
from snowflake_medallion.dbt_manifest import manifest_folder, prepare_manifest


@dataclass
class MedallionProject(DbtProjectManager):
    """The dbt project where it lies in the checkout, never copied; its artifacts go to the deployment's own folder."""

    folder: Path
    engine: DbtEngine

    def __post_init__(self) -> None:
        if not (self.folder / "dbt_project.yml").is_file():
            raise dg.DagsterInvalidDefinitionError(
                f"project: {self.folder} holds no dbt_project.yml; let defs.yaml name the folder of the dbt project"
            )

    @property
    @override
    def defs_state_discriminator(self) -> str:
        """What tells the state of this project on this engine from any other."""
        return f"{self.folder.name}-{self.engine.target}"

    @override
    def sync(self, state_path: Path) -> None:
        """Parse the project if its manifest is not there."""
        prepare_manifest(self.folder, self.engine)

    @override
    def prepare(self, state_path: Path) -> None:
        """Parse the project and note it done; nothing is copied to the state folder."""
        self.sync(state_path)
        state_path.parent.mkdir(parents=True, exist_ok=True)
        state_path.touch()

    @override
    def get_project(self, state_path: Path | None) -> DbtProject:
        """The project for the library, every path absolute."""
        return DbtProject(
            self.folder,
            profiles_dir=self.folder,
            target=self.engine.target,
            target_path=manifest_folder(self.folder, self.engine),
        )
