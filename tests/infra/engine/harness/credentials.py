"""Credentials as an operator's shell has them, each of them easy to recognise."""

MARK = "c0ffee-credential"

CREDENTIALS = {
    variable: f"{MARK}-{variable.lower()}"
    for variable in (
        "DATABRICKS_CLIENT_SECRET",
        "DATABRICKS_TOKEN",
        "SNOWFLAKE_PASSWORD",
        "SNOWFLAKE_PRIVATE_KEY",
        "SNOWFLAKE_PRIVATE_KEY_PASSPHRASE",
        "SNOWFLAKE_TOKEN",
    )
}
