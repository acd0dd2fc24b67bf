"""Several declarations in one code location: what each has for itself, and what is refused with its file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml
from dagster.components.testing import create_defs_folder_sandbox
from snowflake_medallion.components.source_table import SourceTable, raw_tables

from tests.code_locations.snowflake_medallion.shop_sandbox import DEFS_YAML, REPOSITORY, load_shop
from tests.fakes.shop_tables import SHOP
from tests.platform_domains import declared_domains

pytestmark = pytest.mark.timeout(300)


def messages(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        yield str(error)
        error = error.__cause__


@contextmanager
def refused() -> Iterator[list[str]]:
    found: list[str] = []
    with pytest.raises(Exception) as raised:  # noqa: PT011 - the library wraps it, the message is what counts
        yield found
    found.extend(messages(raised.value))


def load_two(first: dict[str, Any], second: dict[str, Any]) -> None:
    declared = yaml.safe_load(DEFS_YAML.read_text(encoding="utf-8"))
    project = {"project": str(REPOSITORY / "dbt_project")}
    with create_defs_folder_sandbox() as sandbox:
        for name, changed in (("first", first), ("second", second)):
            folder = sandbox.defs_folder_path / name
            folder.mkdir()
            content = declared | {"attributes": declared["attributes"] | project | changed}
            (folder / "defs.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
        with sandbox.build_component_tree() as tree:
            tree.build_defs_at_path(Path())


def test_two_declarations_of_one_domain_are_refused_naming_both_files() -> None:
    with refused() as said:
        load_two({}, {"refresh_cron": "0 6 * * *"})
    assert "first/defs.yaml and second/defs.yaml both declare domain shop" in "\n".join(said)


def test_a_domain_of_the_other_engine_is_refused() -> None:
    with refused() as said:
        load_shop({"domain": "weather"})
    assert "domain: weather is built in databricks, and this component builds in snowflake" in "\n".join(said)


def test_an_unknown_domain_is_refused() -> None:
    with refused() as said:
        load_shop({"domain": "shops"})
    assert "unknown domain 'shops': known are shop" in "\n".join(said)


def test_a_selection_of_another_domains_models_is_refused(tmp_path: Path) -> None:
    with declared_domains(tmp_path, warehouses=["till"]), refused() as said:
        load_shop({"domain": "till", "select": "bronze_orders"})
    assert "select: 'bronze_orders' takes in shop/bronze_orders" in "\n".join(said)
    assert "select the models under models/till alone" in "\n".join(said)


def table(**changed: str | list[str]) -> SourceTable:
    return SourceTable.model_validate({"name": "orders", "columns": ["id", "day"], "key": ["id"]} | changed)


def test_a_table_lands_in_the_folder_of_its_name_unless_it_says_another() -> None:
    folders = [one.folder for one in raw_tables(SHOP, [table(), table(name="refunds", files="till/refunds")])]
    assert folders == ["orders", "till/refunds"]


@pytest.mark.parametrize(
    ("tables", "why"),
    [
        ([], "none is declared"),
        ([table(key=["number"])], "orders: key names number, no column"),
        ([table(columns=["id", "id"])], "orders: id is there twice"),
        ([table(), table(files="elsewhere")], "orders is declared twice"),
        ([table(), table(name="late", files="orders/late")], "both load what lands in orders/late/"),
    ],
)
def test_a_table_that_cannot_be_is_refused(tables: list[SourceTable], why: str) -> None:
    with pytest.raises(dg.DagsterInvalidDefinitionError, match=why):
        raw_tables(SHOP, tables)
