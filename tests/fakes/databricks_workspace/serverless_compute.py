import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.fakes.databricks_sql.failures import Failures
from tests.fakes.databricks_sql.unity_names import UnityNames
from tests.fakes.databricks_sql.volume_paths import require_volume_path
from tests.fakes.databricks_workspace.connect_proxy import connect_proxy

_TASK_RUNNER = Path(__file__).with_name("task_runner.py")
# A run gets a machine of its own: of this one, only what every program needs.
_INHERITED = ("HOME", "LANG", "PATH", "TMPDIR")


class ServerlessCompute:
    """Runs Python scripts of volumes, each in a process of its own, with Spark within reach.

    A second Spark could not share the first one's catalog. As on Databricks, a script's Spark session is a client of
    the engine over Spark Connect: `SparkSession.builder.getOrCreate()` finds it.
    """

    def __init__(self, engine_url: str, unity: UnityNames, failures: Failures, logs: Path) -> None:
        self._engine_url = engine_url
        self._unity = unity
        self._failures = failures
        self._logs = logs
        self._stack = ExitStack()
        self._spark_remote = ""

    def __enter__(self) -> Self:
        self._logs.mkdir(parents=True, exist_ok=True)
        self._spark_remote = self._stack.enter_context(connect_proxy(self._engine_url, self._unity, self._failures))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def start(self, script: str, parameters: Sequence[str], name: str) -> "Script":
        """Run a script of a volume.

        Raises:
            SqlError: when the script lies in no declared volume.
        """
        local = require_volume_path(script, self._unity)
        log = self._logs / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, _TASK_RUNNER, self._unity.volumes_root, local, *parameters],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return Script(process, log)

    def _environment(self) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        return {
            **inherited,
            "DATABRICKS_RUNTIME_VERSION": "client.4.0",
            "IS_SERVERLESS": "TRUE",
            "PYTHONUNBUFFERED": "1",
            "SPARK_REMOTE": self._spark_remote,
        }


class Script:
    """A script that runs, or ran."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self._log = log

    @property
    def output(self) -> str:
        """What it wrote so far, errors included."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def wait(self, seconds: float | None) -> int | None:
        """Its exit code, None when it has not ended in that time."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def kill(self) -> None:
        """End it and whatever it started."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self._process.wait(10)
