"""The components that `defs.yaml` declares."""

from snowflake_medallion.components.medallion_component import MedallionComponent

__all__ = ["MedallionComponent"]
