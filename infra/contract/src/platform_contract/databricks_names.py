from dataclasses import dataclass
from enum import StrEnum

from platform_contract.deployment import Deployment, Trait, deployments
from platform_contract.domain import Engine
from platform_contract.domains import places_on

OPERATIONS_SCHEMA = "ops"
POD_TOKEN_AUDIENCE = "databricks"  # noqa: S105 - a word, not a token
"""What a pod's token for Databricks is for: `dagster_cloud.yaml` asks for it, and federation policies take no other."""


class Volume(StrEnum):
    """A volume of the operations schema: files that arrive, and scripts that jobs run."""

    LANDING = "landing"
    CODE = "code"


class Group(StrEnum):
    """An account group by what its members do."""

    ENGINEERS = "platform_engineers"
    ANALYSTS = "platform_analysts"
    PIPELINES = "platform_pipelines"
    CLONE_READERS = "platform_clone_readers"


class Principal(StrEnum):
    """A service principal; `CI` belongs to what hosts pull requests, and serves all of them."""

    PIPELINE = "platform_pipeline"
    CI = "platform_ci"


@dataclass(frozen=True, slots=True)
class DatabricksNames:
    """Every Databricks name of one deployment, lower case as Unity Catalog stores it."""

    deployment: Deployment

    @property
    def catalog(self) -> str:
        """`platform`, `platform_dev`, `platform_pr_12`."""
        return self._own("platform")

    @property
    def schemas(self) -> tuple[str, ...]:
        """The schemas of the catalog: one for each layer of each domain, and one for files."""
        return (*(place.schema for place in places_on(Engine.DATABRICKS)), OPERATIONS_SCHEMA)

    @property
    def storage_folder(self) -> str:
        """The folder under the external location that is this deployment's alone."""
        return self.deployment.name

    @property
    def storage_credential(self) -> str:
        """The credential of the external location; pull requests use their host's."""
        return self._standing("platform_storage")

    @property
    def external_location(self) -> str:
        """The external location that holds the deployment's folder; pull requests use their host's."""
        return self._standing("platform_lakehouse")

    @property
    def sql_warehouse(self) -> str:
        """The SQL warehouse; pull requests use their host's."""
        return self._standing("platform_sql")

    @property
    def cluster_policy(self) -> str:
        """The cluster policy that caps what a job costs; pull requests use their host's."""
        return self._standing("platform_jobs")

    @property
    def budget(self) -> str:
        """The account's budget for what this deployment spends; a pull request's spending counts as its host's."""
        return self._standing("platform_budget")

    @property
    def budget_policy(self) -> str:
        """The account's policy that tags serverless jobs, for a budget to see them; pull requests use their host's."""
        return self._standing("platform_serverless")

    def group(self, group: Group) -> str:
        """An account group; pull requests use their host's, and `CLONE_READERS` is production's, which clones name."""
        if group is Group.CLONE_READERS:
            return DatabricksNames(deployments().cloned)._own(group.value)
        return self._standing(group.value)

    def principal(self, principal: Principal) -> str:
        """A service principal; a pull request runs as its host's `CI`."""
        if self.deployment.has(Trait.PULL_REQUEST):
            return DatabricksNames(deployments().host).principal(Principal.CI)
        return self._own(principal.value)

    def schema(self, schema: str) -> str:
        """A schema's two-part name."""
        return f"{self.catalog}.{schema}"

    def volume(self, volume: Volume) -> str:
        """A volume's three-part name."""
        return f"{self.schema(OPERATIONS_SCHEMA)}.{volume.value}"

    def table(self, schema: str, table: str) -> str:
        """A table's three-part name; its schema is that of a domain's layer."""
        return f"{self.schema(schema)}.{table}"

    def volume_path(self, volume: Volume) -> str:
        """The absolute path of a volume, as jobs and COPY INTO see it."""
        return f"/Volumes/{self.catalog}/{OPERATIONS_SCHEMA}/{volume.value}"

    def _standing(self, base: str) -> str:
        owner = DatabricksNames(deployments().host) if self.deployment.has(Trait.PULL_REQUEST) else self
        return owner._own(base)

    def _own(self, base: str) -> str:
        return f"{base}{self.deployment.suffix}"
