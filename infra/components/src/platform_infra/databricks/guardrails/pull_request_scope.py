from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from platform_contract.databricks_names import DatabricksNames
from platform_contract.deployment import Trait, deployments

from platform_infra.databricks.resource_types import CATALOG, GRANTS, SCHEMA, VOLUME
from platform_infra.guardrails.declared_resource import DeclaredResource, is_unknown
from platform_infra.guardrails.guardrail import Guardrail, Violation

_ALLOWED_TYPES = frozenset({CATALOG, SCHEMA, VOLUME, GRANTS})
# The inputs that say which catalog a thing is in; those of a list of grants name nothing else than what it is about.
_OWN_CATALOG = {CATALOG: frozenset({"name"}), SCHEMA: frozenset({"catalog_name"}), VOLUME: frozenset({"catalog_name"})}


@dataclass(frozen=True, slots=True)
class PullRequestScope(Guardrail):
    """A pull request makes its own catalog and what is in it, and touches nothing else."""

    names: DatabricksNames
    storage_root: str

    def violations(self, resources: Sequence[DeclaredResource]) -> Iterator[Violation]:
        """Every object of another type, or under a name that is not the pull request's."""
        if not self.names.deployment.has(Trait.PULL_REQUEST):
            return
        for resource in resources:
            if not resource.type_token.startswith("databricks:"):
                continue
            if resource.type_token not in _ALLOWED_TYPES:
                yield Violation(
                    resource,
                    f"is none of a pull request's objects ({self.names.deployment})",
                    f"declare it in stack {deployments().host}",
                )
            yield from self._strays(resource)

    def _strays(self, resource: DeclaredResource) -> Iterator[Violation]:
        for key, value in resource.inputs.items():
            if _names_a_securable(resource, key) and not is_unknown(value) and not self._is_own(str(value)):
                yield Violation(resource, f"{key} {value!r} is not this pull request's", f"use {self.names.catalog}")
            if key == "storage_root" and str(value) != self.storage_root:
                yield Violation(
                    resource, f"storage_root {value!r} is not this pull request's", f"use {self.storage_root}"
                )

    def _is_own(self, name: str) -> bool:
        return name.split(".", maxsplit=1)[0] == self.names.catalog


def _names_a_securable(resource: DeclaredResource, key: str) -> bool:
    if resource.type_token == GRANTS:
        return key != "grants"
    return key in _OWN_CATALOG.get(resource.type_token, frozenset())
