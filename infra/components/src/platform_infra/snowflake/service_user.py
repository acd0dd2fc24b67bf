from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_snowflake as snowflake

from platform_infra.snowflake.account_role import AccountRole
from platform_infra.snowflake.admin_providers import AdminProviders
from platform_infra.snowflake.arguments import ServiceUserArgs
from platform_infra.snowflake.network_policy import NetworkPolicy
from platform_infra.snowflake.sign_in import (
    AwsIdentity,
    AzureIdentity,
    GcpIdentity,
    KeyPair,
    OidcIdentity,
    SignIn,
    WorkloadIdentity,
)
from platform_infra.snowflake.snowflake_component import SnowflakeComponent
from platform_infra.snowflake.warehouse import Warehouse


class ServiceUser(SnowflakeComponent[ServiceUserArgs]):
    """A machine's user, the roles it holds, and where it may come from."""

    type_token = "platform:snowflake:ServiceUser"  # noqa: S105 - a resource type, not a secret

    user: snowflake.ServiceUser
    grants: list[snowflake.GrantAccountRole]

    def __init__(
        self,
        name: str,
        args: ServiceUserArgs,
        *,
        roles: Mapping[str, AccountRole],
        warehouses: Mapping[str, Warehouse],
        policy: NetworkPolicy | None,
        providers: AdminProviders,
        parent: pulumi.Resource,
    ) -> None:
        self._roles = roles
        self._warehouses = warehouses
        self._policy = policy
        super().__init__(name, args, providers, parent)

    def declare(self, name: str, args: ServiceUserArgs) -> Mapping[str, Any]:
        """Make the user, then grant it its roles; secondary roles stay off, so that a session has one role's power."""
        self.user = snowflake.ServiceUser(
            name,
            name=args.name,
            comment=args.comment,
            default_role=self._roles[args.default_role].role.name,
            default_warehouse=self._default_warehouse(args),
            default_secondary_roles_option="NONE",
            network_policy=None if self._policy is None else self._policy.policy.name,
            disabled="true" if args.sign_in is None else "false",
            opts=self.child(provider=self.providers.users),
            **_sign_in_inputs(args.sign_in),
        )
        self.grants = [self._grant(name, role) for role in args.roles]
        return {"name": self.user.name}

    def _default_warehouse(self, args: ServiceUserArgs) -> pulumi.Output[str] | None:
        return None if args.default_warehouse is None else self._warehouses[args.default_warehouse].warehouse.name

    def _grant(self, name: str, role: str) -> snowflake.GrantAccountRole:
        held = self._roles[role]
        return snowflake.GrantAccountRole(
            f"{name}.{held.logical_name}",
            role_name=held.role.name,
            user_name=self.user.name,
            opts=self.child(provider=self.providers.security),
        )


def _sign_in_inputs(sign_in: SignIn | None) -> dict[str, Any]:
    if sign_in is None:
        return {}
    if isinstance(sign_in, KeyPair):
        return {"rsa_public_key": sign_in.public_key, "rsa_public_key2": sign_in.public_key_2}
    return {"default_workload_identity": _identity_inputs(sign_in)}


def _identity_inputs(identity: WorkloadIdentity) -> dict[str, Any]:
    match identity:
        case OidcIdentity():
            audiences = {"oidc_audience_lists": list(identity.audiences)} if identity.audiences else {}
            return {"oidc": {"issuer": identity.issuer, "subject": identity.subject, **audiences}}
        case AwsIdentity():
            return {"aws": {"arn": identity.arn}}
        case AzureIdentity():
            return {"azure": {"issuer": identity.issuer, "subject": identity.subject}}
        case GcpIdentity():
            return {"gcp": {"subject": identity.subject}}
