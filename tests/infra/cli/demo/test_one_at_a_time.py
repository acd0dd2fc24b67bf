import subprocess
import sys
from pathlib import Path

import pytest
from platform_cli.demo.one_at_a_time import one_at_a_time
from platform_contract.errors import ContractError


def test_a_second_holder_is_refused_until_the_first_is_done(tmp_path: Path) -> None:
    lock = tmp_path / "demo.lock"
    with one_at_a_time(lock), pytest.raises(ContractError, match=r"another demo .*demo\.lock"), one_at_a_time(lock):
        pass
    with one_at_a_time(lock):
        pass


def test_a_killed_holder_leaves_no_lock(tmp_path: Path) -> None:
    lock = tmp_path / "demo.lock"
    script = (
        "import os, pathlib, sys; from platform_cli.demo.one_at_a_time import one_at_a_time\n"
        "with one_at_a_time(pathlib.Path(sys.argv[1])): os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", script, str(lock)], check=False).returncode == 9
    with one_at_a_time(lock):
        pass
