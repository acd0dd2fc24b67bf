from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from platform_contract.deployment import Deployment, Trait

from platform_infra.guardrails.declared_resource import DeclaredResource
from platform_infra.guardrails.guardrail import Guardrail, Violation


@dataclass(frozen=True, slots=True)
class UnprotectedStateful(Guardrail):
    """Where data is protected, nothing that holds some may be deletable by a change of code."""

    deployment: Deployment
    stateful_types: frozenset[str]

    def violations(self, resources: Sequence[DeclaredResource]) -> Iterator[Violation]:
        """Every resource of a stateful type that such a stack leaves unprotected."""
        if not self.deployment.has(Trait.PROTECTS_DATA):
            return
        for resource in resources:
            if resource.type_token in self.stateful_types and not resource.protected:
                yield Violation(
                    resource, f"holds data in {self.deployment} and is not protected", "declare it with protect=True"
                )
