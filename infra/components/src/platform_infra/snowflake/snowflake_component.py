import pulumi

from platform_infra.component import PlatformComponent
from platform_infra.snowflake.admin_providers import AdminProviders


class SnowflakeComponent[Args](PlatformComponent[Args]):
    """A component whose children need more than one authority, so it is handed all the providers."""

    def __init__(self, name: str, args: Args, providers: AdminProviders, parent: pulumi.Resource | None) -> None:
        self.providers = providers
        super().__init__(name, args, parent)
