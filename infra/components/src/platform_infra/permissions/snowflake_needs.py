from collections.abc import Iterable, Iterator

from platform_contract.deployment import Deployment
from platform_contract.layer import Layer
from platform_contract.snowflake_names import LANDING_STAGE, Persona, ServiceUser, SnowflakeNames

from platform_infra.permissions.declared_rows import Declared, SnowflakeObject, SnowflakeRow
from platform_infra.permissions.right import MADE, JustifiedRight, Reason, Right
from platform_infra.snowflake.admin_role import AdminRole


def snowflake_justified(deployment: Deployment, declared: Iterable[Declared[SnowflakeRow]]) -> list[JustifiedRight]:
    """What is declared for a deployment's Snowflake, under the deployment's names.

    Whoever may do something inside a schema may also enter it and its database.
    """
    names = SnowflakeNames(deployment)
    here = [one for one in declared if deployment.kind in one.row.kinds]
    return [right for one in here for right in _rights(names, one)]


def _rights(names: SnowflakeNames, declared: Declared[SnowflakeRow]) -> Iterator[JustifiedRight]:
    row = declared.row
    holder = _holder(names, row.who)
    reason = Reason(declared.pipeline, row.reason, row.owner)
    on, name, layer = _target(names, row.where)
    for privilege in row.may:
        yield JustifiedRight(Right(holder, privilege, on, name), reason)
    if layer is None:
        return
    yield JustifiedRight(Right(holder, "USAGE", "DATABASE", names.database(layer)), reason.on_the_way())
    if on != "DATABASE":
        yield JustifiedRight(Right(holder, "USAGE", "SCHEMA", _schema(names, layer)), reason.on_the_way())


def _holder(names: SnowflakeNames, who: Persona | ServiceUser | AdminRole) -> str:
    if isinstance(who, AdminRole):
        return who
    if isinstance(who, ServiceUser):
        return names.user(who)
    return names.role(who)


def _target(names: SnowflakeNames, stated: SnowflakeObject) -> tuple[str, str, Layer | None]:
    """Kind and full name of an object, and the layer that it is in."""
    if stated.account:
        return "ACCOUNT", "account", None
    if stated.warehouse is not None:
        return "WAREHOUSE", names.warehouse(stated.warehouse), None
    if stated.made is not None:
        return MADE, stated.made, None
    if stated.monitor is not None:
        return "RESOURCE MONITOR", names.monitor(stated.monitor), None
    if stated.role is not None:
        return "ROLE", names.role(stated.role), None
    return _target_in_a_database(names, stated)


def _target_in_a_database(names: SnowflakeNames, stated: SnowflakeObject) -> tuple[str, str, Layer]:
    if stated.database is not None:
        return "DATABASE", names.database(stated.database), stated.database
    if stated.schema is not None:
        return "SCHEMA", _schema(names, stated.schema), stated.schema
    if stated.stage is not None:
        return "STAGE", f"{_schema(names, stated.stage)}.{LANDING_STAGE}", stated.stage
    on, layer = ("TABLE", stated.tables) if stated.tables is not None else ("VIEW", Layer(stated.views))
    return on, f"{_schema(names, layer)}.*", layer


def _schema(names: SnowflakeNames, layer: Layer) -> str:
    return f"{names.database(layer)}.{names.schema(layer)}"
