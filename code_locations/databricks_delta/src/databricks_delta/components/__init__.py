from databricks_delta.components.lakehouse_component import LakehouseComponent

__all__ = ["LakehouseComponent"]
