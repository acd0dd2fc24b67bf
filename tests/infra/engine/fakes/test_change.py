"""How a fake compares what a program asks for with what the cloud has."""

import pytest

from tests.fakes.pulumi_provider.change import change, current_inputs
from tests.fakes.pulumi_provider.property_values import UNKNOWN, Properties
from tests.fakes.pulumi_provider.resource_facts import load_facts
from tests.fakes.pulumi_provider.snowflake.account import Edition
from tests.fakes.pulumi_provider.snowflake.snowflake_cloud import SnowflakeCloud
from tests.fakes.pulumi_provider.snowflake.store import MemorySnowflakeStore
from tests.fakes.pulumi_provider.snowflake.tokens import GRANT_TO_DATABASE_ROLE, SCHEMA, WAREHOUSE

CLOUD = SnowflakeCloud(Edition.ENTERPRISE, MemorySnowflakeStore())
FACTS = load_facts("snowflake")


@pytest.mark.parametrize(
    ("desired", "actual", "declared", "differing"),
    [
        ({"name": "W"}, {"name": "W", "autoSuspend": 600}, {"name": "W"}, ()),
        ({"name": "W"}, {"name": "W", "autoSuspend": 60}, {"name": "W"}, ("autoSuspend",)),
        ({"name": "W", "warehouseSize": "x-small"}, {"name": "W", "warehouseSize": "XSMALL"}, {}, ()),
        ({"name": "W", "comment": UNKNOWN}, {"name": "W", "comment": "c"}, {}, ("comment",)),
        ({"name": "W"}, {"name": "W", "generation": "2"}, {"name": "W", "generation": "2"}, ("generation",)),
        ({"name": "W"}, {"name": "W", "generation": "2"}, {"name": "W"}, ()),
    ],
)
def test_only_what_the_program_or_a_default_settles_can_differ(
    desired: Properties, actual: Properties, declared: Properties, differing: tuple[str, ...]
) -> None:
    found = change(FACTS[WAREHOUSE], CLOUD.kind(WAREHOUSE), desired, actual, declared)

    assert found.differing == differing
    assert found.replacing == ()


def test_a_replacement_of_the_same_name_has_to_delete_first() -> None:
    desired = {"name": "S", "database": "D", "isTransient": "true"}
    actual = {"name": "S", "database": "D", "isTransient": "false"}

    found = change(FACTS[SCHEMA], CLOUD.kind(SCHEMA), desired, actual, actual)

    assert (found.differing, found.replacing, found.delete_first) == (("isTransient",), ("isTransient",), True)


def test_the_order_of_privileges_is_no_difference() -> None:
    kind = CLOUD.kind(GRANT_TO_DATABASE_ROLE)
    one = {"databaseRoleName": "D.R", "privileges": ["SELECT", "INSERT"], "onDatabase": "D"}
    other = {"databaseRoleName": '"D"."R"', "privileges": ["INSERT", "SELECT"], "onDatabase": '"D"'}

    assert change(FACTS[GRANT_TO_DATABASE_ROLE], kind, one, other, other).differing == ()


def test_a_refresh_reports_what_was_declared_and_an_import_whatever_is_no_default() -> None:
    kind = CLOUD.kind(WAREHOUSE)
    actual = {"name": "W", "autoSuspend": 60, "comment": "by hand", "scalingPolicy": "STANDARD"}

    refreshed = current_inputs(FACTS[WAREHOUSE], kind, {"name": "W", "autoSuspend": 300}, actual)
    imported = current_inputs(FACTS[WAREHOUSE], kind, {}, actual)

    assert refreshed == {"name": "W", "autoSuspend": 60}
    assert imported == {"name": "W", "autoSuspend": 60, "comment": "by hand"}
