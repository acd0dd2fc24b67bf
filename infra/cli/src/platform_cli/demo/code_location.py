from dataclasses import dataclass
from pathlib import Path

from dagster import RepositoryDefinition
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph
from dagster._core.definitions.reconstruct import ReconstructableRepository
from dagster._core.origin import DEFAULT_DAGSTER_ENTRY_POINT
from dagster._core.remote_origin import CodeLocationOrigin, RemoteRepositoryOrigin
from dagster._core.workspace.load import location_origins_from_yaml_paths
from dagster._grpc.server import LoadedRepositories
from platform_contract.errors import ContractError
from platform_runtime.location_metadata import DBT_MANIFEST


@dataclass(frozen=True, slots=True)
class LoadedLocation:
    """A code location of the workspace, loaded into this process as its code server would load it."""

    origin: RemoteRepositoryOrigin
    repository: RepositoryDefinition
    reconstructable: ReconstructableRepository

    @property
    def name(self) -> str:
        """Its name in the workspace file."""
        return self.origin.code_location_origin.location_name

    @property
    def asset_graph(self) -> AssetGraph:
        """Its assets and what they depend on."""
        return self.repository.asset_graph

    @property
    def code_versions(self) -> dict[str, str]:
        """The code version of each of its assets that has one, by the asset's key."""
        graph = self.asset_graph
        versions = {key.to_user_string(): graph.get(key).code_version for key in graph.materializable_asset_keys}
        return {key: version for key, version in sorted(versions.items()) if version is not None}

    @property
    def dbt_manifest(self) -> Path | None:
        """The dbt manifest that it was loaded from; None where it runs no dbt project."""
        metadata = self.repository.metadata or {}
        return Path(str(metadata[DBT_MANIFEST].value)) if DBT_MANIFEST in metadata else None


def load_location(workspace_file: Path, name: str) -> LoadedLocation:
    """Import one code location.

    The origin is the workspace file's own, so that the UI, which reads the same file, knows a run's location and can
    execute the run again.

    Raises:
        ContractError: when the workspace file names no such location.
        DagsterUserCodeLoadError: when its definitions do not load.
    """
    origin = _origin(workspace_file, name)
    loaded = LoadedRepositories(
        origin.loadable_target_origin,
        container_image=None,
        entry_point=DEFAULT_DAGSTER_ENTRY_POINT,
        container_context=None,
        code_location_name=name,
    )
    (repository_name,) = loaded.definitions_by_name
    return LoadedLocation(
        RemoteRepositoryOrigin(origin, repository_name),
        loaded.definitions_by_name[repository_name],
        loaded.reconstructables_by_name[repository_name],
    )


def _origin(workspace_file: Path, name: str) -> CodeLocationOrigin:
    origins = {origin.location_name: origin for origin in location_origins_from_yaml_paths([str(workspace_file)])}
    if name not in origins:
        raise ContractError(f"{workspace_file} has no code location {name!r}; it has {', '.join(origins)}")
    return origins[name]
