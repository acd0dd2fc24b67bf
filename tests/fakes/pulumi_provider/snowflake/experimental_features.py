"""The provider's opt-in experiments, as `provider.py` of pulumi_snowflake 2.22 lists them."""

import json

from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError

WORKLOAD_IDENTITY = "USER_ENABLE_DEFAULT_WORKLOAD_IDENTITY"
_FEATURES = frozenset(
    {
        "PARAMETERS_REDUCED_OUTPUT",
        WORKLOAD_IDENTITY,
        "TAGS_ALLOW_EMPTY_ALLOWED_VALUES",
        "GRANT_ACCOUNT_ROLE_SHOW_CACHING",
        "ACCOUNT_ROLE_SHOW_CACHING",
        "GRANTS_SHOW_CACHING",
        "HIERARCHY_RENAMES",
        "OBJECT_PARAMETER_UNSET_ON_DELETE",
        "AUTHENTICATOR_EXPLICIT_ONLY",
        "PROVIDER_CONFIGURATION_ACCOUNT_FALLBACK",
        "ACCOUNT_PARAMETER_CATALOG_WRITE_PATH",
    }
)
_SETTING = "experimentalFeaturesEnableds"


def enabled_features(config: Properties) -> frozenset[str]:
    """The features of one provider instance; raises CloudError for one that does not exist.

    The SDK hands a list over as JSON, a program without the SDK as it is.
    """
    stated = config.get(_SETTING) or []
    enabled = frozenset(json.loads(stated) if isinstance(stated, str) else stated)
    unknown = sorted(enabled - _FEATURES)
    if unknown:
        raise CloudError(f"{_SETTING}: expected one of {', '.join(sorted(_FEATURES))}, got {', '.join(unknown)}")
    return enabled
