"""Domains as the platform file declares them, and what is refused with its line."""

from pathlib import Path

import pytest
from platform_contract.domain import Domain, Engine, Place
from platform_contract.domains import domain_named, domains, domains_on, place_of, places_on, read_domains
from platform_contract.errors import ContractError
from platform_contract.layer import Layer
from platform_contract.platform_file import read_platform_file

TILL = '[domains.till]\nengine = "snowflake"\nowners = ["team:till"]\n'
BARE = 'schema_prefix = ""\n'


def read(tmp_path: Path, text: str) -> tuple[Domain, ...]:
    file = tmp_path / "platform.toml"
    file.write_text(text, encoding="utf-8")
    return read_domains(read_platform_file(file))


def test_a_domain_has_a_schema_for_each_layer_of_its_engine(tmp_path: Path) -> None:
    rivers = '[domains.rivers]\nengine = "databricks"\nowners = ["a@example.com"]\nmarks = ["pii", "secret"]\n'
    till, found = read(tmp_path, TILL + rivers)
    assert [place.schema for place in till.places] == ["till", "till_bronze", "till_silver", "till_gold"]
    assert [place.schema for place in found.places] == ["rivers_bronze", "rivers_silver", "rivers_gold"]
    assert found.marks == ("pii", "secret")
    assert (str(till), str(till.places[0])) == ("till", "till/raw")


def test_the_first_two_keep_the_places_that_they_had() -> None:
    assert [place.schema for place in domain_named("shop").places] == ["shop", "bronze", "silver", "gold"]
    assert [place.schema for place in domain_named("weather").places] == ["bronze", "silver", "gold"]


def test_a_schema_tells_its_domain_and_layer() -> None:
    shop = domain_named("shop")
    assert place_of(Engine.SNOWFLAKE, "SHOP") == Place(shop, Layer.RAW)
    assert place_of(Engine.SNOWFLAKE, "gold") == Place(shop, Layer.GOLD)
    assert place_of(Engine.DATABRICKS, "shop") is None
    assert {place.domain for place in places_on(Engine.SNOWFLAKE)} == set(domains_on(Engine.SNOWFLAKE))
    assert {domain.engine for domain in domains()} == set(Engine)


def test_an_unknown_domain_is_named_with_the_known_ones() -> None:
    with pytest.raises(ContractError, match=r"unknown domain 'shops': known are shop, .*\[domains\.shops\]"):
        domain_named("shops")


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        (TILL.replace("snowflake", "oracle"), 2, "'oracle' is no engine: one of snowflake, databricks is"),
        (TILL.replace('engine = "snowflake"\n', ""), 1, "lacks engine"),
        (TILL.replace('["team:till"]', "[]"), 3, "nobody answers for it"),
        (TILL + "colour = 1\n", 4, "colour is no setting"),
        (TILL + 'schema_prefix = "Till"\n', 4, "'Till' is no prefix"),
        (TILL + 'marks = ["p i i"]\n', 4, "'p i i' is no mark"),
        (TILL.replace("till]", "Till]"), 1, "'Till' cannot name a domain"),
        (TILL.replace("domains.till]", "domains.public]"), 1, "'public' is another thing's name"),
        (TILL + BARE + TILL.replace("till]", "shop]") + BARE, 8, "shop/bronze and till/bronze would both be schema"),
        # A raw schema that is called as another's layer: one name would mean two things.
        (TILL + BARE + TILL.replace("till]", "gold]"), 5, "gold/raw and till/gold would both be schema gold"),
    ],
)
def test_what_cannot_be_is_refused_with_file_and_line(tmp_path: Path, text: str, line: int, why: str) -> None:
    with pytest.raises(ContractError) as refused:
        read(tmp_path, text)
    assert f"platform.toml:{line}: " in str(refused.value)
    assert why in str(refused.value)


def test_two_engines_may_have_a_schema_of_one_name(tmp_path: Path) -> None:
    other = TILL.replace("till]", "rivers]").replace("snowflake", "databricks") + BARE
    assert [domain.schema_prefix for domain in read(tmp_path, TILL + BARE + other)] == ["", ""]
