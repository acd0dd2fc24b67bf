import json
from collections.abc import Mapping
from types import MappingProxyType

PROVIDER_INPUTS = frozenset({"role"})
"""All that a provider is told. Account, user and key come from SNOWFLAKE_* in the environment, at each run."""

WORKLOAD_IDENTITY_FEATURES = ("USER_ENABLE_DEFAULT_WORKLOAD_IDENTITY",)
"""Without it the provider refuses a user's workload identity when it applies it; no environment variable sets it."""

FIXED_PROVIDER_INPUTS: Mapping[str, str] = MappingProxyType(
    {"experimental_features_enableds": json.dumps(list(WORKLOAD_IDENTITY_FEATURES))}
)
"""What the provider that makes users is told besides, as the SDK hands a list over: as JSON."""
