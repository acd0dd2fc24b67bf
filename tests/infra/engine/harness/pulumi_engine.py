import os
import shutil
from pathlib import Path

import pytest

# The folder that `.ci/pulumi` builds into, whatever the version.
_CACHE = Path("data-platform") / "pulumi"
_HOW_TO_INSTALL = (
    "no Pulumi CLI was found: install the released one, or have Go and run `sh .ci/pulumi`, which builds it once"
)


def find_engine() -> Path | None:
    """The folder that holds the Pulumi CLI: the one on PATH, else the newest that `.ci/pulumi` has built."""
    on_path = shutil.which("pulumi")
    if on_path is not None:
        return Path(on_path).parent
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / _CACHE
    built = sorted(found.parent for found in cache.glob("v*/pulumi"))
    return built[-1] if built else None


def require_engine() -> Path:
    """The engine's folder; without one the test skips on a laptop, and fails in CI."""
    engine = find_engine()
    if engine is not None:
        return engine
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(_HOW_TO_INSTALL)
    pytest.skip(_HOW_TO_INSTALL)
