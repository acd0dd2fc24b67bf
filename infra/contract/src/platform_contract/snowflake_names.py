from dataclasses import dataclass
from enum import StrEnum

from platform_contract.deployment import Deployment, Trait, deployments
from platform_contract.domain import Domain
from platform_contract.layer import Layer

LANDING_STAGE = "LANDING"
GOVERNANCE_SCHEMA = "GOVERNANCE"


class Warehouse(StrEnum):
    """A standing warehouse by what it is for; `CI` belongs to what hosts pull requests, and serves all of them."""

    LOADING = "LOADING"
    TRANSFORMING = "TRANSFORMING"
    REPORTING = "REPORTING"
    CI = "CI"


class Persona(StrEnum):
    """An account role by what its holder does."""

    LOADER = "LOADER"
    TRANSFORMER = "TRANSFORMER"
    REPORTER = "REPORTER"
    CI_READER = "CI_READER"
    CLONE_READER = "CLONE_READER"
    PR_ADMIN = "PR_ADMIN"
    PR_PIPELINES = "PR_PIPELINES"
    WATCHER = "WATCHER"


class ServiceUser(StrEnum):
    """A user that is a machine."""

    DAGSTER = "DAGSTER"
    REPORTING = "REPORTING_TOOL"
    CI = "CI_RUNNER"
    BRANCHES = "BRANCH_RUNNER"
    WATCH = "DRIFT_WATCH"


class Access(StrEnum):
    """What a database role allows on its schema."""

    READ = "READ"
    WRITE = "WRITE"


_LAYER_WAREHOUSE = {
    Layer.RAW: Warehouse.LOADING,
    Layer.BRONZE: Warehouse.TRANSFORMING,
    Layer.SILVER: Warehouse.TRANSFORMING,
    Layer.GOLD: Warehouse.TRANSFORMING,
}


@dataclass(frozen=True, slots=True)
class SnowflakeNames:
    """Every Snowflake name of one deployment, upper case as the catalog stores it."""

    deployment: Deployment

    @property
    def raw_database(self) -> str:
        """Where loads land: `RAW`, `RAW_DEV`, `RAW_PR_12`."""
        return self._own("RAW")

    @property
    def analytics_database(self) -> str:
        """Where dbt builds: `ANALYTICS`, `ANALYTICS_DEV`, `ANALYTICS_PR_12`."""
        return self._own("ANALYTICS")

    def database(self, layer: Layer) -> str:
        """The database that holds a layer."""
        return self.raw_database if layer is Layer.RAW else self.analytics_database

    def schema(self, domain: Domain, layer: Layer) -> str:
        """The schema that holds a layer of a domain, the same in every deployment."""
        return domain.schema(layer).upper()

    def warehouse(self, kind: Warehouse) -> str:
        """A warehouse that this deployment may use; a pull request has none of its own and uses its host's `CI`."""
        if self.deployment.has(Trait.PULL_REQUEST):
            return SnowflakeNames(deployments().host).warehouse(Warehouse.CI)
        return self._own(kind.value)

    def layer_warehouse(self, layer: Layer) -> str:
        """The warehouse that computes a layer."""
        return self.warehouse(_LAYER_WAREHOUSE[layer])

    def layer_role(self, layer: Layer) -> str:
        """The account role that makes a layer's tables, and so owns them.

        In a pull request one role makes all of them: only an owner may replace a table by a clone.
        """
        is_loaded = layer is Layer.RAW and not self.deployment.has(Trait.PULL_REQUEST)
        return self.role(Persona.LOADER if is_loaded else Persona.TRANSFORMER)

    def monitor(self, kind: Warehouse) -> str:
        """The resource monitor of one warehouse of this deployment."""
        return self._own(f"{kind.value}_MONITOR")

    def role(self, persona: Persona) -> str:
        """The account role of a persona.

        `CLONE_READER` is production's, the one outside name a clone may use. What stands over pull requests is their
        host's.
        """
        return SnowflakeNames(self._whose(persona)).own_role(persona)

    def own_role(self, persona: Persona) -> str:
        """The account role as this deployment itself would create it."""
        return self._own(persona.value)

    @property
    def pull_request_admin(self) -> str:
        """The standing role that makes, and alone administers, what pull requests own: `PR_ADMIN_DEV`, their host's."""
        return self.role(Persona.PR_ADMIN)

    def database_role(self, domain: Domain, layer: Layer, access: Access) -> str:
        """The database role, inside `database(layer)`, that holds the privileges on the schema of that layer."""
        return f"{self.schema(domain, layer)}_{access.value}"

    def user(self, user: ServiceUser) -> str:
        """A service user; of its host's a pull request's jobs sign in as `CI_RUNNER`, its pods as `BRANCH_RUNNER`."""
        if self.deployment.has(Trait.PULL_REQUEST):
            of_host = ServiceUser.CI if user is ServiceUser.CI else ServiceUser.BRANCHES
            return SnowflakeNames(deployments().host).user(of_host)
        return self._own(user.value)

    @property
    def network_policy(self) -> str:
        """The network policy of the service users."""
        return self._own("SERVICE_NETWORK")

    def _whose(self, persona: Persona) -> Deployment:
        """Whose a role is that other deployments know by one name."""
        match persona:
            case Persona.CLONE_READER:
                return deployments().cloned
            case Persona.PR_ADMIN | Persona.PR_PIPELINES:
                return deployments().host
        return self.deployment

    def _own(self, base: str) -> str:
        return f"{base}{self.deployment.suffix.upper()}"
