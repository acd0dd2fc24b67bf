import json
import re
from pathlib import Path
from typing import Any

import pytest
from platform_contract.local_paths import checkout
from platform_infra.stack_settings.common_settings import CommonSettings
from pydantic import TypeAdapter

from tests.fakes.image_lifecycle import built_image, kept

PAGE = checkout(Path(__file__)) / "infra" / "README.md"
# For so long GitHub lets a run be repeated, which takes the image that its first attempt has pushed.
REPEATABLE = 30


def policy() -> dict[str, Any]:
    """What the page has somebody put on the repository of pull requests."""
    found = re.search(r"--lifecycle-policy-text '(.*?)'", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def longest_life() -> int:
    """The most days that `expires_after_days` may be."""
    return TypeAdapter(CommonSettings).json_schema()["properties"]["expires_after_days"]["maximum"]


@pytest.mark.parametrize("spares_members", [True, False])
def test_an_image_of_a_pull_request_is_there_as_long_as_anything_may_start_from_it(*, spares_members: bool) -> None:
    image = built_image("databricks_delta-abc", 0)
    assert kept(policy(), image, range(1, longest_life() + REPEATABLE + 1), spares_members=spares_members) == image


@pytest.mark.parametrize("spares_members", [True, False])
def test_nothing_of_it_is_paid_for_ever_after(*, spares_members: bool) -> None:
    images = [*built_image("databricks_delta-abc", 0), *built_image("snowflake_medallion-abc", 3)]
    assert kept(policy(), images, range(1, 130), spares_members=spares_members) == []
