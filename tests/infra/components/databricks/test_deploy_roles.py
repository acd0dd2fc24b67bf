from collections.abc import Mapping
from pathlib import Path

import pytest
from platform_contract.local_paths import checkout
from platform_infra.databricks.deploy_roles import DEPLOY_ROLES

from tests.fakes.pulumi_mocks.recorder import RecordedStack
from tests.fakes.pulumi_provider.databricks.authority import TO_CHANGE, TO_CREATE


@pytest.mark.parametrize("stack", ["dev", "prod"])
@pytest.mark.parametrize("taken", [TO_CREATE, TO_CHANGE], ids=["create", "change"])
def test_who_applies_a_standing_stack_is_every_administrator_that_it_takes(
    recorded: Mapping[str, RecordedStack], stack: str, taken: Mapping[str, frozenset[str]]
) -> None:
    held = {one.role.value for one in DEPLOY_ROLES}
    declared = {resource.type_token for resource in recorded[stack].resources}
    assert {token for token in declared & taken.keys() if not taken[token] & held} == set()


def test_no_role_is_asked_for_that_nothing_takes(recorded: Mapping[str, RecordedStack]) -> None:
    declared = {resource.type_token for resource in recorded["dev"].resources}
    for one in DEPLOY_ROLES:
        others = {other.role.value for other in DEPLOY_ROLES} - {one.role.value}
        assert any(not taken[token] & others for taken in (TO_CREATE, TO_CHANGE) for token in declared & taken.keys())


def test_the_readme_says_each_role_and_what_it_is_for() -> None:
    text = (checkout(Path(__file__)) / "infra" / "README.md").read_text(encoding="utf-8")
    (step,) = [part for part in text.split("\n### ") if part.startswith("3. Who applies")]
    for one in DEPLOY_ROLES:
        assert f"| {one.role.value} | {one.needed_for} |" in step
