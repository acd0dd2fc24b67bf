from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from platform_contract.deployment import Deployment
from platform_contract.domain import Domain
from platform_contract.snowflake_names import LANDING_STAGE, Persona, ServiceUser, SnowflakeNames

from platform_infra.permissions.declared_rows import Declared, SnowflakeObject, SnowflakeRow
from platform_infra.permissions.errors import DeclarationError
from platform_infra.permissions.right import MADE, JustifiedRight, Reason, Right
from platform_infra.snowflake.admin_role import AdminRole


@dataclass(frozen=True, slots=True)
class _Target:
    """Kind and full name of an object, and what is passed on the way to it."""

    on: str
    name: str
    database: str | None
    schema: str | None


def snowflake_justified(
    deployment: Deployment, declared: Iterable[Declared[SnowflakeRow]], domains: Sequence[Domain]
) -> list[JustifiedRight]:
    """What is declared for a deployment's Snowflake, under the deployment's names.

    Whoever may do something inside a schema may also enter it and its database.

    Args:
        deployment: whose names they get.
        declared: the rows of every deployment.
        domains: those whose tables are built in Snowflake: a row that names none holds for each.

    Raises:
        DeclarationError: for a row that names another domain.
    """
    names = SnowflakeNames(deployment)
    here = [one for one in declared if deployment.has(*one.row.traits)]
    return [right for one in here for right in _rights(names, one, domains)]


def _rights(
    names: SnowflakeNames, declared: Declared[SnowflakeRow], domains: Sequence[Domain]
) -> Iterator[JustifiedRight]:
    row = declared.row
    holder = _holder(names, row.who)
    reason = Reason(declared.pipeline, row.reason, row.owner)
    for target in _targets(names, row.where, _meant(declared, domains)):
        for privilege in row.may:
            yield JustifiedRight(Right(holder, privilege, target.on, target.name), reason)
        if target.database is not None:
            yield JustifiedRight(Right(holder, "USAGE", "DATABASE", target.database), reason.on_the_way())
        if target.schema is not None:
            yield JustifiedRight(Right(holder, "USAGE", "SCHEMA", target.schema), reason.on_the_way())


def _meant(declared: Declared[SnowflakeRow], domains: Sequence[Domain]) -> Sequence[Domain]:
    stated = declared.row.where.domain
    meant = [domain for domain in domains if stated in (None, domain.name)]
    if not meant:
        known = ", ".join(domain.name for domain in domains)
        raise DeclarationError(f"{declared.pipeline}: {stated} is no domain in Snowflake, one of {known} is")
    return meant


def _holder(names: SnowflakeNames, who: Persona | ServiceUser | AdminRole) -> str:
    if isinstance(who, AdminRole):
        return who
    if isinstance(who, ServiceUser):
        return names.user(who)
    return names.role(who)


def _targets(names: SnowflakeNames, stated: SnowflakeObject, domains: Sequence[Domain]) -> Iterator[_Target]:
    """The one object of the account that is stated, or what is stated of a schema in that of each domain."""
    of_account = _of_account(names, stated)
    if of_account is not None:
        yield _Target(*of_account, None, None)
    elif stated.database is not None:
        database = names.database(stated.database)
        yield _Target("DATABASE", database, database, None)
    else:
        yield from (_in_a_schema(names, stated, domain) for domain in domains)


def _of_account(names: SnowflakeNames, stated: SnowflakeObject) -> tuple[str, str] | None:
    if stated.account:
        return "ACCOUNT", "account"
    if stated.warehouse is not None:
        return "WAREHOUSE", names.warehouse(stated.warehouse)
    if stated.made is not None:
        return MADE, stated.made
    if stated.monitor is not None:
        return "RESOURCE MONITOR", names.monitor(stated.monitor)
    return None if stated.role is None else ("ROLE", names.role(stated.role))


def _in_a_schema(names: SnowflakeNames, stated: SnowflakeObject, domain: Domain) -> _Target:
    by_layer = {
        "SCHEMA": (stated.schema, ""),
        "STAGE": (stated.stage, f".{LANDING_STAGE}"),
        "TABLE": (stated.tables, ".*"),
        "VIEW": (stated.views, ".*"),
    }
    on, layer, rest = next((on, layer, rest) for on, (layer, rest) in by_layer.items() if layer is not None)
    schema = f"{names.database(layer)}.{names.schema(domain, layer)}"
    return _Target(on, f"{schema}{rest}", names.database(layer), schema)
