import pulumi
import pulumi_databricks as databricks

from platform_infra.component import PlatformComponent
from platform_infra.databricks.argument_error import ArgumentError
from platform_infra.databricks.providers import Providers


class DatabricksComponent[Args](PlatformComponent[Args]):
    """A component whose children live in the workspace, or in its account."""

    type_token = "platform:databricks:Component"  # noqa: S105 - a resource type, not a secret

    def __init__(self, name: str, args: Args, providers: Providers, parent: pulumi.Resource | None) -> None:
        self.providers = providers
        super().__init__(name, args, parent)

    def in_workspace(
        self,
        protect: bool | None = None,
        depends_on: list[pulumi.Resource] | None = None,
        timeouts: pulumi.CustomTimeouts | None = None,
    ) -> pulumi.ResourceOptions:
        """The options of a child that the workspace keeps."""
        options = self.child(provider=self.providers.workspace, protect=protect, depends_on=depends_on)
        return pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(custom_timeouts=timeouts))

    def in_account(
        self, protect: bool | None = None, depends_on: list[pulumi.Resource] | None = None
    ) -> pulumi.ResourceOptions:
        """The options of a child that the account keeps.

        Raises:
            ArgumentError: where the stack has no provider for the account.
        """
        return self.child(provider=self._account_provider(), protect=protect, depends_on=depends_on)

    def _account_provider(self) -> databricks.Provider:
        if self.providers.account is None:
            raise ArgumentError(f"{self.type_token} makes things in the account: set account_id beside the workspace")
        return self.providers.account
