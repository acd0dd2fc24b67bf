import json
from collections.abc import Iterator
from typing import ClassVar

from tests.fakes.pulumi_provider.databricks.account import ApiSession, Level
from tests.fakes.pulumi_provider.databricks.databricks_kind import DatabricksKind, require_value
from tests.fakes.pulumi_provider.databricks.tokens import CLUSTER_POLICY, SQL_ENDPOINT
from tests.fakes.pulumi_provider.input_rules import one_of, within
from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError, Refusal

_MOST_CLUSTERS = 40
_SHORTEST_STOP = 10
_SIZES = ("2X-Small", "X-Small", "Small", "Medium", "Large", "X-Large", "2X-Large", "3X-Large", "4X-Large", "5X-Large")


class WorkspaceCompute(DatabricksKind):
    """Something a workspace runs or limits clusters with, known by a number it gets, unique by name."""

    def identity(self, inputs: Properties) -> str:
        return f"{self.account.number():016x}"

    def admit(self, session: ApiSession, inputs: Properties) -> None:
        self.require_level(session, Level.WORKSPACE)
        self.require_unique(inputs, "name", None)
        self.require_legal(inputs)

    def admit_change(self, session: ApiSession, found: CloudObject, inputs: Properties) -> None:
        self.require_level(session, Level.WORKSPACE)
        self.require_unique(inputs, "name", found)
        self.require_legal(inputs)

    def require_legal(self, inputs: Properties) -> None:
        """Raise CloudError for inputs that the provider passes on and the API refuses."""


class SqlWarehouse(WorkspaceCompute):
    """A SQL warehouse, `SqlEndpoint` in the provider's words."""

    token = SQL_ENDPOINT
    computed = ("creatorName", "dataSourceId", "jdbcUrl", "odbcParams")
    defaults: ClassVar[Properties] = {
        "autoStopMins": 120,
        "enablePhoton": True,
        "maxNumClusters": 1,
        "minNumClusters": 1,
        "spotInstancePolicy": "COST_OPTIMIZED",
        "warehouseType": "PRO",
    }

    def refusals(self, inputs: Properties) -> Iterator[Refusal]:
        yield from one_of(inputs, {"clusterSize": _SIZES, "warehouseType": frozenset({"PRO", "CLASSIC"})})
        yield from within(inputs, {"maxNumClusters": (1, _MOST_CLUSTERS), "minNumClusters": (1, _MOST_CLUSTERS)})

    def outputs(self, inputs: Properties, session: ApiSession) -> Properties:
        host, path = self.account.host(session.workspace_id), f"/sql/1.0/warehouses/{inputs['name']}"
        return {
            "creatorName": "platform-operator",
            "dataSourceId": f"data-source-of-{inputs['name']}",
            "jdbcUrl": f"jdbc:databricks://{host}:443/default;httpPath={path}",
            "odbcParams": {"hostname": host, "path": path, "port": 443},
        }

    def require_legal(self, inputs: Properties) -> None:
        require_value(inputs, "spotInstancePolicy", {"COST_OPTIMIZED", "RELIABILITY_OPTIMIZED"})
        low, high = inputs.get("minNumClusters", 1), inputs.get("maxNumClusters", 1)
        if low > high:
            raise CloudError(f"SQL warehouse '{inputs['name']}': {low} clusters at least, {high} at most")
        serverless = bool(inputs.get("enableServerlessCompute"))
        if serverless and inputs.get("warehouseType") == "CLASSIC":
            raise CloudError(f"SQL warehouse '{inputs['name']}': a CLASSIC warehouse cannot be serverless")
        stop = inputs.get("autoStopMins", 120)
        if not serverless and 0 < stop < _SHORTEST_STOP:
            raise CloudError(f"SQL warehouse '{inputs['name']}': auto stop is 0 or at least {_SHORTEST_STOP} minutes")


class ClusterPolicy(WorkspaceCompute):
    """Limits on the clusters that people and jobs may start."""

    token = CLUSTER_POLICY
    computed = ("policyId",)

    def outputs(self, inputs: Properties, session: ApiSession) -> Properties:
        return {"policyId": f"policy-{inputs['name']}"}

    def require_legal(self, inputs: Properties) -> None:
        if not inputs.get("definition"):
            return
        try:
            definition = json.loads(inputs["definition"])
        except json.JSONDecodeError as error:
            raise CloudError(f"cluster policy '{inputs['name']}': its definition is no JSON: {error}") from None
        untyped = [key for key, rule in definition.items() if not isinstance(rule, dict) or "type" not in rule]
        if untyped:
            raise CloudError(f"cluster policy '{inputs['name']}': no type for {', '.join(untyped)}")
