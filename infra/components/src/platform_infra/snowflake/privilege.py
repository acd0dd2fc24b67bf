from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import pulumi


class PrivilegeError(pulumi.RunError):
    """A privilege that does not exist on that type of object, or that nobody may have."""


class ObjectType(StrEnum):
    """What a privilege can be granted on."""

    ACCOUNT = "ACCOUNT"
    WAREHOUSE = "WAREHOUSE"
    RESOURCE_MONITOR = "RESOURCE MONITOR"
    DATABASE = "DATABASE"
    SCHEMA = "SCHEMA"
    TABLE = "TABLE"
    VIEW = "VIEW"
    STAGE = "STAGE"

    @property
    def plural(self) -> str:
        """As a grant on all objects of a kind spells it: `TABLES`."""
        return f"{self.value}S"


class Privilege(StrEnum):
    """The privileges that the platform gives; ALL, OWNERSHIP and MANAGE GRANTS are none of them, on purpose."""

    USAGE = "USAGE"
    MONITOR = "MONITOR"
    MONITOR_ROLE = "MONITOR ROLE"
    MONITOR_USER = "MONITOR USER"
    RESOLVE_ALL = "RESOLVE ALL"
    CREATE_DATABASE = "CREATE DATABASE"
    CREATE_ROLE = "CREATE ROLE"
    CREATE_TABLE = "CREATE TABLE"
    CREATE_VIEW = "CREATE VIEW"
    SELECT = "SELECT"
    INSERT = "INSERT"
    UPDATE = "UPDATE"
    DELETE = "DELETE"
    TRUNCATE = "TRUNCATE"
    READ = "READ"
    WRITE = "WRITE"


_P = Privilege
LEGAL_PRIVILEGES: Mapping[ObjectType, frozenset[Privilege]] = MappingProxyType(
    {
        ObjectType.ACCOUNT: frozenset(
            {_P.CREATE_DATABASE, _P.CREATE_ROLE, _P.MONITOR_ROLE, _P.MONITOR_USER, _P.RESOLVE_ALL}
        ),
        ObjectType.WAREHOUSE: frozenset({_P.USAGE, _P.MONITOR}),
        ObjectType.RESOURCE_MONITOR: frozenset({_P.MONITOR}),
        ObjectType.DATABASE: frozenset({_P.USAGE, _P.MONITOR}),
        ObjectType.SCHEMA: frozenset({_P.USAGE, _P.MONITOR, _P.CREATE_TABLE, _P.CREATE_VIEW}),
        ObjectType.TABLE: frozenset({_P.SELECT, _P.INSERT, _P.UPDATE, _P.DELETE, _P.TRUNCATE}),
        ObjectType.VIEW: frozenset({_P.SELECT}),
        ObjectType.STAGE: frozenset({_P.READ, _P.WRITE}),
    }
)


@dataclass(frozen=True, slots=True)
class ObjectPrivileges:
    """Privileges on objects of one type; which object is meant follows from whose row it is in."""

    on: ObjectType
    privileges: tuple[Privilege, ...]

    def __post_init__(self) -> None:
        illegal = [str(privilege) for privilege in self.privileges if privilege not in LEGAL_PRIVILEGES[self.on]]
        if illegal or not self.privileges:
            legal = ", ".join(sorted(LEGAL_PRIVILEGES[self.on]))
            raise PrivilegeError(f"{', '.join(illegal) or 'nothing'} cannot be granted on {self.on}: grant of {legal}")
        if _P.WRITE in self.privileges and _P.READ not in self.privileges:
            raise PrivilegeError("WRITE on a stage needs READ on it as well: grant both")
