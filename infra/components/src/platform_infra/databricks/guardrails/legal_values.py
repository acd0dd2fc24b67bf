from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from platform_infra.databricks.compute_settings import SpotPolicy
from platform_infra.databricks.privilege import Privilege
from platform_infra.databricks.resource_types import (
    CATALOG,
    EXTERNAL_LOCATION,
    GRANT,
    GRANTS,
    SERVICE_PRINCIPAL,
    SQL_ENDPOINT,
    STORAGE_CREDENTIAL,
    VOLUME,
    WORKSPACE_BINDING,
)
from platform_infra.guardrails.declared_resource import DeclaredResource, is_unknown
from platform_infra.guardrails.guardrail import Guardrail, Violation

_STORAGE_ISOLATION = frozenset({"ISOLATION_MODE_ISOLATED"})
# The provider takes INHERIT too, which leaves to the account what the tables cost.
_DECIDED = frozenset({"ENABLE", "DISABLE"})

_LEGAL: Mapping[tuple[str, str], frozenset[str]] = {
    (CATALOG, "isolation_mode"): frozenset({"ISOLATED"}),
    (CATALOG, "enable_predictive_optimization"): _DECIDED,
    (EXTERNAL_LOCATION, "isolation_mode"): _STORAGE_ISOLATION,
    (STORAGE_CREDENTIAL, "isolation_mode"): _STORAGE_ISOLATION,
    (SQL_ENDPOINT, "spot_instance_policy"): frozenset(SpotPolicy),
    (WORKSPACE_BINDING, "binding_type"): frozenset({"BINDING_TYPE_READ_ONLY", "BINDING_TYPE_READ_WRITE"}),
    (GRANTS, "privileges"): frozenset(Privilege),
    (GRANT, "privileges"): frozenset(Privilege),
}


@dataclass(frozen=True, slots=True)
class LegalValues(Guardrail):
    """What the provider takes unread and the cloud refuses half-way through, or gets wrong.

    Every catalog, credential and location is isolated: open ones reach into every workspace of the metastore.
    """

    def violations(self, resources: Sequence[DeclaredResource]) -> Iterator[Violation]:
        """Every value that is none, and every external volume without a location."""
        for resource in resources:
            for path, value in resource.leaves():
                legal = _LEGAL.get((resource.type_token, path[-1] if path else ""))
                if legal is not None and not is_unknown(value) and value not in legal:
                    yield Violation(resource, f"{path[-1]} {value!r} is not legal", f"use {', '.join(sorted(legal))}")
            yield from _external_volume(resource)
            yield from _inherited_upkeep(resource)
            yield from _deactivated(resource)


def _external_volume(resource: DeclaredResource) -> Iterator[Violation]:
    external = resource.type_token == VOLUME and resource.inputs.get("volume_type") == "EXTERNAL"
    if external and resource.inputs.get("storage_location") is None:
        yield Violation(resource, "is external and has no storage_location", "name its folder, or make it MANAGED")


def _inherited_upkeep(resource: DeclaredResource) -> Iterator[Violation]:
    if resource.type_token == CATALOG and resource.inputs.get("enable_predictive_optimization") is None:
        yield Violation(
            resource,
            "leaves enable_predictive_optimization to the account, where it is on",
            "say ENABLE or DISABLE, as the contract's table upkeep has it",
        )


def _deactivated(resource: DeclaredResource) -> Iterator[Violation]:
    if resource.type_token == SERVICE_PRINCIPAL and resource.inputs.get("disable_as_user_deletion") is not False:
        yield Violation(
            resource, "is left in the account when it is destroyed", "set disable_as_user_deletion to False"
        )
