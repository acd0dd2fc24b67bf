from collections.abc import Callable
from pathlib import Path

from click.testing import Result


def test_before_a_clone_there_is_nothing_to_build_on(small_checkout: Path, platform: Callable[..., Result]) -> None:
    refused = platform("build", "--deployment", "pr-7")
    assert refused.exit_code == 2
    assert "make clone DEPLOYMENT=pr-7" in refused.output
    assert not (small_checkout / ".local").exists()
