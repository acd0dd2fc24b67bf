"""The arguments of the components: plain values, checked as they are built, known before the cloud is asked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from platform_contract.layer import Layer

from platform_infra.snowflake.edition import Edition
from platform_infra.snowflake.privilege import ObjectPrivileges, ObjectType, Privilege
from platform_infra.snowflake.sign_in import SignIn
from platform_infra.snowflake.warehouse_settings import WarehouseSettings

_IDENTIFIER = re.compile(r"[A-Z_][A-Z0-9_$]{0,254}")
_TRANSIENT_DAYS = 1
_PERMANENT_DAYS = 90


class ArgumentError(pulumi.RunError):
    """Arguments that Snowflake would refuse or that mean something else than they seem to; the fix is in the text."""


@dataclass(frozen=True, slots=True)
class WarehouseArgs:
    """A warehouse and its budget, and the people whom that tells."""

    name: str
    monitor_name: str
    comment: str
    settings: WarehouseSettings
    edition: Edition
    notify_users: tuple[str, ...]

    def __post_init__(self) -> None:
        _check_identifiers(self.name, self.monitor_name, *self.notify_users)
        if self.settings.max_clusters > 1 and not self.edition.has_enterprise_features:
            raise ArgumentError(f"warehouse {self.name}: more than one cluster needs edition enterprise or above")


@dataclass(frozen=True, slots=True)
class SchemaArgs:
    """A schema with managed access; `stage` is the name of its landing stage, if it has one."""

    layer: Layer
    name: str
    comment: str
    transient: bool
    retention_days: int
    stage: str | None

    def __post_init__(self) -> None:
        _check_identifiers(self.name, *([self.stage] if self.stage is not None else []))
        _check_retention(f"schema {self.name}", self.transient, self.retention_days)


@dataclass(frozen=True, slots=True)
class DatabaseArgs:
    """A database and its schemas; everything in a transient database is transient."""

    name: str
    comment: str
    transient: bool
    retention_days: int
    schemas: tuple[SchemaArgs, ...]
    protect: bool

    def __post_init__(self) -> None:
        _check_identifiers(self.name)
        _check_retention(f"database {self.name}", self.transient, self.retention_days)
        permanent = [schema.name for schema in self.schemas if self.transient and not schema.transient]
        if permanent:
            raise ArgumentError(
                f"database {self.name} is transient, so {', '.join(permanent)} cannot be permanent: "
                "make the schema transient or the database permanent"
            )


@dataclass(frozen=True, slots=True)
class DatabaseRoleArgs:
    """A role inside a database, and its privileges on one schema of that same database."""

    database: str
    schema: str
    name: str
    comment: str
    privileges: tuple[ObjectPrivileges, ...]

    def __post_init__(self) -> None:
        _check_identifiers(self.database, self.schema, self.name)
        outside = [p.on for p in self.privileges if p.on in (ObjectType.ACCOUNT, ObjectType.WAREHOUSE)]
        if outside:
            raise ArgumentError(
                f"database role {self.database}.{self.name} cannot hold privileges on {', '.join(outside)}, "
                "which no database contains: grant them to an account role"
            )

    @property
    def id(self) -> tuple[str, str]:
        """Database and name, which together are unique in an account."""
        return (self.database, self.name)


@dataclass(frozen=True, slots=True)
class AccountRoleArgs:
    """A persona's role: the role above it, and what it holds.

    `database_roles` are ids of database roles, `warehouses` may be used, those of `passes_on` also granted further.
    `held_by` are other roles that hold it too, `watches` what it may look at without entering its data.
    `for_pull_requests`: their administrator makes and so owns it, which is what lets it grant the role to theirs.
    """

    name: str
    comment: str
    parent: str
    database_roles: tuple[tuple[str, str], ...]
    warehouses: tuple[str, ...]
    passes_on: tuple[str, ...]
    holds: tuple[str, ...]
    account: tuple[Privilege, ...]
    held_by: tuple[str, ...]
    watches: "WatchedObjects | None"
    for_pull_requests: bool

    def __post_init__(self) -> None:
        _check_identifiers(self.name, self.parent, *self.warehouses, *self.passes_on, *self.holds, *self.held_by)


@dataclass(frozen=True, slots=True)
class WatchedObjects:
    """Objects by name that somebody may look at; a schema is a database's and its own name."""

    databases: tuple[str, ...]
    schemas: tuple[tuple[str, str], ...]
    warehouses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceUserArgs:
    """A machine's user; without a way to sign in it stays disabled."""

    name: str
    comment: str
    roles: tuple[str, ...]
    default_role: str
    default_warehouse: str | None
    sign_in: SignIn | None

    def __post_init__(self) -> None:
        warehouses = () if self.default_warehouse is None else (self.default_warehouse,)
        _check_identifiers(self.name, self.default_role, *warehouses, *self.roles)
        if self.default_role not in self.roles:
            raise ArgumentError(f"user {self.name} does not hold its default role {self.default_role}: add it to roles")


@dataclass(frozen=True, slots=True)
class LabelTagsArgs:
    """The labels as tags, kept in a schema of their own: tag → value, on these databases and warehouses."""

    database: str
    schema: str
    comment: str
    values: Mapping[str, str]
    databases: tuple[str, ...]
    warehouses: tuple[str, ...]
    protect: bool

    def __post_init__(self) -> None:
        _check_identifiers(self.database, self.schema, *self.values, *self.databases, *self.warehouses)


@dataclass(frozen=True, slots=True)
class NetworkPolicyArgs:
    """The networks that service users may come from, as CIDR blocks."""

    name: str
    comment: str
    allowed_cidrs: tuple[str, ...]

    def __post_init__(self) -> None:
        _check_identifiers(self.name)
        if not self.allowed_cidrs:
            raise ArgumentError(f"network policy {self.name} allows no network at all: list one, or make no policy")


def _check_identifiers(*names: str) -> None:
    illegal = [name for name in names if not _IDENTIFIER.fullmatch(name)]
    if illegal:
        raise ArgumentError(
            f"{', '.join(map(repr, illegal))} would need quotes in SQL: use upper-case letters, digits and _"
        )


def _check_retention(what: str, transient: bool, days: int) -> None:
    longest = _TRANSIENT_DAYS if transient else _PERMANENT_DAYS
    if not 0 <= days <= longest:
        kind = "transient" if transient else "permanent"
        raise ArgumentError(f"{what} is {kind} and cannot keep {days} days of history: 0 to {longest} is legal")
