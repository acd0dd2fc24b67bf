from collections.abc import Mapping

from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError
from tests.fakes.pulumi_provider.snowflake.account import Edition

# What the provider lets through; what the account then allows is narrower.
PLANNED_DAYS: Mapping[str, tuple[int, int]] = {"dataRetentionTimeInDays": (0, 90)}


def require_legal_retention(inputs: Properties, transient: bool, edition: Edition) -> None:
    """Raise CloudError for a retention that a transient object or the account's edition cannot have."""
    days = inputs.get("dataRetentionTimeInDays") or 0
    if days > 1 and (transient or edition is Edition.STANDARD):
        cause = "a transient object" if transient else f"edition {edition}"
        raise CloudError(f"invalid value [{days}] for parameter 'DATA_RETENTION_TIME_IN_DAYS': {cause} allows 0 or 1")
