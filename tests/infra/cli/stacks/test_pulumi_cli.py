import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

# Of the CLI what counts here: at Ctrl-C what it has begun comes to an end, it gives its lock back, and ends with 255.
ENGINE = """\
    import signal, sys, time
    from pathlib import Path

    def cancelled(*_):
        time.sleep(1.5)
        Path("lock").unlink()
        sys.exit(255)

    signal.signal(signal.SIGINT, cancelled)
    Path("lock").touch()
    time.sleep(60)
"""
OPERATOR = """\
    import os, sys
    from pathlib import Path
    from platform_cli.stacks.pulumi_cli import PulumiCli

    sys.exit(PulumiCli(Path("pulumi").absolute(), os.environ).run(Path("infra"), "up"))
"""


def test_ctrl_c_lets_the_cli_come_to_its_own_end(tmp_path: Path) -> None:
    engine = tmp_path / "pulumi"
    engine.write_text(f"#!{sys.executable}\n{textwrap.dedent(ENGINE)}", encoding="utf-8")
    engine.chmod(0o755)
    command = [sys.executable, "-c", textwrap.dedent(OPERATOR)]
    with subprocess.Popen(command, cwd=tmp_path, start_new_session=True) as operator:
        while not (tmp_path / "lock").is_file():
            assert operator.poll() is None
            time.sleep(0.05)
        # As a terminal does, to all that run in it.
        os.killpg(operator.pid, signal.SIGINT)
        assert operator.wait(timeout=30) == 255
    assert not (tmp_path / "lock").exists()
