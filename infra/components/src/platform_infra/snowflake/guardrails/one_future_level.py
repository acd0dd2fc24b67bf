from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from platform_infra.guardrails.declared_resource import DeclaredResource
from platform_infra.guardrails.guardrail import Guardrail, Violation
from platform_infra.snowflake.resource_types import GRANTS


@dataclass(frozen=True, slots=True)
class OneFutureLevel(Guardrail):
    """Future grants stand on schemas alone.

    Where a database and one of its schemas both have some, Snowflake silently ignores the database's.
    """

    def violations(self, resources: Sequence[DeclaredResource]) -> Iterator[Violation]:
        """Every future grant on a database."""
        for grant in resources:
            if grant.type_token in GRANTS and any(_is_future_on_database(path) for path, _ in grant.leaves()):
                yield Violation(
                    grant,
                    "is a future grant on a whole database, which any future grant on one of its schemas disables",
                    "grant on each schema instead (in_schema)",
                )


def _is_future_on_database(path: tuple[str, ...]) -> bool:
    return path[-1] == "future_schemas_in_database" or ("future" in path and path[-1] == "in_database")
