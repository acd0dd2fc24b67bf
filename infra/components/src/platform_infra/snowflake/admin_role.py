from enum import StrEnum


class AdminRole(StrEnum):
    """Snowflake's own administrative roles; the platform acts as all but USERADMIN, which SECURITYADMIN inherits."""

    SYSADMIN = "SYSADMIN"
    SECURITYADMIN = "SECURITYADMIN"
    USERADMIN = "USERADMIN"
    ACCOUNTADMIN = "ACCOUNTADMIN"
