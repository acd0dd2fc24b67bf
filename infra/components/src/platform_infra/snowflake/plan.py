from collections.abc import Iterator
from dataclasses import dataclass

from platform_contract.deployment import Deployment, Trait
from platform_contract.domain import Domain, Place
from platform_contract.layer import Layer
from platform_contract.snowflake_names import (
    GOVERNANCE_SCHEMA,
    LANDING_STAGE,
    Access,
    Persona,
    ServiceUser,
    SnowflakeNames,
    Warehouse,
)

from platform_infra.labels.labels import Labels
from platform_infra.snowflake.access_privileges import access_privileges
from platform_infra.snowflake.admin_role import AdminRole
from platform_infra.snowflake.arguments import (
    AccountRoleArgs,
    DatabaseArgs,
    DatabaseRoleArgs,
    LabelTagsArgs,
    NetworkPolicyArgs,
    SchemaArgs,
    ServiceUserArgs,
    WarehouseArgs,
    WatchedObjects,
)
from platform_infra.snowflake.personas import PersonaRow, UserRow, personas_of, users_of
from platform_infra.snowflake.settings import SnowflakeSettings
from platform_infra.snowflake.sign_in import SignIn
from platform_infra.snowflake.warehouse_settings import WarehouseSettings

_TRANSIENT_LAYERS = frozenset({Layer.BRONZE, Layer.SILVER})
_SHORTEST_RETENTION = 0
_DATABASES = (
    ("Files as they were loaded", (Layer.RAW,)),
    ("What dbt builds", (Layer.BRONZE, Layer.SILVER, Layer.GOLD)),
)
_SCHEMA_PURPOSES = {
    Layer.RAW: "Files of {domain}, as loaded",
    Layer.BRONZE: "As arrived, with load metadata",
    Layer.SILVER: "Typed, trimmed, deduplicated",
    Layer.GOLD: "What people and tools read",
}
_WAREHOUSE_PURPOSES = {
    Warehouse.LOADING: "Loads into RAW",
    Warehouse.TRANSFORMING: "dbt",
    Warehouse.REPORTING: "People and reporting tools",
    Warehouse.CI: "Every pull request, and its checks",
}


@dataclass(frozen=True, slots=True)
class SnowflakePlan:
    """Everything that a deployment has in Snowflake, as values: what the components make, and no more."""

    deployment: Deployment
    settings: SnowflakeSettings
    warehouses: tuple[WarehouseArgs, ...]
    databases: tuple[DatabaseArgs, ...]
    database_roles: tuple[DatabaseRoleArgs, ...]
    account_roles: tuple[AccountRoleArgs, ...]
    label_tags: LabelTagsArgs | None
    network_policy: NetworkPolicyArgs | None
    users: tuple[ServiceUserArgs, ...]


def snowflake_plan(deployment: Deployment, settings: SnowflakeSettings, domains: tuple[Domain, ...]) -> SnowflakePlan:
    """Work out what a deployment has in Snowflake.

    A pull request has databases and roles, transient and with the shortest history, and nothing else.

    Args:
        deployment: which one.
        settings: what its stack file says.
        domains: those whose tables are built in Snowflake; each has a schema for each layer.
    """
    drafter = _Drafter(deployment, settings, domains, SnowflakeNames(deployment), settings.labels(deployment))
    return SnowflakePlan(
        deployment=deployment,
        settings=settings,
        warehouses=drafter.warehouses(),
        databases=drafter.databases(),
        database_roles=drafter.database_roles(),
        account_roles=tuple(drafter.account_role(row) for row in drafter.personas()),
        label_tags=drafter.label_tags(),
        network_policy=drafter.network_policy(),
        users=tuple(drafter.user(row) for row in users_of(deployment)),
    )


