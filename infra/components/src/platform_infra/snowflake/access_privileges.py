"""What a database role may do with its schema: the one place that says which privileges READ and WRITE are."""

from platform_contract.layer import Layer
from platform_contract.snowflake_names import Access

from platform_infra.snowflake.privilege import ObjectPrivileges, ObjectType, Privilege

_READ = (
    ObjectPrivileges(ObjectType.DATABASE, (Privilege.USAGE,)),
    ObjectPrivileges(ObjectType.SCHEMA, (Privilege.USAGE,)),
    ObjectPrivileges(ObjectType.TABLE, (Privilege.SELECT,)),
    ObjectPrivileges(ObjectType.VIEW, (Privilege.SELECT,)),
)
# Who creates a table owns it; the privileges on tables let another writer go on with it, as a load does with a clone.
_WRITE = (
    ObjectPrivileges(ObjectType.DATABASE, (Privilege.USAGE,)),
    ObjectPrivileges(ObjectType.SCHEMA, (Privilege.USAGE, Privilege.CREATE_TABLE, Privilege.CREATE_VIEW)),
    ObjectPrivileges(
        ObjectType.TABLE,
        (Privilege.SELECT, Privilege.INSERT, Privilege.UPDATE, Privilege.DELETE, Privilege.TRUNCATE),
    ),
    ObjectPrivileges(ObjectType.VIEW, (Privilege.SELECT,)),
)
_LOAD = (*_WRITE, ObjectPrivileges(ObjectType.STAGE, (Privilege.READ, Privilege.WRITE)))


def access_privileges(layer: Layer, access: Access) -> tuple[ObjectPrivileges, ...]:
    """The privileges of a layer's database role.

    On the database and the schema themselves, on all future tables and views of the schema (never of the database:
    one future grant on a schema silently disables every one on its database), and on the landing stage.
    """
    if access is Access.READ:
        return _READ
    return _LOAD if layer is Layer.RAW else _WRITE
