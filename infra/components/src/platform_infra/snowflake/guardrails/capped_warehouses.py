from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from platform_infra.guardrails.declared_resource import DeclaredResource
from platform_infra.guardrails.guardrail import Guardrail, Violation
from platform_infra.snowflake.resource_types import RESOURCE_MONITOR, WAREHOUSE

_LONGEST_IDLE_SECONDS = 600


@dataclass(frozen=True, slots=True)
class CappedWarehouses(Guardrail):
    """A warehouse stops when idle, and when its budget is spent."""

    def violations(self, resources: Sequence[DeclaredResource]) -> Iterator[Violation]:
        """Every warehouse without monitor or auto-suspend, and every monitor that stops nothing."""
        for resource in resources:
            if resource.type_token == WAREHOUSE:
                yield from _warehouse(resource)
            elif resource.type_token == RESOURCE_MONITOR:
                yield from _monitor(resource)


def _warehouse(warehouse: DeclaredResource) -> Iterator[Violation]:
    if not warehouse.inputs.get("resource_monitor"):
        yield Violation(warehouse, "has no resource monitor", "set resource_monitor to one with a credit quota")
    idle = warehouse.inputs.get("auto_suspend")
    # Zero means "never" to Snowflake.
    if not isinstance(idle, int) or not 0 < idle <= _LONGEST_IDLE_SECONDS:
        yield Violation(
            warehouse,
            "does not suspend itself soon after its last query",
            f"set auto_suspend to 1 to {_LONGEST_IDLE_SECONDS} seconds, 60 being usual",
        )


def _monitor(monitor: DeclaredResource) -> Iterator[Violation]:
    if not monitor.inputs.get("credit_quota"):
        yield Violation(monitor, "has no credit quota", "set credit_quota to the budget of a period")
    if not (monitor.inputs.get("suspend_trigger") or monitor.inputs.get("suspend_immediate_trigger")):
        yield Violation(monitor, "suspends nothing when the budget is spent", "set suspend_trigger, 95 being usual")
    if not monitor.inputs.get("notify_triggers"):
        yield Violation(monitor, "tells nobody before it suspends", "set notify_triggers, [50, 80] being usual")
