from enum import StrEnum


class AdminRole(StrEnum):
    """Snowflake's own administrative roles; the platform acts as each for what it alone may do."""

    SYSADMIN = "SYSADMIN"
    SECURITYADMIN = "SECURITYADMIN"
    USERADMIN = "USERADMIN"
    ACCOUNTADMIN = "ACCOUNTADMIN"
