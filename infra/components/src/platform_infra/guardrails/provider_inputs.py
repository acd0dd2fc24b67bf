from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from platform_infra.guardrails.declared_resource import DeclaredResource
from platform_infra.guardrails.guardrail import Guardrail, Violation


@dataclass(frozen=True, slots=True)
class ProviderInputs(Guardrail):
    """A provider's inputs land in state, so they say which authority it acts with and nothing else.

    Credentials and addresses come from the environment of the process. `allowed` holds the legal inputs, as the
    provider's SDK spells them; `fixed` those that have one legal value, with that value as the SDK hands it over.
    """

    allowed: frozenset[str]
    fixed: Mapping[str, str]

    def violations(self, resources: Sequence[DeclaredResource]) -> Iterator[Violation]:
        """Every provider with another input or another value of a fixed one; the value itself never appears."""
        for provider in resources:
            if provider.is_provider:
                yield from self._stray(provider)
                yield from self._other_values(provider)

    def _stray(self, provider: DeclaredResource) -> Iterator[Violation]:
        stray = sorted(provider.inputs.keys() - self.allowed - self.fixed.keys())
        if stray:
            yield Violation(
                provider,
                f"the input(s) {', '.join(stray)} would be stored in state",
                "leave them to the environment of the process",
            )

    def _other_values(self, provider: DeclaredResource) -> Iterator[Violation]:
        for name in sorted(self.fixed.keys() & provider.inputs.keys()):
            if provider.inputs[name] != self.fixed[name]:
                yield Violation(
                    provider, f"{name} has another value than the one that is allowed", f"set it to {self.fixed[name]}"
                )
