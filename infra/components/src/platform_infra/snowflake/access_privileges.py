"""What a database role may do with its schema: the one place that says which privileges READ and WRITE are."""

from platform_contract.layer import Layer
from platform_contract.snowflake_names import Access

from platform_infra.snowflake.privilege import ObjectPrivileges, ObjectType, Privilege

_P = Privilege
_DATABASE = ObjectPrivileges(ObjectType.DATABASE, (_P.USAGE,))
_READ_TABLES = ObjectPrivileges(ObjectType.TABLE, (_P.SELECT,))
# Who creates a table owns it; these let another writer go on with it, as a load does with a clone.
_WRITE_TABLES = ObjectPrivileges(ObjectType.TABLE, (_P.SELECT, _P.INSERT, _P.UPDATE, _P.DELETE, _P.TRUNCATE))
_READ_VIEWS = ObjectPrivileges(ObjectType.VIEW, (_P.SELECT,))

# Loads make tables and no views.
_RAW = {
    Access.READ: (_DATABASE, ObjectPrivileges(ObjectType.SCHEMA, (_P.USAGE,)), _READ_TABLES),
    Access.WRITE: (
        _DATABASE,
        ObjectPrivileges(ObjectType.SCHEMA, (_P.USAGE, _P.CREATE_TABLE)),
        _WRITE_TABLES,
        ObjectPrivileges(ObjectType.STAGE, (_P.READ, _P.WRITE)),
    ),
}
_ANALYTICS = {
    Access.READ: (_DATABASE, ObjectPrivileges(ObjectType.SCHEMA, (_P.USAGE,)), _READ_TABLES, _READ_VIEWS),
    Access.WRITE: (
        _DATABASE,
        ObjectPrivileges(ObjectType.SCHEMA, (_P.USAGE, _P.CREATE_TABLE, _P.CREATE_VIEW)),
        _WRITE_TABLES,
        _READ_VIEWS,
    ),
}


def access_privileges(layer: Layer, access: Access) -> tuple[ObjectPrivileges, ...]:
    """The privileges of a layer's database role.

    On the database and the schema themselves, on all future tables and views of the schema (never of the database:
    one future grant on a schema silently disables every one on its database), and on the landing stage.
    """
    return (_RAW if layer is Layer.RAW else _ANALYTICS)[access]
