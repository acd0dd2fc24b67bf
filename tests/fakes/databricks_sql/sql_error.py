class SqlError(Exception):
    """A statement that the warehouse refuses, in Databricks' words: `[CONDITION] message SQLSTATE: 00000`."""

    def __init__(self, condition: str, message: str, sql_state: str) -> None:
        super().__init__(f"[{condition}] {message} SQLSTATE: {sql_state}")


def schema_not_found(schema: str) -> SqlError:
    """A schema that nobody declared."""
    return SqlError(
        "SCHEMA_NOT_FOUND",
        f"The schema {schema} cannot be found. Verify the spelling and correctness of the schema and catalog.",
        "42704",
    )


def no_such_catalog(catalog: str) -> SqlError:
    """A catalog that nobody declared."""
    return SqlError(
        "NO_SUCH_CATALOG_EXCEPTION",
        f"Catalog '{catalog}' was not found. Please verify the catalog name and then retry the query or command again.",
        "42704",
    )


def volume_not_found(volume: str) -> SqlError:
    """A volume that nobody declared."""
    return SqlError("UC_VOLUME_NOT_FOUND", f"Volume {volume} does not exist.", "42704")


def not_a_cloud_url(path: str) -> SqlError:
    """A path where a URL of cloud storage belongs."""
    return SqlError("INVALID_PARAMETER_VALUE", f"LIST takes the URL of cloud storage, and {path} is none.", "22023")


def clone_not_supported(reason: str) -> SqlError:
    """A shallow clone that Unity Catalog does not make, or something that it does to none."""
    return SqlError("DELTA_UNSUPPORTED_UC_CLONE", f"{reason}.", "0A000")


def insufficient_privilege(privilege: str, securable: str) -> SqlError:
    """A privilege that the principal lacks."""
    return SqlError(
        "INSUFFICIENT_PERMISSIONS",
        f"Insufficient privileges: User does not have {privilege} on {securable}.",
        "42501",
    )


def configuration_not_available(name: str) -> SqlError:
    """A setting that no SQL warehouse lets a session change."""
    return SqlError("CONFIG_NOT_AVAILABLE", f"Configuration {name} is not available.", "42K0I")


def not_answered(what: str) -> SqlError:
    """Something that Databricks has and this stand-in does not."""
    return SqlError(
        "STAND_IN_LACKS", f"{what}: open Spark has no such thing, and the stand-in does not answer it.", "0A000"
    )
