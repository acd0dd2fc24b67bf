from dataclasses import dataclass

import pulumi
import pulumi_snowflake as snowflake
from platform_contract.deployment import Trait
from platform_contract.snowflake_names import Persona, SnowflakeNames

from platform_infra.snowflake.admin_role import AdminRole
from platform_infra.snowflake.plan import SnowflakePlan
from platform_infra.snowflake.provider_inputs import (
    FIXED_PROVIDER_INPUTS,
    PROVIDER_INPUTS,
    WORKLOAD_IDENTITY_FEATURES,
)


@dataclass(frozen=True, slots=True)
class AdminProviders:
    """One provider for each authority that the platform acts with.

    In a pull request's stack all of them are the one role that has no power over production. Elsewhere
    `pull_requests` is that role, for what it has to own, and None where there is nothing of the kind: signing in with
    a role takes that it exists.
    """

    objects: snowflake.Provider
    security: snowflake.Provider
    users: snowflake.Provider
    account: snowflake.Provider
    pull_requests: snowflake.Provider | None


def admin_providers(plan: SnowflakePlan, look_only: bool) -> AdminProviders:
    """The providers of a stack.

    With `look_only` all of them are the stack's watcher, which can see and not apply; it has to exist already.

    SYSADMIN makes databases, schemas, stages and the roles inside databases; SECURITYADMIN account roles, grants,
    network policies and users; ACCOUNTADMIN monitors, warehouses because it alone may assign a monitor, and grants of
    privileges on the account, of which it alone may give the most.

    Users are SECURITYADMIN's whatever the settings: only a user's owner, or a role above it, may alter it, and only the
    owner of a network policy may bind a user to it, so that USERADMIN could do neither once a stack has networks. They
    have a provider of their own, because the feature that lets them have a workload identity is its alone.
    """
    if plan.deployment.has(Trait.PULL_REQUEST):
        one = _pull_request_provider(plan, None)
        return AdminProviders(one, one, one, one, one)
    watcher = SnowflakeNames(plan.deployment).role(Persona.WATCHER) if look_only else None
    has_roles_for_them = any(role.for_pull_requests for role in plan.account_roles)
    return AdminProviders(
        objects=_provider("sysadmin", watcher or AdminRole.SYSADMIN, ()),
        security=_provider("securityadmin", watcher or AdminRole.SECURITYADMIN, ()),
        users=_provider("users", watcher or AdminRole.SECURITYADMIN, WORKLOAD_IDENTITY_FEATURES),
        account=_provider("accountadmin", watcher or AdminRole.ACCOUNTADMIN, ()),
        pull_requests=_pull_request_provider(plan, watcher) if has_roles_for_them else None,
    )


def _pull_request_provider(plan: SnowflakePlan, watcher: str | None) -> snowflake.Provider:
    return _provider("pr-admin", watcher or SnowflakeNames(plan.deployment).pull_request_admin, ())


def _provider(name: str, role: str, features: tuple[str, ...]) -> snowflake.Provider:
    return snowflake.Provider(
        name,
        role=role,
        experimental_features_enableds=list(features) or None,
        opts=pulumi.ResourceOptions(transformations=[_without_environment]),
    )


def _without_environment(declared: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
    """Undo what the SDK adds by itself: it copies a password or passphrase from the environment into the inputs."""
    told = PROVIDER_INPUTS | FIXED_PROVIDER_INPUTS.keys()
    own = {key: value for key, value in declared.props.items() if key in told}
    return pulumi.ResourceTransformationResult(own, declared.opts)
