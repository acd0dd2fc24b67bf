import os
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import BinaryIO, override

from platform_contract.deployment import Deployment
from platform_contract.domain import Domain
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.local_paths import LocalPaths
from platform_contract.settings import RAW_LOAD_REQUIREMENTS, require_settings
from platform_contract.storage_paths import storage_paths
from platform_runtime.files.folder import Folder
from platform_runtime.files.landed_file import Listing
from platform_runtime.files.local_folder import LocalFolder
from platform_runtime.files.object_storage_folder import ObjectStorageFolder
from platform_runtime.platform_context import PlatformContext


@dataclass(frozen=True, slots=True)
class StoredLanding(Folder):
    """The landing folder of a domain in a deployment's object storage.

    Where that is comes from the environment when files are looked for, and the credentials are the process's own
    identity there.
    """

    domain: Domain
    deployment: Deployment

    @property
    @override
    def location(self) -> str:
        """Its URI.

        Raises:
            MissingSettingsError: naming every setting that the load of its files lacks, Snowflake's too.
            ContractError: when PLATFORM_STORAGE_URI is no folder in object storage.
        """
        settings = require_settings(
            os.environ, RAW_LOAD_REQUIREMENTS, f"the load of {self.domain} on {self.deployment}"
        )
        uri = settings[EnvironmentVariable.PLATFORM_STORAGE_URI]
        return storage_paths(uri, self.deployment).source(self.domain.name)

    @override
    def listing(self) -> Listing:
        return ObjectStorageFolder(self.location).listing()

    @override
    def opened(self, name: str) -> AbstractContextManager[BinaryIO]:
        return ObjectStorageFolder(self.location).opened(name)


def landing_of(platform: PlatformContext, domain: Domain) -> Folder:
    """Where a domain's files arrive for the deployment, as demo mode chooses: on this machine or in object storage."""
    if platform.demo_mode:
        return local_landing(platform.local_paths, domain)
    return StoredLanding(domain, platform.deployment)


def local_landing(paths: LocalPaths, domain: Domain) -> LocalFolder:
    """The landing folder of a domain in a deployment on this machine."""
    return LocalFolder(paths.landing / domain.name)
