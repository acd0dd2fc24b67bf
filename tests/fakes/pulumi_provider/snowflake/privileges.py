"""Which privileges exist on which object type: the provider passes an invented one on, the cloud refuses it."""

from collections.abc import Mapping

from tests.fakes.pulumi_provider.refusal import CloudError

_TABLE = frozenset(
    {"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "REBUILD", "EVOLVE SCHEMA", "APPLYBUDGET"}
)
_VIEW = frozenset({"SELECT", "REFERENCES"})

_GLOBAL = frozenset(
    {
        "APPLY MASKING POLICY",
        "APPLY ROW ACCESS POLICY",
        "APPLY TAG",
        "ATTACH POLICY",
        "CREATE DATABASE",
        "CREATE INTEGRATION",
        "CREATE NETWORK POLICY",
        "CREATE ROLE",
        "CREATE USER",
        "CREATE WAREHOUSE",
        "EXECUTE ALERT",
        "EXECUTE MANAGED TASK",
        "EXECUTE TASK",
        "IMPORT SHARE",
        "MANAGE GRANTS",
        "MANAGE WAREHOUSES",
        "MONITOR EXECUTION",
        "MONITOR ROLE",
        "MONITOR USAGE",
        "MONITOR USER",
        "RESOLVE ALL",
    }
)
# "Must be granted by the ACCOUNTADMIN role": docs.snowflake.com, Access control privileges, Global privileges. The
# others of the account, such as CREATE ROLE and CREATE USER, carry no such note, so MANAGE GRANTS suffices for them.
GRANTED_BY_ACCOUNTADMIN = frozenset(
    {
        "CREATE DATABASE",
        "CREATE INTEGRATION",
        "CREATE WAREHOUSE",
        "EXECUTE ALERT",
        "EXECUTE MANAGED TASK",
        "EXECUTE TASK",
        "IMPORT SHARE",
        "MANAGE WAREHOUSES",
        "MONITOR EXECUTION",
        "MONITOR USAGE",
    }
)
_CREATED_IN_SCHEMA = (
    "ALERT",
    "DYNAMIC TABLE",
    "EXTERNAL TABLE",
    "FILE FORMAT",
    "FUNCTION",
    "MASKING POLICY",
    "MATERIALIZED VIEW",
    "PIPE",
    "PROCEDURE",
    "ROW ACCESS POLICY",
    "SEQUENCE",
    "STAGE",
    "STREAM",
    "TABLE",
    "TAG",
    "TASK",
    "TEMPORARY TABLE",
    "VIEW",
)

PRIVILEGES: Mapping[str, frozenset[str]] = {
    "ACCOUNT": _GLOBAL,
    "DATABASE": frozenset({"USAGE", "MONITOR", "MODIFY", "CREATE SCHEMA", "CREATE DATABASE ROLE", "APPLYBUDGET"}),
    "WAREHOUSE": frozenset({"USAGE", "OPERATE", "MONITOR", "MODIFY", "APPLYBUDGET"}),
    "RESOURCE MONITOR": frozenset({"MONITOR", "MODIFY"}),
    "USER": frozenset({"MONITOR"}),
    "INTEGRATION": frozenset({"USAGE", "USE_ANY_ROLE"}),
    "SCHEMA": frozenset({"USAGE", "MONITOR", "MODIFY", "ADD SEARCH OPTIMIZATION", "APPLYBUDGET"})
    | {f"CREATE {kind}" for kind in _CREATED_IN_SCHEMA},
    "DYNAMIC TABLE": frozenset({"SELECT", "MONITOR", "OPERATE"}),
    "EXTERNAL TABLE": _VIEW,
    "FILE FORMAT": frozenset({"USAGE"}),
    "FUNCTION": frozenset({"USAGE"}),
    "MATERIALIZED VIEW": _VIEW,
    "PIPE": frozenset({"MONITOR", "OPERATE"}),
    "PROCEDURE": frozenset({"USAGE"}),
    "SEQUENCE": frozenset({"USAGE"}),
    "STAGE": frozenset({"READ", "WRITE", "USAGE"}),
    "STREAM": frozenset({"SELECT"}),
    "TABLE": _TABLE,
    "TASK": frozenset({"MONITOR", "OPERATE"}),
    "VIEW": _VIEW,
}

# Account roles alone hold these types; database roles reach no further than their database.
ACCOUNT_OBJECTS = frozenset({"DATABASE", "WAREHOUSE", "RESOURCE MONITOR", "USER", "INTEGRATION"})
PLURALS: Mapping[str, str] = {f"{kind}S": kind for kind in PRIVILEGES}


def require_privileges(object_type: str, privileges: list[str]) -> None:
    """Raise CloudError for a privilege that this object type does not have."""
    if object_type not in PRIVILEGES:
        raise CloudError(f"SQL compilation error: unexpected object type {object_type!r}")
    invented = sorted(set(privileges) - PRIVILEGES[object_type])
    if invented:
        raise CloudError(f"SQL compilation error: {object_type} has no privilege {', '.join(invented)}")
