"""Which privileges exist on which securable: the provider passes an invented one on, the API refuses it."""

from collections.abc import Mapping

from tests.fakes.pulumi_provider.refusal import CloudError

_ALL = frozenset({"ALL_PRIVILEGES", "MANAGE"})
_READ_TABLE = frozenset({"SELECT", "MODIFY", "REFRESH", "APPLY_TAG"})
_FILES = frozenset({"READ_VOLUME", "WRITE_VOLUME"})
_IN_SCHEMA = (
    _READ_TABLE
    | _FILES
    | {"EXECUTE", "CREATE_TABLE", "CREATE_VIEW", "CREATE_FUNCTION", "CREATE_VOLUME", "CREATE_MODEL"}
    | {"CREATE_MATERIALIZED_VIEW", "EXTERNAL_USE_SCHEMA"}
)

PRIVILEGES: Mapping[str, frozenset[str]] = {
    "catalog": _ALL | _IN_SCHEMA | {"USE_CATALOG", "USE_SCHEMA", "CREATE_SCHEMA", "BROWSE"},
    "schema": _ALL | _IN_SCHEMA | {"USE_SCHEMA"},
    "table": _ALL | _READ_TABLE,
    "volume": _ALL | _FILES | {"APPLY_TAG"},
    "externalLocation": _ALL
    | {"BROWSE", "CREATE_EXTERNAL_TABLE", "CREATE_EXTERNAL_VOLUME", "CREATE_MANAGED_STORAGE", "READ_FILES"}
    | {"WRITE_FILES", "EXTERNAL_USE_LOCATION"},
    "storageCredential": _ALL | {"CREATE_EXTERNAL_LOCATION", "CREATE_EXTERNAL_TABLE", "READ_FILES", "WRITE_FILES"},
    "metastore": frozenset(
        {"CREATE_CATALOG", "CREATE_EXTERNAL_LOCATION", "CREATE_STORAGE_CREDENTIAL", "CREATE_CONNECTION", "CREATE_SHARE"}
    ),
}


def require_privileges(securable: str, privileges: list[str]) -> None:
    """Raise CloudError for a privilege that this type of securable does not have."""
    invented = sorted({given.upper().replace(" ", "_") for given in privileges} - PRIVILEGES[securable])
    if invented:
        raise CloudError(f"privilege {', '.join(invented)} is not applicable to a {securable}")
