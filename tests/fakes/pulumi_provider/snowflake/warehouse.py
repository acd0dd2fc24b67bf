from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from tests.fakes.pulumi_provider.input_rules import one_of, together, within
from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError, Refusal
from tests.fakes.pulumi_provider.snowflake.account import Edition
from tests.fakes.pulumi_provider.snowflake.authority import CREATE_RESOURCE_MONITOR, RoleSession
from tests.fakes.pulumi_provider.snowflake.identifiers import requote, split_identifier
from tests.fakes.pulumi_provider.snowflake.snowflake_kind import TRUE_OR_FALSE, SnowflakeKind
from tests.fakes.pulumi_provider.snowflake.tokens import RESOURCE_MONITOR, WAREHOUSE

_UNLIMITED = 2**31 - 1
_MOST_NOTIFIED = 5
# Every spelling of a size, and the one that Snowflake reports.
_SIZES: Mapping[str, str] = {
    "XSMALL": "XSMALL",
    "X-SMALL": "XSMALL",
    "SMALL": "SMALL",
    "MEDIUM": "MEDIUM",
    "LARGE": "LARGE",
    "XLARGE": "XLARGE",
    "X-LARGE": "XLARGE",
    "XXLARGE": "XXLARGE",
    "X2LARGE": "XXLARGE",
    "2X-LARGE": "XXLARGE",
    "XXXLARGE": "XXXLARGE",
    "X3LARGE": "XXXLARGE",
    "3X-LARGE": "XXXLARGE",
    "X4LARGE": "X4LARGE",
    "4X-LARGE": "X4LARGE",
    "X5LARGE": "X5LARGE",
    "5X-LARGE": "X5LARGE",
    "X6LARGE": "X6LARGE",
    "6X-LARGE": "X6LARGE",
}


class Warehouse(SnowflakeKind):
    """A warehouse; only a role that may create monitors can assign one to it."""

    token = WAREHOUSE
    computed = ("fullyQualifiedName",)
    defaults: ClassVar[Properties] = {
        "autoResume": "true",
        "autoSuspend": 600,
        "comment": "",
        "enableQueryAcceleration": "false",
        "maxClusterCount": 1,
        "minClusterCount": 1,
        "resourceMonitor": "",
        "scalingPolicy": "STANDARD",
        "statementQueuedTimeoutInSeconds": 0,
        "statementTimeoutInSeconds": 172800,
        "warehouseSize": "XSMALL",
        "warehouseType": "STANDARD",
    }
    caseless = frozenset({"autoResume", "enableQueryAcceleration", "scalingPolicy", "warehouseType"})

    def refusals(self, inputs: Properties) -> Iterator[Refusal]:
        yield from one_of(
            inputs,
            {
                "autoResume": TRUE_OR_FALSE,
                "enableQueryAcceleration": TRUE_OR_FALSE,
                "generation": frozenset({"1", "2"}),
                "scalingPolicy": frozenset({"STANDARD", "ECONOMY"}),
                "warehouseSize": _SIZES.keys(),
                "warehouseType": frozenset({"STANDARD", "SNOWPARK-OPTIMIZED"}),
            },
        )
        yield from within(
            inputs,
            {
                "autoSuspend": (0, _UNLIMITED),
                "maxClusterCount": (1, _UNLIMITED),
                "minClusterCount": (1, _UNLIMITED),
                "queryAccelerationMaxScaleFactor": (0, 100),
                "statementQueuedTimeoutInSeconds": (0, _UNLIMITED),
                "statementTimeoutInSeconds": (0, 604800),
            },
        )

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        if name == "warehouseSize" and isinstance(desired, str) and isinstance(actual, str):
            return _SIZES.get(desired.upper()) == _SIZES.get(actual.upper())
        if name == "resourceMonitor" and isinstance(desired, str) and actual:
            return requote(desired) == requote(actual)
        return super().same(name, desired, actual)

    def admit(self, session: RoleSession, inputs: Properties) -> None:
        self.require_privilege(session, "CREATE WAREHOUSE")
        self._require_legal(inputs)
        if inputs.get("resourceMonitor"):
            self._require_monitor(session, inputs["resourceMonitor"])

    def admit_change(self, session: RoleSession, found: CloudObject, inputs: Properties) -> None:
        super().admit_change(session, found, inputs)
        self._require_legal(inputs)
        assigned, wanted = found.attributes["resourceMonitor"], inputs.get("resourceMonitor")
        if wanted and not self.same("resourceMonitor", wanted, assigned):
            self._require_monitor(session, wanted)

    def _require_monitor(self, session: RoleSession, monitor: str) -> None:
        self.require_privilege(session, CREATE_RESOURCE_MONITOR)
        self.account.require(RESOURCE_MONITOR, monitor)

    def _require_legal(self, inputs: Properties) -> None:
        low, high = inputs.get("minClusterCount", 1), inputs.get("maxClusterCount", 1)
        if low > high:
            raise CloudError(f"warehouse {inputs['name']}: MIN_CLUSTER_COUNT {low} is above MAX_CLUSTER_COUNT {high}")
        if high > 1 and self.account.edition is Edition.STANDARD:
            raise CloudError(f"warehouse {inputs['name']}: edition {Edition.STANDARD} has no multi-cluster warehouses")


class ResourceMonitor(SnowflakeKind):
    """A budget of credits; ACCOUNTADMIN's alone.

    Whom it notifies: each must exist and have a verified e-mail, or the statement fails, and of those who are no
    administrators at most five (docs.snowflake.com, ALTER RESOURCE MONITOR, NOTIFY_USERS and usage notes). It knows
    warehouses alone, and of cloud services what warehouses need (Working with resource monitors).
    """

    token = RESOURCE_MONITOR
    computed = ("fullyQualifiedName",)
    unordered = frozenset({"notifyTriggers", "notifyUsers"})
    caseless = frozenset({"frequency"})

    def refusals(self, inputs: Properties) -> Iterator[Refusal]:
        yield from one_of(inputs, {"frequency": frozenset({"MONTHLY", "DAILY", "WEEKLY", "YEARLY", "NEVER"})})
        yield from together(inputs, ("frequency", "startTimestamp"))

    def admit(self, session: RoleSession, inputs: Properties) -> None:
        self.require_privilege(session, CREATE_RESOURCE_MONITOR)
        self._require_reachable(inputs)

    def admit_change(self, session: RoleSession, found: CloudObject, inputs: Properties) -> None:
        super().admit_change(session, found, inputs)
        self._require_reachable(inputs)

    def _require_reachable(self, inputs: Properties) -> None:
        notified = [split_identifier(name)[0] for name in inputs.get("notifyUsers") or ()]
        unreachable = sorted(set(notified) - self.account.verified_people)
        if unreachable:
            raise CloudError(f"monitor {inputs['name']}: user {', '.join(unreachable)} does not have a verified email")
        if len(notified) > _MOST_NOTIFIED:
            raise CloudError(f"monitor {inputs['name']}: the notification list is limited to {_MOST_NOTIFIED} users")

    def unmake(self, gone: CloudObject) -> None:
        super().unmake(gone)
        for warehouse in self.account.of(WAREHOUSE):
            assigned = warehouse.attributes["resourceMonitor"]
            if assigned and requote(assigned) == gone.id:
                warehouse.attributes["resourceMonitor"] = ""
