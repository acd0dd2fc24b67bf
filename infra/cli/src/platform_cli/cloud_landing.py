from collections.abc import Mapping
from pathlib import Path

import dagster as dg
from platform_contract.databricks_names import DatabricksNames, Volume
from platform_contract.deployment import Deployment
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError
from platform_contract.settings import DATABRICKS_REQUIREMENTS, OBJECT_STORAGE_REQUIREMENTS, require_settings
from platform_contract.storage_paths import storage_paths
from platform_runtime.files.object_storage_place import ObjectStoragePlace

from platform_cli.landing import samples, samples_of
from platform_cli.landing_report import LandingReport, land_into

_LAKEHOUSE = "databricks_delta"


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
    # What the laptop never needs.
    from databricks_delta.lakehouse.databricks.volume_place import VolumePlace  # noqa: PLC0415
    from databricks_delta.spark_job.workspace_client import workspace_client  # noqa: PLC0415

    volume = DatabricksNames(deployment).volume_path(Volume.LANDING)
    storage = storage_paths(settings[EnvironmentVariable.PLATFORM_STORAGE_URI], deployment).landing
    readings = samples_of(checkout / "code_locations" / _LAKEHOUSE)
    return {
        volume: land_into(VolumePlace(workspace_client(settings), volume), readings),
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
        return land_into(ObjectStoragePlace(uri), files)
    except dg.Failure as failure:
        raise ContractError(failure.description) from failure