@dataclass(frozen=True, slots=True)
class _Drafter:
    deployment: Deployment
    settings: SnowflakeSettings
    domains: tuple[Domain, ...]
    names: SnowflakeNames
    labels: Labels

    @property
    def _is_pull_request(self) -> bool:
        return self.deployment.has(Trait.PULL_REQUEST)

    def warehouses(self) -> tuple[WarehouseArgs, ...]:
        return tuple(self._warehouse(kind) for kind in self._warehouse_kinds())

    def _warehouse_kinds(self) -> tuple[Warehouse, ...]:
        if self._is_pull_request:
            return ()
        standing = (Warehouse.LOADING, Warehouse.TRANSFORMING, Warehouse.REPORTING)
        return (*standing, Warehouse.CI) if self.deployment.has(Trait.HOSTS_PULL_REQUESTS) else standing

    def _warehouse(self, kind: Warehouse) -> WarehouseArgs:
        return WarehouseArgs(
            name=self.names.warehouse(kind),
            monitor_name=self.names.monitor(kind),
            comment=self.labels.comment(_WAREHOUSE_PURPOSES[kind]),
            settings=self._warehouse_settings(kind),
            edition=self.settings.edition,
            notify_users=self.settings.notify_users,
        )

    def _warehouse_settings(self, kind: Warehouse) -> WarehouseSettings:
        stated = self.settings.warehouses
        return {
            Warehouse.LOADING: stated.loading,
            Warehouse.TRANSFORMING: stated.transforming,
            Warehouse.REPORTING: stated.reporting,
            Warehouse.CI: stated.ci,
        }[kind]

    def databases(self) -> tuple[DatabaseArgs, ...]:
        return tuple(self._database(purpose, layers) for purpose, layers in _DATABASES)

    def _database(self, purpose: str, layers: tuple[Layer, ...]) -> DatabaseArgs:
        schemas = tuple(self._schema(place) for place in self._places(layers))
        return DatabaseArgs(
            name=self.names.database(layers[0]),
            comment=self.labels.comment(purpose),
            transient=self._is_pull_request,
            retention_days=max(schema.retention_days for schema in schemas),
            schemas=schemas,
            protect=self.deployment.has(Trait.PROTECTS_DATA),
        )

    def _places(self, layers: tuple[Layer, ...]) -> tuple[Place, ...]:
        return tuple(place for domain in self.domains for place in domain.places if place.layer in layers)

    def _schema(self, place: Place) -> SchemaArgs:
        layer = place.layer
        return SchemaArgs(
            layer=layer,
            name=self.names.schema(place.domain, layer),
            comment=self.labels.comment(_SCHEMA_PURPOSES[layer].format(domain=place.domain)),
            transient=self._is_pull_request or layer in _TRANSIENT_LAYERS,
            retention_days=self._retention_days(layer),
            stage=LANDING_STAGE if layer is Layer.RAW else None,
        )

    def _retention_days(self, layer: Layer) -> int:
        if self._is_pull_request:
            return _SHORTEST_RETENTION
        stated = self.settings.retention
        return {
            Layer.RAW: stated.raw,
            Layer.BRONZE: stated.bronze,
            Layer.SILVER: stated.silver,
            Layer.GOLD: stated.gold,
        }[layer]

    def database_roles(self) -> tuple[DatabaseRoleArgs, ...]:
        held = {pair for row in self.personas() for pair in row.data}
        return tuple(
            self._database_role(place, access)
            for place in self._places(tuple(Layer))
            for access in Access
            if (place.layer, access) in held
        )

    def _database_role(self, place: Place, access: Access) -> DatabaseRoleArgs:
        layer, schema = place.layer, self.names.schema(place.domain, place.layer)
        return DatabaseRoleArgs(
            database=self.names.database(layer),
            schema=schema,
            name=self.names.database_role(place.domain, layer, access),
            comment=self.labels.comment(f"{access.capitalize()} {schema}"),
            privileges=access_privileges(layer, access),
        )

    def personas(self) -> tuple[PersonaRow, ...]:
        return tuple(row for row in personas_of(self.deployment) if self._exists(row.persona))

    def _exists(self, persona: Persona) -> bool:
        return self.settings.clone_production or persona is not Persona.CLONE_READER

    def account_role(self, row: PersonaRow) -> AccountRoleArgs:
        return AccountRoleArgs(
            name=self.names.own_role(row.persona),
            comment=self.labels.comment(row.purpose),
            parent=self.names.pull_request_admin if self._is_pull_request else AdminRole.SYSADMIN,
            database_roles=tuple(self._held_database_roles(row)),
            warehouses=tuple(dict.fromkeys(self.names.warehouse(kind) for kind in row.warehouses)),
            passes_on=tuple(self.names.warehouse(kind) for kind in row.passes_on),
            holds=tuple(self.names.role(persona) for persona in row.holds if self._exists(persona)),
            account=row.account,
            watches=self._watched() if row.watches else None,
            held_by=tuple(self.names.role(persona) for persona in row.held_by),
            for_pull_requests=row.persona is Persona.CLONE_READER,
        )

    def _held_database_roles(self, row: PersonaRow) -> Iterator[tuple[str, str]]:
        for layer, access in row.data:
            for place in self._places((layer,)):
                yield self.names.database(layer), self.names.database_role(place.domain, layer, access)

    def _watched(self) -> WatchedObjects:
        databases = self.databases()
        return WatchedObjects(
            databases=tuple(one.name for one in databases),
            schemas=tuple((one.name, schema.name) for one in databases for schema in one.schemas),
            warehouses=tuple(self.names.warehouse(kind) for kind in self._warehouse_kinds()),
        )

    def label_tags(self) -> LabelTagsArgs | None:
        if not self.settings.tags:
            return None
        return LabelTagsArgs(
            database=self.names.analytics_database,
            schema=GOVERNANCE_SCHEMA,
            comment=self.labels.comment("Tags of the platform"),
            values={key.upper(): value for key, value in self.labels.tags().items()},
            databases=(self.names.raw_database, self.names.analytics_database),
            warehouses=tuple(self.names.warehouse(kind) for kind in self._warehouse_kinds()),
            protect=self.deployment.has(Trait.PROTECTS_DATA),
        )

    def network_policy(self) -> NetworkPolicyArgs | None:
        if not self.settings.allowed_cidrs:
            return None
        comment = self.labels.comment("Where service users may come from")
        return NetworkPolicyArgs(self.names.network_policy, comment, self.settings.allowed_cidrs)

    def user(self, row: UserRow) -> ServiceUserArgs:
        return ServiceUserArgs(
            name=self.names.user(row.user),
            comment=self.labels.comment(row.purpose),
            roles=tuple(self.names.role(persona) for persona in row.personas),
            default_role=self.names.role(row.default_persona),
            default_warehouse=None if row.default_warehouse is None else self.names.warehouse(row.default_warehouse),
            sign_in=self._sign_in(row.user),
        )

    def _sign_in(self, user: ServiceUser) -> SignIn | None:
        stated = self.settings.users
        return {
            ServiceUser.DAGSTER: stated.dagster,
            ServiceUser.REPORTING: stated.reporting_tool,
            ServiceUser.CI: stated.ci_runner,
            ServiceUser.BRANCHES: stated.branch_runner,
            ServiceUser.WATCH: stated.drift_watch,
        }[user]
