from tests.fakes.pulumi_provider.cloud import Cloud
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError
from tests.fakes.pulumi_provider.resource_facts import Block, Scalar
from tests.fakes.pulumi_provider.snowflake.account import Edition, SnowflakeAccount
from tests.fakes.pulumi_provider.snowflake.authority import RoleSession
from tests.fakes.pulumi_provider.snowflake.database import Database
from tests.fakes.pulumi_provider.snowflake.deployer import AS_DOCUMENTED, Deployer
from tests.fakes.pulumi_provider.snowflake.experimental_features import enabled_features
from tests.fakes.pulumi_provider.snowflake.identifiers import folded
from tests.fakes.pulumi_provider.snowflake.network_policy import NetworkPolicy
from tests.fakes.pulumi_provider.snowflake.privilege_grant import GrantToAccountRole, GrantToDatabaseRole
from tests.fakes.pulumi_provider.snowflake.role import AccountRole, DatabaseRole
from tests.fakes.pulumi_provider.snowflake.role_grant import GrantAccountRole, GrantDatabaseRole
from tests.fakes.pulumi_provider.snowflake.schema import Schema
from tests.fakes.pulumi_provider.snowflake.service_user import ServiceUser
from tests.fakes.pulumi_provider.snowflake.stage import InternalStage
from tests.fakes.pulumi_provider.snowflake.store import SnowflakeStore
from tests.fakes.pulumi_provider.snowflake.tag import Tag, TagAssociation
from tests.fakes.pulumi_provider.snowflake.warehouse import ResourceMonitor, Warehouse

_KINDS = (
    AccountRole,
    Database,
    DatabaseRole,
    GrantAccountRole,
    GrantDatabaseRole,
    GrantToAccountRole,
    GrantToDatabaseRole,
    InternalStage,
    NetworkPolicy,
    ResourceMonitor,
    Schema,
    ServiceUser,
    Tag,
    TagAssociation,
    Warehouse,
)

# The provider's own settings, by name; a program that passes a credential here would find it in its state.
_PROVIDER_INPUTS = (
    "accountName",
    "authenticator",
    "driverTracing",
    "experimentalFeaturesDisableds",
    "experimentalFeaturesEnableds",
    "host",
    "organizationName",
    "params",
    "password",
    "previewFeaturesEnableds",
    "privateKey",
    "privateKeyPassphrase",
    "profile",
    "role",
    "token",
    "user",
    "warehouse",
    "workloadIdentityProvider",
)


class SnowflakeCloud(Cloud[RoleSession]):
    """A Snowflake account behind the `snowflake` provider, which signs in as `deployer`."""

    name = "snowflake"
    version = "2.22.0"
    provider_inputs = Block({name: Scalar("string") for name in _PROVIDER_INPUTS}, ())

    def __init__(self, edition: Edition, store: SnowflakeStore) -> None:
        self.account = SnowflakeAccount(edition, store)
        self.deployer: Deployer = AS_DOCUMENTED
        super().__init__(self.account, [kind(self.account) for kind in _KINDS], {})

    def sign_in(self, config: Properties) -> RoleSession:
        """A session with the configured role; PUBLIC where none is.

        A user may take on the roles granted to it and all below them (docs.snowflake.com, CURRENT_AVAILABLE_ROLES); the
        provider signs in when it is configured, at preview already.
        """
        role = folded(str(config.get("role") or "PUBLIC"))
        if not self.account.has_role(role) or not self._may_take_on(role):
            raise CloudError(
                f"250001 (08001): role {role!r} specified in the connect string does not exist or not authorized"
            )
        return RoleSession(role, enabled_features(config), self.deployer.warehouse)

    def _may_take_on(self, role: str) -> bool:
        return role == "PUBLIC" or any(role in self.account.inherited(held) for held in self.deployer.roles)

    def owner(self, session: RoleSession) -> str:
        return session.role
