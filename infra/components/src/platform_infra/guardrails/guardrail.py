import abc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pulumi

from platform_infra.guardrails.declared_resource import DeclaredResource


@dataclass(frozen=True, slots=True)
class Violation:
    """One resource that breaks a rule, what is wrong with it, and what to do."""

    resource: DeclaredResource
    problem: str
    fix: str

    def __str__(self) -> str:
        return f"{self.resource}: {self.problem}. Fix: {self.fix}"


class Guardrail(abc.ABC):
    """A rule over all that a program declares."""

    @abc.abstractmethod
    def violations(self, resources: Sequence[DeclaredResource]) -> Iterator[Violation]:
        """Every breach of the rule, in the order of declaration."""


class GuardrailError(pulumi.RunError):
    """What the guardrails refuse: all of it, in one message."""


def check(guardrails: Sequence[Guardrail], resources: Sequence[DeclaredResource]) -> None:
    """Hold the declared resources against every rule.

    Raises:
        GuardrailError: listing every violation of every rule.
    """
    found = [violation for guardrail in guardrails for violation in guardrail.violations(resources)]
    if found:
        listed = "\n".join(f"  {violation}" for violation in found)
        raise GuardrailError(f"{len(found)} guardrail violation(s), nothing may be applied:\n{listed}")
