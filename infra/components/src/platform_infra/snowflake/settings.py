import ipaddress
from collections.abc import Mapping
from typing import Annotated, Self

from platform_contract.deployment import Deployment, Trait, deployments
from pydantic import AfterValidator, Field, model_validator
from pydantic.dataclasses import dataclass

from platform_infra.snowflake.edition import Edition
from platform_infra.snowflake.sign_in import SignIn
from platform_infra.snowflake.warehouse_settings import WarehouseSettings, WarehousesSettings
from platform_infra.stack_settings.common_settings import CommonSettings
from platform_infra.stack_settings.errors import StackSettingsError
from platform_infra.stack_settings.typed_settings import SETTINGS, read_settings

# A transient object has no more time travel than one day, in any edition.
TransientDays = Annotated[int, Field(ge=0, le=1)]
PermanentDays = Annotated[int, Field(ge=0, le=90)]
UserName = Annotated[str, Field(pattern=r"^[A-Z_][A-Z0-9_$]{0,254}$")]
EmailAddress = Annotated[str, Field(pattern=r"^[^@\s',]+@[^@\s',]+$")]

_NOT_FOR_PULL_REQUESTS = ("account_budget", "allowed_cidrs", "notify_users", "retention", "tags", "users", "warehouses")
_ONLY_FOR_THE_HOST = (("warehouses", "ci"), ("users", "ci_runner"), ("users", "branch_runner"))


def _cidr(text: str) -> str:
    network = ipaddress.IPv4Network(text)
    if network.prefixlen == 0:
        raise ValueError("0.0.0.0/0 allows the whole internet: list the networks, or leave allowed_cidrs out")
    return str(network)


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class RetentionSettings:
    """Days of time travel for each layer; bronze and silver are transient."""

    raw: PermanentDays = 1
    bronze: TransientDays = 1
    silver: TransientDays = 1
    gold: PermanentDays = 1


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class UsersSettings:
    """How each service user signs in; one without a way is made, and stays disabled.

    `ci_runner` and `branch_runner` belong to what hosts pull requests: their jobs, and the pods of their branch
    deployments. `drift_watch` belongs to what is released with approval: the job that looks at it every night.
    """

    dagster: SignIn | None = None
    reporting_tool: SignIn | None = None
    ci_runner: SignIn | None = None
    branch_runner: SignIn | None = None
    drift_watch: SignIn | None = None


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class AccountBudgetSettings:
    """The budget of the whole account: credits a calendar month, and whom it tells when more are projected.

    The addresses are verified ones of users of the account.
    """

    credits: Annotated[int, Field(ge=1)]
    emails: Annotated[tuple[EmailAddress, ...], Field(min_length=1)]


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class SnowflakeSettings(CommonSettings):
    """All that a stack can say about the Snowflake side of its deployment; what it leaves out is as stated here.

    `clone_production` says that production and what hosts pull requests share one account, so that pull requests clone
    production's tables: production then has CLONE_READER, which PR_ADMIN owns in order to hand it out. The host comes
    up first.
    `notify_users` are the people whom every monitor tells, by their names in SHOW USERS; Snowflake takes at most five,
    each with a verified e-mail, and a deployment with alerts has to name one. `account_budget` is the account's, which
    no stack makes: it says what the steps after `up` set by hand.
    `allowed_cidrs` are the networks of the service users, all if empty. `tags` puts the labels on databases and
    warehouses as tags too, for reports of cost by tag; comments carry them in any case.
    """

    edition: Edition
    clone_production: bool
    warehouses: WarehousesSettings = WarehousesSettings()
    retention: RetentionSettings = RetentionSettings()
    users: UsersSettings = UsersSettings()
    notify_users: Annotated[tuple[UserName, ...], Field(max_length=5)] = ()
    account_budget: AccountBudgetSettings | None = None
    allowed_cidrs: tuple[Annotated[str, AfterValidator(_cidr)], ...] = ()
    tags: bool = False

    @model_validator(mode="after")
    def _within_the_edition(self) -> Self:
        if self.edition.has_enterprise_features:
            return self
        beyond = [
            *_clusters_above_one(self.warehouses),
            *_retention_above_a_day(self.retention),
            *(["tags"] if self.tags else []),
        ]
        if beyond:
            raise ValueError(
                f"edition standard has no {'; no '.join(beyond)}: take it back, or set the account's edition"
            )
        return self


def snowflake_settings(deployment: Deployment, values: Mapping[str, object], project: str) -> SnowflakeSettings:
    """The typed settings of a stack.

    Args:
        deployment: the deployment that the stack is.
        values: name of the setting → value, as the stack's configuration has them.
        project: the Pulumi project, as the messages should name it.

    Raises:
        StackSettingsError: for a wrong or unknown setting, or one that this kind of deployment cannot have.
    """
    _refuse_what_belongs_elsewhere(deployment, values, project)
    if deployment.has(Trait.ALERTS) and not values.get("notify_users"):
        raise StackSettingsError(
            f"stack {deployment} must set {project}:notify_users: monitors that tell nobody stop it unannounced. "
            "Name one to five people, as SHOW USERS does"
        )
    return read_settings(SnowflakeSettings, values, project)


def _refuse_what_belongs_elsewhere(deployment: Deployment, values: Mapping[str, object], project: str) -> None:
    if deployment.has(Trait.PULL_REQUEST):
        stray = [key for key in _NOT_FOR_PULL_REQUESTS if key in values]
        where = f"{deployments().host} alone has them, and pull requests use those"
    elif deployment.has(Trait.HOSTS_PULL_REQUESTS):
        return
    else:
        stray = [f"{group}.{key}" for group, key in _ONLY_FOR_THE_HOST if _has(values.get(group), key)]
        where = f"they belong to the stack {deployments().host}"
    if stray:
        raise StackSettingsError(f"stack {deployment} cannot set {project}:{', '.join(stray)}: {where}. Remove them")


def _has(group: object, key: str) -> bool:
    return isinstance(group, Mapping) and key in group


def _clusters_above_one(warehouses: WarehousesSettings) -> list[str]:
    stated: dict[str, WarehouseSettings] = vars(warehouses)
    return [f"warehouses.{name}.max_clusters above 1" for name, one in stated.items() if one.max_clusters > 1]


def _retention_above_a_day(retention: RetentionSettings) -> list[str]:
    stated: dict[str, int] = vars(retention)
    return [f"retention.{layer} above 1 day" for layer, days in stated.items() if days > 1]
