PROVIDER_INPUTS = frozenset({"role"})
"""All that a provider is told. Account, user and key come from SNOWFLAKE_* in the environment, at each run."""
