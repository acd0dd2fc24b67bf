from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from platform_contract.deployment import Deployment, Trait, deployments
from platform_contract.snowflake_names import Persona, SnowflakeNames, Warehouse

from platform_infra.guardrails.declared_resource import DeclaredResource, is_unknown
from platform_infra.guardrails.guardrail import Guardrail, Violation
from platform_infra.snowflake.identifiers import identifier_parts
from platform_infra.snowflake.resource_types import (
    ACCOUNT_ROLE,
    DATABASE,
    DATABASE_ROLE,
    GRANT_ACCOUNT_ROLE,
    GRANT_DATABASE_ROLE,
    GRANT_TO_ACCOUNT_ROLE,
    GRANT_TO_DATABASE_ROLE,
    PACKAGE,
    SCHEMA,
    STAGE_INTERNAL,
)

# Of each type that a pull request may declare: the inputs that name an object of the account. Where an input names
# something inside a database, its first part is what the account knows.
_NAMING_INPUTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        DATABASE: ("name",),
        SCHEMA: ("database",),
        STAGE_INTERNAL: ("database",),
        DATABASE_ROLE: ("database",),
        ACCOUNT_ROLE: ("name",),
        GRANT_ACCOUNT_ROLE: ("role_name", "parent_role_name", "user_name"),
        GRANT_DATABASE_ROLE: ("database_role_name", "parent_role_name", "parent_database_role_name", "share_name"),
        GRANT_TO_DATABASE_ROLE: (
            "database_role_name",
            "on_database",
            "schema_name",
            "all_schemas_in_database",
            "future_schemas_in_database",
            "inherited",
            "object_name",
            "in_schema",
            "in_database",
        ),
        GRANT_TO_ACCOUNT_ROLE: (
            "account_role_name",
            "object_name",
            "schema_name",
            "all_schemas_in_database",
            "future_schemas_in_database",
            "in_schema",
            "in_database",
        ),
    }
)
_WHOLE_ACCOUNT = ("on_account", "in_account")


@dataclass(frozen=True, slots=True)
class PullRequestNames(Guardrail):
    """A pull request touches what carries its own suffix.

    Outside it, it may be given production's CLONE_READER, stand below the roles that administer pull requests and run
    their pipelines, and use the warehouse that dev keeps for them: nothing of these changes by that.
    """

    deployment: Deployment

    def violations(self, resources: Sequence[DeclaredResource]) -> Iterator[Violation]:
        """Every resource that names something outside, or is of a type that pull requests do not have."""
        if not self.deployment.has(Trait.PULL_REQUEST):
            return
        for resource in resources:
            if not resource.type_token.startswith(PACKAGE):
                continue
            if resource.type_token not in _NAMING_INPUTS:
                yield Violation(
                    resource,
                    "is of a type that pull requests do not have",
                    f"use the standing one of {deployments().host}",
                )
            else:
                yield from self._outside(resource)

    def _outside(self, resource: DeclaredResource) -> Iterator[Violation]:
        for path, value in resource.leaves():
            key = path[-1]
            if key in _WHOLE_ACCOUNT and value is not False:
                yield Violation(resource, f"{key} reaches the whole account", "grant on the pull request's own objects")
            elif key not in _NAMING_INPUTS[resource.type_token] or value is None:
                continue
            elif is_unknown(value):
                yield Violation(resource, f"{key} is not known at preview", "pass a name, not a computed output")
            elif not self._may_name(resource.type_token, key, identifier_parts(str(value))[0]):
                yield Violation(
                    resource,
                    f"{key} names {value}, which is not of stack {self.deployment}",
                    f"name what ends in {self.deployment.suffix.upper()}, or {Persona.CLONE_READER}",
                )

    def _may_name(self, type_token: str, key: str, name: str) -> bool:
        return name.endswith(self.deployment.suffix.upper()) or (type_token, key, name) in self._standing()

    def _standing(self) -> frozenset[tuple[str, str, str]]:
        names = SnowflakeNames(self.deployment)
        return frozenset(
            {
                (GRANT_ACCOUNT_ROLE, "role_name", names.role(Persona.CLONE_READER)),
                (GRANT_ACCOUNT_ROLE, "parent_role_name", names.pull_request_admin),
                (GRANT_ACCOUNT_ROLE, "parent_role_name", names.role(Persona.PR_PIPELINES)),
                (GRANT_TO_ACCOUNT_ROLE, "object_name", names.warehouse(Warehouse.CI)),
            }
        )
