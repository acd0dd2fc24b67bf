from platform_infra.databricks.resource_types import CATALOG, SCHEMA, SQL_ENDPOINT

_PACKAGE = "databricks:"
# What a member of the engineers' group is shown: it enters the catalog and its schemas and uses the warehouse. Groups,
# principals and budgets of the account are its admins' to read; grants, permissions, locations, credentials and
# bindings those of who may manage them (docs.databricks.com, Unity Catalog privileges; Access control lists).
_SEEN = frozenset({CATALOG, SCHEMA, SQL_ENDPOINT})


def unseen_in_databricks(type_token: str) -> bool:
    """Whether the watcher cannot see a resource of that type: reading it takes a power that it shall not have."""
    return type_token.startswith(_PACKAGE) and type_token not in _SEEN
