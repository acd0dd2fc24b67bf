from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from platform_infra.guardrails.declared_resource import DeclaredResource
from platform_infra.guardrails.guardrail import Guardrail, Violation


@dataclass(frozen=True, slots=True)
class ProviderInputs(Guardrail):
    """A provider's inputs land in state, so they say which authority it acts with and nothing else.

    Credentials and addresses come from the environment of the process. `allowed` holds the legal inputs, as the
    provider's SDK spells them.
    """

    allowed: frozenset[str]

    def violations(self, resources: Sequence[DeclaredResource]) -> Iterator[Violation]:
        """Every provider with another input; the value itself never appears."""
        for provider in resources:
            stray = sorted(provider.inputs.keys() - self.allowed) if provider.is_provider else []
            if stray:
                yield Violation(
                    provider,
                    f"the input(s) {', '.join(stray)} would be stored in state",
                    "leave them to the environment of the process",
                )
