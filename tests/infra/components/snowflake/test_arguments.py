from collections.abc import Callable

import pytest
from platform_contract.layer import Layer
from platform_infra.snowflake.arguments import (
    AccountRoleArgs,
    ArgumentError,
    DatabaseArgs,
    DatabaseRoleArgs,
    NetworkPolicyArgs,
    SchemaArgs,
    ServiceUserArgs,
    WarehouseArgs,
)
from platform_infra.snowflake.edition import Edition
from platform_infra.snowflake.privilege import ObjectPrivileges, ObjectType, Privilege
from platform_infra.snowflake.warehouse_settings import WarehouseSettings


def schema(name: str = "GOLD", transient: bool = False, days: int = 1) -> SchemaArgs:
    return SchemaArgs(Layer.GOLD, name, "", transient, days, None)


def database(transient: bool, days: int, *schemas: SchemaArgs) -> DatabaseArgs:
    return DatabaseArgs("ANALYTICS", "", transient, days, schemas, False)


def database_role(on: ObjectType) -> DatabaseRoleArgs:
    usage = (ObjectPrivileges(on, (Privilege.USAGE,)),)
    return DatabaseRoleArgs("ANALYTICS", "GOLD", "GOLD_READ", "", usage)


REFUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: schema(transient=True, days=2), "schema GOLD is transient and cannot keep 2 days of history: 0 to 1"),
    (lambda: schema(days=91), "schema GOLD is permanent and cannot keep 91 days of history: 0 to 90"),
    (lambda: database(True, 2), "database ANALYTICS is transient and cannot keep 2 days"),
    (lambda: database(True, 0, schema()), "database ANALYTICS is transient, so GOLD cannot be permanent"),
    (lambda: schema(name="Gold"), "'Gold' would need quotes in SQL"),
    (lambda: schema(name="GOLD-1"), "'GOLD-1' would need quotes"),
    (lambda: database_role(ObjectType.WAREHOUSE), "cannot hold privileges on WAREHOUSE, which no database contains"),
    (
        lambda: WarehouseArgs("W", "M", "", WarehouseSettings(max_clusters=2), Edition.STANDARD, ()),
        "warehouse W: more than one cluster needs edition enterprise",
    ),
    (
        lambda: ServiceUserArgs("U", "", ("LOADER",), "TRANSFORMER", "W", None),
        "user U does not hold its default role TRANSFORMER",
    ),
    (lambda: NetworkPolicyArgs("P", "", ()), "network policy P allows no network at all"),
    (
        lambda: AccountRoleArgs("LOADER", "", "sysadmin", (), (), (), (), (), (), None, False),
        "'sysadmin' would need quotes",
    ),
]


@pytest.mark.parametrize(("build", "said"), REFUSED)
def test_what_the_provider_would_let_through_is_refused_as_it_is_built(build: Callable[[], object], said: str) -> None:
    with pytest.raises(ArgumentError, match=said):
        build()
