"""Who may do what with the data: the one place that says so. Compute is in `compute_rights`."""

from dataclasses import dataclass

from platform_contract.databricks_names import OPERATIONS_SCHEMA, DatabricksNames, Group, Principal, Volume
from platform_contract.deployment import Trait
from platform_contract.domain import Engine
from platform_contract.domains import places_on
from platform_contract.layer import Layer

from platform_infra.databricks.argument_error import ArgumentError
from platform_infra.databricks.privilege import Privilege, legal_privileges
from platform_infra.databricks.securable import Securable, SecurableKind

type Grantee = Group | Principal


@dataclass(frozen=True, slots=True)
class PrivilegeRow:
    """What one group or principal may do with one object, and what for."""

    grantee: Grantee
    securable: Securable
    privileges: tuple[Privilege, ...]
    reason: str

    def __post_init__(self) -> None:
        illegal = [p for p in self.privileges if p not in legal_privileges(self.securable.kind)]
        if illegal:
            raise ArgumentError(
                f"{', '.join(illegal)} cannot be granted on {self.securable}: "
                f"what it can carry is {', '.join(sorted(legal_privileges(self.securable.kind)))}"
            )


_READ = (Privilege.USE_SCHEMA, Privilege.SELECT)
_BUILD = (Privilege.USE_SCHEMA, Privilege.SELECT, Privilege.MODIFY, Privilege.CREATE_TABLE)
_ENTER = (Privilege.USE_SCHEMA,)
_FILES = (Privilege.READ_VOLUME, Privilege.WRITE_VOLUME)
_LAYERS = (Layer.BRONZE, Layer.SILVER, Layer.GOLD)


def privileges_of(names: DatabricksNames, metastore_id: str) -> tuple[PrivilegeRow, ...]:
    """Every grant of a deployment.

    A pull request's catalog belongs to the CI principal that makes it, so nobody but its readers is listed.
    """
    deployment = names.deployment
    if deployment.has(Trait.PULL_REQUEST):
        return _reads(names, Group.ENGINEERS, _LAYERS, "reviews what the pull request builds")
    return (
        *_reads(names, Group.ENGINEERS, _LAYERS, "looks into every layer"),
        *_enters(names, Group.ENGINEERS, Volume.LANDING, (Privilege.READ_VOLUME,), "looks at files as they arrived"),
        *_reads(names, Group.ANALYSTS, (Layer.GOLD,), "reads what is published"),
        *_pipelines(names),
        *(_cloning(names) if deployment.has(Trait.CLONED) else ()),
        *(_continuous_integration(names, metastore_id) if deployment.has(Trait.HOSTS_PULL_REQUESTS) else ()),
    )


def _cloning(names: DatabricksNames) -> tuple[PrivilegeRow, ...]:
    return _reads(names, Group.CLONE_READERS, _LAYERS, "copies production data into a pull request")


def _pipelines(names: DatabricksNames) -> tuple[PrivilegeRow, ...]:
    layers = (
        PrivilegeRow(Group.PIPELINES, schema, _BUILD, f"creates and replaces the tables of {layer}")
        for layer in _LAYERS
        for schema in _schemas(names, layer)
    )
    volumes = (
        PrivilegeRow(Group.PIPELINES, _volume(names, Volume.LANDING), _FILES, "lands files and ingests them"),
        PrivilegeRow(Group.PIPELINES, _volume(names, Volume.CODE), _FILES, "uploads the scripts that its jobs run"),
    )
    entry = PrivilegeRow(Group.PIPELINES, _catalog(names), (Privilege.USE_CATALOG,), "enters the catalog")
    operations = PrivilegeRow(Group.PIPELINES, _operations(names), _ENTER, "reaches the volumes")
    return (entry, *layers, operations, *volumes)


def _reads(names: DatabricksNames, group: Group, layers: tuple[Layer, ...], reason: str) -> tuple[PrivilegeRow, ...]:
    return (
        PrivilegeRow(group, _catalog(names), (Privilege.USE_CATALOG,), reason),
        *(PrivilegeRow(group, schema, _READ, reason) for layer in layers for schema in _schemas(names, layer)),
    )


def _enters(
    names: DatabricksNames, group: Group, volume: Volume, privileges: tuple[Privilege, ...], reason: str
) -> tuple[PrivilegeRow, ...]:
    return (
        PrivilegeRow(group, _operations(names), _ENTER, reason),
        PrivilegeRow(group, _volume(names, volume), privileges, reason),
    )


def _continuous_integration(names: DatabricksNames, metastore_id: str) -> tuple[PrivilegeRow, ...]:
    """What pull requests need of their host; the catalogs that they make are their own."""
    return (
        PrivilegeRow(
            Principal.CI,
            Securable(SecurableKind.METASTORE, metastore_id),
            (Privilege.CREATE_CATALOG,),
            "makes the catalog of a pull request",
        ),
        PrivilegeRow(
            Principal.CI,
            Securable(SecurableKind.EXTERNAL_LOCATION, names.external_location),
            (Privilege.CREATE_MANAGED_STORAGE,),
            f"keeps that catalog in {names.deployment}'s storage",
        ),
    )


def _catalog(names: DatabricksNames) -> Securable:
    return Securable(SecurableKind.CATALOG, names.catalog)


def _schemas(names: DatabricksNames, layer: Layer) -> list[Securable]:
    """The layer's schema in each domain."""
    places = [place for place in places_on(Engine.DATABRICKS) if place.layer is layer]
    return [Securable(SecurableKind.SCHEMA, names.schema(place.schema)) for place in places]


def _operations(names: DatabricksNames) -> Securable:
    return Securable(SecurableKind.SCHEMA, names.schema(OPERATIONS_SCHEMA))


def _volume(names: DatabricksNames, volume: Volume) -> Securable:
    return Securable(SecurableKind.VOLUME, names.volume(volume))
