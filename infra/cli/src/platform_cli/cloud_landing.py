from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, override

import dagster as dg
from platform_contract.databricks_names import DatabricksNames, Volume
from platform_contract.deployment import Deployment
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError
from platform_contract.settings import DATABRICKS_REQUIREMENTS, OBJECT_STORAGE_REQUIREMENTS, require_settings
from platform_contract.storage_paths import storage_paths
from platform_runtime.object_storage import explained_storage_failures

from platform_cli.landing import samples, samples_of
from platform_cli.landing_place import LandingPlace, LandingReport, land_into

if TYPE_CHECKING:
    from databricks.sdk import WorkspaceClient

_LAKEHOUSE = "databricks_delta"


class VolumeLanding(LandingPlace):
    """The landing volume of a deployment in Databricks."""

    def __init__(self, client: "WorkspaceClient", volume_path: str) -> None:
        self._client = client
        self._volume_path = volume_path

    @override
    def land(self, name: Path, sample: Path) -> bool:
        from databricks.sdk.errors import AlreadyExists  # noqa: PLC0415 - a cloud client, which the laptop does not have

        landed = f"{self._volume_path}/{name.as_posix()}"
        self._client.files.create_directory(landed.rpartition("/")[0])
        try:
            with sample.open("rb") as content:
                self._client.files.upload(landed, content, overwrite=False)
        except AlreadyExists:
            return False
        return True


class ObjectStorageLanding(LandingPlace):
    """The landing folder of a deployment in object storage; credentials are the process's own identity there."""

    def __init__(self, uri: str) -> None:
        from pyarrow import fs  # noqa: PLC0415 - a third of a second that the laptop never needs

        self._storage, self._folder = fs.FileSystem.from_uri(uri)
        self._absent: Any = fs.FileType.NotFound

    @override
    def land(self, name: Path, sample: Path) -> bool:
        landed = f"{self._folder}/{name.as_posix()}"
        with explained_storage_failures(f"landing {name} in object storage"):
            if self._storage.get_file_info(landed).type is not self._absent:
                return False
            with self._storage.open_output_stream(landed, compression=None) as stream:
                stream.write(sample.read_bytes())
        return True


def land_in_the_clouds(
    checkout: Path, deployment: Deployment, environ: Mapping[str, str]
) -> Mapping[str, list[LandingReport]]:
    """Put the sample input where production's pipelines look for it; what was done, by the place.

    Readings go to the volume that the lakehouse ingests from, and everything goes to object storage: files of the
    domains in Snowflake for the raw load, and all of it for the architecture patterns.

    Raises:
        MissingSettingsError: naming every setting that is missing.
        ContractError: when object storage cannot be reached or refuses, its first line what to do.
    """
    requirements = DATABRICKS_REQUIREMENTS + OBJECT_STORAGE_REQUIREMENTS
    settings = require_settings(environ, requirements, f"landing the sample input of deployment {deployment}")
    from databricks_delta.spark_job.workspace_client import workspace_client  # noqa: PLC0415 - as above

    volume = DatabricksNames(deployment).volume_path(Volume.LANDING)
    storage = storage_paths(settings[EnvironmentVariable.PLATFORM_STORAGE_URI], deployment).landing
    readings = samples_of(checkout / "code_locations" / _LAKEHOUSE)
    return {
        volume: land_into(VolumeLanding(workspace_client(settings), volume), readings),
        storage: land_in_object_storage(storage, samples(checkout)),
    }


def land_in_object_storage(uri: str, files: Mapping[Path, Path]) -> list[LandingReport]:
    """Land files in a folder of object storage; what was done for each source.

    Args:
        uri: the folder's.
        files: where each file is, by the name that it lands under.

    Raises:
        ContractError: when object storage cannot be reached or refuses, its first line what to do.
    """
    try:
        return land_into(ObjectStorageLanding(uri), files)
    except dg.Failure as failure:
        raise ContractError(failure.description) from failure
