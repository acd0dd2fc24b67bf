"""Who may do what in an account: the system roles, and what each of them starts with."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RoleSession:
    """One provider instance, signed in with one role.

    `features` are the provider's experimental features that it enables, `warehouse` is the one that its queries would
    run on, which need not exist.
    """

    role: str
    features: frozenset[str]
    warehouse: str | None


# A role inherits everything from the roles that are granted to it.
SYSTEM_HIERARCHY: Mapping[str, tuple[str, ...]] = {
    "ACCOUNTADMIN": ("SYSADMIN", "SECURITYADMIN"),
    "SECURITYADMIN": ("USERADMIN",),
    "SYSADMIN": (),
    "USERADMIN": (),
    "PUBLIC": (),
}

CREATE_RESOURCE_MONITOR = "CREATE RESOURCE MONITOR"

SYSTEM_PRIVILEGES: Mapping[str, frozenset[str]] = {
    "ACCOUNTADMIN": frozenset({CREATE_RESOURCE_MONITOR, "CREATE INTEGRATION", "APPLY TAG", "ATTACH POLICY"}),
    "SECURITYADMIN": frozenset({"MANAGE GRANTS", "CREATE NETWORK POLICY"}),
    "SYSADMIN": frozenset({"CREATE DATABASE", "CREATE WAREHOUSE"}),
    "USERADMIN": frozenset({"CREATE ROLE", "CREATE USER"}),
    "PUBLIC": frozenset(),
}
