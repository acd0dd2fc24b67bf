from enum import StrEnum


class Edition(StrEnum):
    """The edition of the Snowflake account; it decides which features exist."""

    STANDARD = "standard"
    ENTERPRISE = "enterprise"
    BUSINESS_CRITICAL = "business_critical"

    @property
    def has_enterprise_features(self) -> bool:
        """Multi-cluster warehouses, tags, and retention above one day."""
        return self is not Edition.STANDARD
