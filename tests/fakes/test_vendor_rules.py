"""Every rule of a vendor that is known has a source, and a test that shows that the stand-in knows it."""

import ast
import tomllib
from pathlib import Path
from typing import Any

import pytest
from platform_contract.local_paths import checkout

ROOT = checkout(Path(__file__))
RULES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "vendor_rules.toml").read_text("utf-8"))["rule"]


def functions_in(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("rule", RULES, ids=[rule["rule"] for rule in RULES])
def test_a_rule_has_a_source_and_tests_that_are_there(rule: dict[str, Any]) -> None:
    assert rule.keys() == {"of", "rule", "source", "certain", "tests"}
    assert rule["source"].strip()
    assert rule["tests"]
    for test in rule["tests"]:
        file, _, name = test.partition("::")
        assert name.startswith("test_")
        assert name in functions_in(ROOT / file), test


def test_no_rule_is_written_down_twice() -> None:
    assert len({rule["rule"] for rule in RULES}) == len(RULES)
