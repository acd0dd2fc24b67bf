import re
from dataclasses import dataclass

from platform_contract.deployment import Deployment
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError

# Nothing before or behind the place itself: what else a URI may hold are keys, passwords and options.
_URI = re.compile(r"(?:(?:s3|gs)://[\w.-]+|abfss://[\w-]+@[\w.-]+|file://(?=/))(?:/[^\s?#@:]*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class StoragePaths:
    """Where one deployment keeps its data in object storage, as URIs; two deployments share nothing but the parent."""

    root: str
    deployment: Deployment

    @property
    def home(self) -> str:
        """The folder that holds all of this deployment, and nothing of another."""
        return f"{self.root}/{self.deployment.name}"

    @property
    def patterns(self) -> str:
        """What the architecture patterns write, a folder for each pattern."""
        return f"{self.home}/patterns"

    @property
    def landing(self) -> str:
        """Files as they arrive, a folder for each source."""
        return f"{self.home}/landing"

    def source(self, name: str) -> str:
        """Where the files of a source such as `<domain>/orders` arrive."""
        return f"{self.landing}/{name}"


def storage_paths(uri: str, deployment: Deployment) -> StoragePaths:
    """The folders of a deployment under PLATFORM_STORAGE_URI, whose value `uri` is.

    Raises:
        ContractError: when it is no URI of a folder in object storage, or holds more than that. The message does not
            repeat it, since that may be a key.
    """
    if _URI.fullmatch(uri) is None:
        raise ContractError(
            f"{EnvironmentVariable.PLATFORM_STORAGE_URI} is no folder in object storage: set s3://<bucket>/<folder>, "
            "gs://<bucket>/<folder> or abfss://<container>@<account>.dfs.core.windows.net/<folder>, without keys or "
            "options; those belong into the environment, or better into the identity that the process runs as"
        )
    return StoragePaths(uri.rstrip("/"), deployment)
