import pytest
from hypothesis import given
from hypothesis import strategies as st
from platform_infra.snowflake.identifiers import identifier_parts, quoted


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("raw.shop", ["RAW", "SHOP"]),
        ('"raw"."SHOP"', ["raw", "SHOP"]),
        ('"a.b".c', ["a.b", "C"]),
        ('"say ""hi"""', ['say "hi"']),
    ],
)
def test_parts_are_as_the_catalog_stores_them(written: str, stored: list[str]) -> None:
    assert identifier_parts(written) == stored


@given(st.lists(st.text("ABC_19$", min_size=1, max_size=20), min_size=1, max_size=3))
def test_what_is_quoted_is_read_back(parts: list[str]) -> None:
    assert identifier_parts(quoted(*parts)) == parts
