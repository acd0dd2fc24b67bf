import base64
from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from platform_contract.databricks_names import Principal
from platform_contract.snowflake_names import ServiceUser

from tests.fakes.pulumi_provider.cloud import Cloud
from tests.fakes.pulumi_provider.databricks.databricks_cloud import DatabricksCloud
from tests.fakes.pulumi_provider.databricks.tokens import BUDGET_POLICY, SERVICE_PRINCIPAL, SQL_ENDPOINT
from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.snowflake.account import Edition
from tests.fakes.pulumi_provider.snowflake.identifiers import split_identifier
from tests.fakes.pulumi_provider.snowflake.snowflake_cloud import SnowflakeCloud
from tests.fakes.pulumi_provider.snowflake.tokens import GRANT_ACCOUNT_ROLE, SERVICE_USER, WAREHOUSE
from tests.rehearsal.declared_account import DeclaredAccount
from tests.rehearsal.hosts import DATABRICKS_HOST
from tests.rehearsal.production.dev_stack import DATABRICKS, OAUTH_SECRET, SNOWFLAKE, StandIns

_WORKSPACE_ID = "1111111111111111"
_KEY_SLOTS = ("rsaPublicKey", "rsaPublicKey2")


class CloudsOfStack:
    """The fake clouds behind the providers: what holds data is in the stand-ins, everything else is in themselves."""

    def __init__(self, stand_ins: StandIns) -> None:
        self.snowflake = SnowflakeCloud(Edition.ENTERPRISE, DeclaredAccount(stand_ins.snowflake.engine))
        self.databricks = DatabricksCloud({DATABRICKS_HOST: _WORKSPACE_ID}, stand_ins.databricks.lakehouse)
        # The operator has set up the trust that the first `up` asks for.
        self.databricks.account.trust(DATABRICKS.storage_credential)
        self._stand_ins = stand_ins
        self._at_first = {(found.token, found.id) for found in self._everything()}
        self._others_secrets = dict(stand_ins.databricks.secrets)
        self._others_warehouses = set(stand_ins.databricks.warehouse_ids)
        self._others_policies = set(stand_ins.databricks.jobs.budget_policies)

    def made(self) -> list[str]:
        """What is there that was not there at first."""
        found = ((found.token, found.id) for found in self._everything())
        return [f"{token} {object_id}" for token, object_id in found if (token, object_id) not in self._at_first]

    def warehouses(self) -> set[str]:
        """The warehouses of the Snowflake account."""
        return {split_identifier(found.id)[0] for found in self.snowflake.inventory.of(WAREHOUSE)}

    def let_in(self) -> None:
        """Have the stand-ins admit those who are declared by now, to what is declared, and nobody else."""
        self._let_into_snowflake(SNOWFLAKE.user(ServiceUser.DAGSTER))
        self._let_into_databricks(DATABRICKS.principal(Principal.PIPELINE))

    def _let_into_snowflake(self, user: str) -> None:
        admitted = self._stand_ins.snowflake.users
        admitted.forget(user)
        for found in self.snowflake.inventory.of(SERVICE_USER):
            if split_identifier(found.id)[0] == user:
                admitted.register(user, *_public_keys(found))
                admitted.limit(user, self._roles_of(user))

    def _let_into_databricks(self, principal: str) -> None:
        workspace, there = self._stand_ins.databricks, self.databricks.inventory
        secrets = {
            found.attributes["applicationId"]: OAUTH_SECRET
            for found in there.of(SERVICE_PRINCIPAL)
            if found.attributes["displayName"] == principal
        }
        paths = {found.attributes["odbcParams"]["path"] for found in there.of(SQL_ENDPOINT)}
        workspace.jobs.budget_policies = self._others_policies | {found.id for found in there.of(BUDGET_POLICY)}
        workspace.secrets.clear()
        workspace.secrets.update(self._others_secrets | secrets)
        workspace.warehouse_ids.clear()
        workspace.warehouse_ids.update(self._others_warehouses | {path.rpartition("/")[2] for path in paths})

    def _roles_of(self, user: str) -> Iterator[str]:
        for grant in self.snowflake.inventory.of(GRANT_ACCOUNT_ROLE):
            grantee = grant.attributes.get("userName")
            if grantee and split_identifier(grantee)[0] == user:
                yield split_identifier(grant.attributes["roleName"])[0]

    def _everything(self) -> Iterator[CloudObject]:
        clouds: tuple[Cloud[Any], ...] = (self.snowflake, self.databricks)
        for cloud in clouds:
            yield from cloud.inventory.everything()


def _public_keys(user: CloudObject) -> Iterator[RSAPublicKey]:
    for slot in _KEY_SLOTS:
        if user.attributes[slot]:
            key = load_der_public_key(base64.b64decode(user.attributes[slot]))
            assert isinstance(key, RSAPublicKey)
            yield key
