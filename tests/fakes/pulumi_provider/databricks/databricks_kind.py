from collections.abc import Collection

from tests.fakes.pulumi_provider.databricks.account import ApiSession, DatabricksAccount, Level
from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.kind import Kind
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError


class DatabricksKind(Kind[ApiSession]):
    """A resource type of a Databricks account or workspace."""

    def __init__(self, account: DatabricksAccount) -> None:
        self.account = account

    def require_level(self, session: ApiSession, level: Level) -> None:
        """Raise CloudError for a call to an API that the session's host does not serve."""
        if session.level is not level:
            noun = self.token.rpartition(":")[2]
            raise CloudError(f"{noun} is a {level} API, but the provider is signed in at the {session.level} level")

    def require_unique(self, inputs: Properties, name: str, changing: CloudObject | None) -> None:
        """Raise CloudError when another object of this type has that name."""
        for other in self.account.of(self.token):
            if other is not changing and other.attributes.get(name) == inputs[name]:
                raise CloudError(f"{self.token.rpartition(':')[2]} with name '{inputs[name]}' already exists")


class UnityKind(DatabricksKind):
    """A securable of Unity Catalog, served by workspaces."""

    def admit(self, session: ApiSession, inputs: Properties) -> None:
        self.require_level(session, Level.WORKSPACE)

    def admit_change(self, session: ApiSession, found: CloudObject, inputs: Properties) -> None:
        self.require_level(session, Level.WORKSPACE)
        renamed = self.identity(self.canonical(inputs))
        if renamed != found.id:
            raise CloudError(f"the fake does not rename: {found.id} would become {renamed}")

    def admit_delete(self, session: ApiSession, found: CloudObject) -> None:
        self.require_level(session, Level.WORKSPACE)


def require_value(inputs: Properties, name: str, legal: Collection[str]) -> None:
    """Raise CloudError for a value that the provider passes on and the API does not know."""
    given = inputs.get(name)
    if given is not None and given not in legal:
        raise CloudError(f"invalid {name} '{given}': expected one of {', '.join(sorted(legal))}")
