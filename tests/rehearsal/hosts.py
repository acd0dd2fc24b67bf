DATABRICKS_HOST = "example-dev.cloud.databricks.com"
"""What DATABRICKS_SERVER_HOSTNAME is in a rehearsal: the host of the workspace that stack `dev` names as shipped."""

SNOWFLAKE_ACCOUNT = "rehearsal-platform"
"""What SNOWFLAKE_ACCOUNT is in a rehearsal."""

SNOWFLAKE_HOST = f"{SNOWFLAKE_ACCOUNT}.snowflakecomputing.com"
"""The host name that clients make of it."""
