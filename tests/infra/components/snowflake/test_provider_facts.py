"""The program against what the provider's own schema says of each type, not against the SDK that the program calls."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.pulumi_mocks.recorder import RecordedResource, RecordedStack

EVERYTHING = {"tags": True, "edition": "enterprise", "allowed_cidrs": ["192.0.2.0/24"]}


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    path = Path(__file__).parents[3] / "fakes" / "provider_facts" / "snowflake.json"
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module", params=["dev", "prod", "pr-7"])
def declared(request: pytest.FixtureRequest, run_stack: Callable[..., RecordedStack]) -> list[RecordedResource]:
    settings = {} if request.param == "pr-7" else EVERYTHING
    made = run_stack(request.param, **settings).resources
    return [resource for resource in made if resource.type_token.startswith("snowflake:index/")]


def test_no_type_is_a_preview_or_deprecated(declared: list[RecordedResource], facts: dict[str, Any]) -> None:
    types = {resource.type_token for resource in declared}
    assert [token for token in types if facts[token]["preview"] or facts[token]["deprecated"]] == []


def test_every_input_exists_and_none_that_is_required_is_missing(
    declared: list[RecordedResource], facts: dict[str, Any]
) -> None:
    for resource in declared:
        known = facts[resource.type_token]
        assert resource.inputs.keys() <= known["inputs"].keys(), resource.name
        assert set(known["required"]) <= resource.inputs.keys(), resource.name


def test_every_plain_input_has_the_type_that_the_provider_takes(
    declared: list[RecordedResource], facts: dict[str, Any]
) -> None:
    plain = {"string": str, "boolean": bool, "integer": float}
    for resource in declared:
        for name, value in resource.inputs.items():
            expected = facts[resource.type_token]["inputs"][name]
            # Numbers are floating on the wire, and a whole one is the integer.
            assert not isinstance(expected, str) or type(value) is plain[expected], f"{resource.name}.{name}"


def test_no_input_is_a_secret_but_what_the_platform_never_sets(
    declared: list[RecordedResource], facts: dict[str, Any]
) -> None:
    assert [r.name for r in declared if set(facts[r.type_token]["secret"]) & r.inputs.keys()] == []
