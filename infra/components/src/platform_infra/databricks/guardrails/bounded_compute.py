import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from platform_infra.databricks.resource_types import CLUSTER_POLICY, SQL_ENDPOINT
from platform_infra.guardrails.declared_resource import DeclaredResource, is_unknown
from platform_infra.guardrails.guardrail import Guardrail, Violation

_LONGEST_IDLE_MINUTES = 10


@dataclass(frozen=True, slots=True)
class BoundedCompute(Guardrail):
    """Nothing runs idle or grows without limit."""

    def violations(self, resources: Sequence[DeclaredResource]) -> Iterator[Violation]:
        """Every warehouse that does not stop or has no limit, every policy that caps no cost."""
        for resource in resources:
            if resource.type_token == SQL_ENDPOINT:
                yield from _warehouse(resource)
            if resource.type_token == CLUSTER_POLICY and not _caps_cost(resource):
                yield Violation(resource, "caps no cost", "give dbus_per_hour a range with a maxValue")


def _warehouse(resource: DeclaredResource) -> Iterator[Violation]:
    # The provider's own default is two hours, and zero means never.
    idle = resource.inputs.get("auto_stop_mins")
    if not isinstance(idle, int | float) or not 0 < idle <= _LONGEST_IDLE_MINUTES:
        yield Violation(
            resource, f"stops after {idle} idle minutes", f"set auto_stop_mins to 1 to {_LONGEST_IDLE_MINUTES}"
        )
    if resource.inputs.get("max_num_clusters") is None:
        yield Violation(resource, "has no limit on its clusters", "set max_num_clusters")


def _caps_cost(resource: DeclaredResource) -> bool:
    definition = resource.inputs.get("definition")
    if is_unknown(definition):
        return True
    return isinstance(definition, str) and "maxValue" in json.loads(definition).get("dbus_per_hour", {})
