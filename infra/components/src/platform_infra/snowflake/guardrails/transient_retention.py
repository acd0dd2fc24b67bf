from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from platform_infra.guardrails.declared_resource import DeclaredResource
from platform_infra.guardrails.guardrail import Guardrail, Violation
from platform_infra.snowflake.identifiers import identifier_parts
from platform_infra.snowflake.resource_types import DATABASE, SCHEMA

_LONGEST_DAYS = 1


@dataclass(frozen=True, slots=True)
class TransientRetention(Guardrail):
    """What is transient keeps at most a day of history, and so does everything inside it."""

    def violations(self, resources: Sequence[DeclaredResource]) -> Iterator[Violation]:
        """Every transient database or schema with a longer retention."""
        inside = {_stored(r.inputs.get("name")) for r in resources if r.type_token == DATABASE and _is_transient(r)}
        for resource in resources:
            if resource.type_token not in (DATABASE, SCHEMA):
                continue
            transient = _is_transient(resource) or _stored(resource.inputs.get("database")) in inside
            days = resource.inputs.get("data_retention_time_in_days")
            if transient and isinstance(days, int) and days > _LONGEST_DAYS:
                yield Violation(
                    resource,
                    f"is transient and cannot keep {days} days of history",
                    "set data_retention_time_in_days to 0 or 1, or make it permanent",
                )


def _is_transient(resource: DeclaredResource) -> bool:
    return str(resource.inputs.get("is_transient")).lower() == "true"


def _stored(name: object) -> str:
    return identifier_parts(name)[-1] if isinstance(name, str) and name else ""
