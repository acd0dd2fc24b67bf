import pulumi

from platform_infra.component import PlatformComponent
from platform_infra.snowflake.admin_providers import AdminProviders


class SnowflakeComponent[Args](PlatformComponent[Args]):
    """A component whose children need more than one authority, so it is handed all the providers."""

    type_token = "platform:snowflake:Component"  # noqa: S105 - a resource type, not a secret

    def __init__(self, name: str, args: Args, providers: AdminProviders, parent: pulumi.Resource | None) -> None:
        self.providers = providers
        super().__init__(name, args, parent)
