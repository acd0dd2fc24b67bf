PROVIDER_INPUTS = frozenset({"host", "account_id", "retry_timeout_seconds", "http_timeout_seconds"})
"""All that a provider is told: where it works, and how long it waits.

Who it is comes from DATABRICKS_* in the environment, at each run. Where it works does not: a stack must never be
applied to the workspace that happens to stand in somebody's shell.
"""
