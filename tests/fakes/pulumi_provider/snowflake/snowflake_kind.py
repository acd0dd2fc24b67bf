from typing import ClassVar

from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.kind import Kind
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError
from tests.fakes.pulumi_provider.snowflake.account import SnowflakeAccount
from tests.fakes.pulumi_provider.snowflake.authority import RoleSession
from tests.fakes.pulumi_provider.snowflake.identifiers import quoted, split_identifier

TRUE_OR_FALSE = frozenset({"true", "false"})


class SnowflakeKind(Kind[RoleSession]):
    """A resource type of a Snowflake account."""

    # The inputs whose values, in this order, make the fully qualified name.
    path: ClassVar[tuple[str, ...]] = ("name",)

    def __init__(self, account: SnowflakeAccount) -> None:
        self.account = account

    def identity(self, inputs: Properties) -> str:
        return quoted(*self.parts(inputs))

    def parts(self, inputs: Properties) -> tuple[str, ...]:
        """The unquoted parts of the name: database, schema, object."""
        return tuple(split_identifier(inputs[name])[0] for name in self.path)

    def outputs(self, inputs: Properties, session: RoleSession) -> Properties:
        return {"fullyQualifiedName": self.identity(inputs)} if "fullyQualifiedName" in self.computed else {}

    def admit_change(self, session: RoleSession, found: CloudObject, inputs: Properties) -> None:
        self.require_owner(session, found)
        if self.identity(inputs) != found.id:
            raise CloudError(f"the fake does not rename: {found.id} would become {self.identity(inputs)}")

    def admit_read(self, session: RoleSession, found: CloudObject) -> None:
        if not self.is_shown(session, found):
            raise CloudError(f"{found.id} does not exist or not authorized for {session.role}")

    def is_shown(self, session: RoleSession, found: CloudObject) -> bool:
        """Whether SHOW and DESCRIBE, by which the provider reads, show an object.

        "The command only returns objects for which the current role has been granted at least one access privilege";
        MANAGE GRANTS shows every object, RESOLVE ALL resolves it (docs.snowflake.com: SHOW RESOURCE MONITORS, Access
        control privileges).
        """
        seen = self.account.holds(session.role, "MANAGE GRANTS") or self.account.holds(session.role, "RESOLVE ALL")
        return seen or self.account.holds_any_on(session.role, found)

    def is_shown_to_owner(self, session: RoleSession, found: CloudObject) -> bool:
        """Whether an object is shown that takes its ownership, or MANAGE GRANTS, to be described."""
        return self.account.holds(session.role, "MANAGE GRANTS") or self.account.owns(session.role, found)

    def admit_delete(self, session: RoleSession, found: CloudObject) -> None:
        self.require_owner(session, found)

    def unmake(self, gone: CloudObject) -> None:
        # Its id stands between bars in the id of every grant to it, of it or on it.
        self.account.forget_grants_about(gone)

    def require_owner(self, session: RoleSession, found: CloudObject) -> None:
        """Raise CloudError unless the session's role owns the object or inherits from its owner."""
        if not self.account.owns(session.role, found):
            raise CloudError(
                f"SQL access control error: insufficient privileges: {found.id} belongs to {found.owner}, "
                f"not to {session.role}"
            )

    def require_privilege(self, session: RoleSession, privilege: str) -> None:
        """Raise CloudError unless the session's role has a privilege on the account."""
        if not self.account.holds(session.role, privilege):
            raise CloudError(f"SQL access control error: insufficient privileges: {session.role} lacks {privilege}")

    def require_privilege_on(self, session: RoleSession, privilege: str, container: CloudObject) -> None:
        """Raise CloudError unless the session's role owns the container or has been granted a privilege on it."""
        if not self.account.holds_on(session.role, privilege, container):
            raise CloudError(
                f"SQL access control error: insufficient privileges: {session.role} lacks {privilege} on {container.id}"
            )
