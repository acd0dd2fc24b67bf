"""Both clouds with what stands in them before any pull request: dev and prod, as the real engine applies them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from platform_contract.databricks_names import DatabricksNames, Principal
from platform_contract.snowflake_names import ServiceUser, SnowflakeNames

from tests.deployments import DEV, PROD
from tests.fakes.pulumi_provider.databricks.databricks_cloud import DatabricksCloud
from tests.fakes.pulumi_provider.databricks.tokens import (
    BUDGET_POLICY,
    FEDERATION_POLICY,
    SERVICE_PRINCIPAL,
    SQL_ENDPOINT,
)
from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.snowflake.account import Edition
from tests.fakes.pulumi_provider.snowflake.identifiers import split_identifier
from tests.fakes.pulumi_provider.snowflake.snowflake_cloud import SnowflakeCloud
from tests.fakes.pulumi_provider.snowflake.tokens import GRANT_ACCOUNT_ROLE, SERVICE_USER
from tests.fakes.workload_identity import IdentityIssuer, Trust
from tests.infra.engine.harness.inline_stack import InlineStack
from tests.infra.engine.harness.journey import contents
from tests.infra.engine.harness.pulumi_cli import PulumiCli
from tests.rehearsal.declared_account import DeclaredAccount
from tests.rehearsal.hosts import DATABRICKS_HOST
from tests.rehearsal.production.dev_stack import StandIns

CI_USER = SnowflakeNames(DEV).user(ServiceUser.CI)
PODS_USER = SnowflakeNames(DEV).user(ServiceUser.BRANCHES)
CI_PRINCIPAL = DatabricksNames(DEV).principal(Principal.CI)
_WORKSPACES = {DATABRICKS_HOST: "1111111111111111", "example-prod.cloud.databricks.com": "2222222222222222"}
# A token for Snowflake names no account of it.
_SNOWFLAKE_AUDIENCES = ("snowflakecomputing.com",)


@dataclass(frozen=True, slots=True)
class StandingClouds:
    """The fake clouds behind the providers; what holds data is in the stand-ins, for pipelines to find."""

    snowflake: SnowflakeCloud
    databricks: DatabricksCloud
    stand_ins: StandIns
    issuers: Mapping[str, IdentityIssuer]

    def held(self) -> set[tuple[str, str]]:
        """Everything in both."""
        return {*contents(self.snowflake), *contents(self.databricks)}

    def let_in(self) -> None:
        """Have the stand-ins admit who pull requests are, by what is declared now and to what is declared now."""
        for user in self._service_users():
            self._let_into_snowflake(user)
        workspace = self.stand_ins.databricks
        workspace.trusts[self.application] = [self._trust(stated, stated["audiences"]) for stated in self._policies()]
        workspace.jobs.budget_policies = {self.budget_policy}
        workspace.warehouse_ids.add(self.warehouse_path.rpartition("/")[2])

    def _let_into_snowflake(self, user: CloudObject) -> None:
        """By the key or the identity that is declared for it, and by nothing else."""
        users, (name,) = self.stand_ins.snowflake.users, split_identifier(user.id)
        users.limit(name, self._roles_of(name))
        identity = user.attributes.get("defaultWorkloadIdentity")
        if identity:
            stated = identity["oidc"]
            users.trust(name, self._trust(stated, stated.get("oidcAudienceLists") or _SNOWFLAKE_AUDIENCES))

    def _service_users(self) -> list[CloudObject]:
        """Dev's service users, of which pull requests are some."""
        names = {SnowflakeNames(DEV).user(user) for user in ServiceUser}
        return [one for one in self.snowflake.inventory.of(SERVICE_USER) if split_identifier(one.id)[0] in names]

    def turn_away(self) -> None:
        """Have the stand-ins forget them, for whoever uses the stand-ins next."""
        for user in self._service_users():
            self.stand_ins.snowflake.users.forget(split_identifier(user.id)[0])
        workspace = self.stand_ins.databricks
        workspace.trusts.pop(self.application, None)
        workspace.jobs.budget_policies = set()
        workspace.warehouse_ids.discard(self.warehouse_path.rpartition("/")[2])

    @property
    def application(self) -> str:
        """The application id of the principal that pull requests are."""
        return self._principal.attributes["applicationId"]

    @property
    def _principal(self) -> CloudObject:
        found = self.databricks.inventory.of(SERVICE_PRINCIPAL)
        (principal,) = [one for one in found if one.attributes["displayName"] == CI_PRINCIPAL]
        return principal

    def _policies(self) -> list[dict[str, Any]]:
        """Whose tokens are taken for that principal's: its jobs' and its pods'."""
        policies = [one.attributes for one in self.databricks.inventory.of(FEDERATION_POLICY)]
        return [one["oidcPolicy"] for one in policies if str(one["servicePrincipalId"]) == self._principal.id]

    @property
    def budget_policy(self) -> str:
        """The id of dev's policy for serverless jobs, under which pull requests run theirs."""
        name = DatabricksNames(DEV).budget_policy
        found = self.databricks.inventory.of(BUDGET_POLICY)
        (policy,) = [one.id for one in found if one.attributes["policyName"] == name]
        return policy

    @property
    def warehouse_path(self) -> str:
        """The HTTP path of dev's SQL warehouse, where pull requests compute."""
        name = DatabricksNames(DEV).sql_warehouse
        (warehouse,) = [one for one in self.databricks.inventory.of(SQL_ENDPOINT) if one.attributes["name"] == name]
        return warehouse.attributes["odbcParams"]["path"]

    def _trust(self, stated: dict[str, Any], audiences: Any) -> Trust:
        return Trust(self.issuers[stated["issuer"]], stated["subject"], tuple(audiences))

    def _roles_of(self, user: str) -> set[str]:
        """The roles that are granted to a user, and those that are granted to these."""
        grants = [one.attributes for one in self.snowflake.inventory.of(GRANT_ACCOUNT_ROLE)]
        roles = {_name(one["roleName"]) for one in grants if _name(one.get("userName")) == user}
        while found := {_name(one["roleName"]) for one in grants if _name(one.get("parentRoleName")) in roles} - roles:
            roles |= found
        return roles


def _name(identifier: str | None) -> str:
    return split_identifier(identifier)[0] if identifier else ""


def make_clouds(stand_ins: StandIns, issuers: Iterable[IdentityIssuer]) -> StandingClouds:
    """Both clouds, with nothing in them yet but the trust that the operator sets up for storage."""
    snowflake = SnowflakeCloud(Edition.ENTERPRISE, DeclaredAccount(stand_ins.snowflake.engine))
    databricks = DatabricksCloud(_WORKSPACES, stand_ins.databricks.lakehouse)
    for deployment in (DEV, PROD):
        databricks.account.trust(DatabricksNames(deployment).storage_credential)
    return StandingClouds(snowflake, databricks, stand_ins, {one.name: one for one in issuers})


def bring_up(cli: PulumiCli, checkout: Path) -> None:
    """Apply dev and prod, in the order in which they depend on each other."""
    for program in ("snowflake", "databricks"):
        for deployment in (DEV, PROD):
            folder = checkout / "infra" / program
            if program == "databricks":
                _establish_trust(folder / f"Pulumi.{deployment}.yaml")
            InlineStack(cli, folder, deployment.name).up(None, refresh=False).succeeded()


def _establish_trust(stack_file: Path) -> None:
    content = yaml.safe_load(stack_file.read_text(encoding="utf-8"))
    content["config"]["platform-databricks:storage_trust"] = "established"
    stack_file.write_text(yaml.safe_dump(content), encoding="utf-8")
