from platform_contract.databricks_names import DatabricksNames, Volume
from platform_contract.deployment import Deployment
from platform_runtime.lakehouse.warehouse_use import WarehouseUse

from databricks_delta.lakehouse.databricks_lakehouse import DatabricksLakehouse


def databricks_lakehouse(deployment: Deployment, warehouse: WarehouseUse) -> DatabricksLakehouse:
    """The lakehouse of a deployment in Databricks, under the contract's names.

    Raises:
        ContractError: for `local`, which has no cloud.
    """
    names = DatabricksNames(deployment)
    return DatabricksLakehouse(
        catalog=names.catalog,
        landing_volume=names.volume_path(Volume.LANDING),
        code_volume=names.volume_path(Volume.CODE),
        deployment=deployment.name,
        **warehouse.model_dump(),
    )
