import importlib.util
import os
from collections.abc import Sequence

import pytest


def require_tools(stand_in: str, missing: Sequence[str]) -> None:
    """Skip the test where this machine lacks what a stand-in runs on; in CI, where nothing may be lacking, fail it.

    Args:
        stand_in: what cannot be started.
        missing: what is lacking, each with its cure.
    """
    if not missing:
        return
    message = f"{stand_in} cannot run here; missing: {'; '.join(missing)}"
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def missing_packages(*names: str) -> list[str]:
    """Those of the packages that this environment lacks, each with its cure."""
    absent = [name for name in names if importlib.util.find_spec(name) is None]
    return [f"{name} (.ci/setup production rehearsal)" for name in absent]
