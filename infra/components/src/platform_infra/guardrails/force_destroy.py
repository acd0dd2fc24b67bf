from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from platform_contract.deployment import Deployment, Trait

from platform_infra.guardrails.declared_resource import DeclaredResource
from platform_infra.guardrails.guardrail import Guardrail, Violation


@dataclass(frozen=True, slots=True)
class ForceDestroyOutsidePullRequest(Guardrail):
    """Only a pull request may delete a container together with what is in it."""

    deployment: Deployment

    def violations(self, resources: Sequence[DeclaredResource]) -> Iterator[Violation]:
        """Every resource with `force_destroy`, unless this is a pull request's stack."""
        if self.deployment.has(Trait.PULL_REQUEST):
            return
        for resource in resources:
            if resource.inputs.get("force_destroy") not in (None, False):
                yield Violation(
                    resource,
                    f"force_destroy in stack {self.deployment} deletes data with the container",
                    "remove force_destroy; only pr-<n> stacks may set it",
                )
