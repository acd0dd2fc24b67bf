from enum import StrEnum

from platform_infra.databricks.securable import SecurableKind


class Privilege(StrEnum):
    """The privileges that the platform hands out.

    ALL_PRIVILEGES and MANAGE are not among them: nobody holds more than a need that somebody can name.
    """

    CREATE_CATALOG = "CREATE_CATALOG"
    CREATE_MANAGED_STORAGE = "CREATE_MANAGED_STORAGE"
    USE_CATALOG = "USE_CATALOG"
    USE_SCHEMA = "USE_SCHEMA"
    CREATE_TABLE = "CREATE_TABLE"
    SELECT = "SELECT"
    MODIFY = "MODIFY"
    READ_VOLUME = "READ_VOLUME"
    WRITE_VOLUME = "WRITE_VOLUME"


_IN_A_SCHEMA = frozenset(
    {
        Privilege.USE_SCHEMA,
        Privilege.CREATE_TABLE,
        Privilege.SELECT,
        Privilege.MODIFY,
        Privilege.READ_VOLUME,
        Privilege.WRITE_VOLUME,
    }
)
_LEGAL = {
    SecurableKind.METASTORE: frozenset({Privilege.CREATE_CATALOG}),
    SecurableKind.EXTERNAL_LOCATION: frozenset({Privilege.CREATE_MANAGED_STORAGE}),
    # What is granted on a container holds for everything in it.
    SecurableKind.CATALOG: _IN_A_SCHEMA | {Privilege.USE_CATALOG},
    SecurableKind.SCHEMA: _IN_A_SCHEMA,
    SecurableKind.VOLUME: frozenset({Privilege.READ_VOLUME, Privilege.WRITE_VOLUME}),
}


def legal_privileges(kind: SecurableKind) -> frozenset[Privilege]:
    """The privileges that an object of this kind can carry."""
    return _LEGAL[kind]
