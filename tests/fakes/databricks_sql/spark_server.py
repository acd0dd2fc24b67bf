"""The engine: Spark with Delta, as a Spark Connect server in a process of its own."""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_JARS_SCRIPT = Path(__file__).parents[3] / ".ci" / "spark-jars"
_START_SECONDS = 240
_STOP_SECONDS = 20
_LOG_LINES = 40

_SETTINGS: Mapping[str, str] = {
    "spark.connect.grpc.binding.address": "127.0.0.1",
    "spark.databricks.delta.snapshotPartitions": "1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
    # Errors go to clients as Databricks sends them, without the trace.
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.connect.serverStacktrace.enabled": "false",
    "spark.sql.pyspark.jvmStacktrace.enabled": "false",
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    # Spark's parser puts parameters into the text, but Delta's hides it: the analyzer binds them, as it used to.
    "spark.sql.legacy.parameterSubstitution.constantsOnly": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.sources.default": "delta",
    # VACUUM lists folders in as many tasks as this says: 10,000 by default.
    "spark.sql.sources.parallelPartitionDiscovery.parallelism": "2",
    "spark.ui.enabled": "false",
}
# It lives for minutes on a machine that others need too: quick to start and small, and only what is called very often
# is worth the long way through the optimising compiler.
_JVM_OPTIONS = " ".join(
    [
        "-XX:+UseSerialGC",
        "-Xss4m",
        "-XX:Tier4InvocationThreshold=40000",
        "-XX:Tier4MinInvocationThreshold=5000",
        "-XX:Tier4CompileThreshold=100000",
        "-XX:Tier4BackEdgeThreshold=300000",
    ]
)


class SparkServerError(Exception):
    """Spark cannot be started here; the message says what is missing, or ends with Spark's own last words."""


@dataclass(frozen=True, slots=True)
class SparkServer:
    """A running engine."""

    port: int
    log: Path
    process_id: int

    @property
    def url(self) -> str:
        """Where Spark Connect clients find it."""
        return f"sc://127.0.0.1:{self.port}"


def missing_tools() -> list[str]:
    """What this machine lacks to run Spark, each with its cure; nothing where it lacks nothing."""
    cures = {
        "java": "install a Java runtime, version 17 or later",
        "mvn": "install Maven, which fetches the Delta jars",
    }
    lacking = [f"{tool} ({cure})" for tool, cure in cures.items() if shutil.which(tool) is None]
    if importlib.util.find_spec("pyspark") is None or importlib.util.find_spec("grpc_status") is None:
        lacking.append("pyspark (.ci/setup production rehearsal)")
    return lacking


@contextmanager
def spark_server(folder: Path) -> Iterator[SparkServer]:
    """An engine that keeps tables and its log in a folder, until the block is left.

    Raises:
        SparkServerError: when it is not up in four minutes.
    """
    log = folder / "spark.log"
    port = _free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            _command(folder, port),
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_up(process, port, log)
        yield SparkServer(port, log, process.pid)
    finally:
        _stop(process)


def last_lines(log: Path) -> str:
    """The end of a log, where the reason of a failure usually stands."""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LOG_LINES:])


def _command(folder: Path, port: int) -> list[str]:
    settings = {
        **_SETTINGS,
        "spark.connect.grpc.binding.port": str(port),
        "spark.local.dir": str(folder / "spill"),
        "spark.sql.warehouse.dir": str(folder / "undeclared"),
    }
    return [
        str(_spark_home() / "bin" / "spark-submit"),
        "--master=local[2]",
        "--driver-memory=2g",
        f"--driver-java-options={_JVM_OPTIONS} -Djava.io.tmpdir={_made(folder / 'tmp')}",
        f"--jars={','.join(map(str, _delta_jars()))}",
        *(f"--conf={name}={value}" for name, value in settings.items()),
        "--class=org.apache.spark.sql.connect.service.SparkConnectServer",
        "spark-internal",
    ]


def _environment() -> dict[str, str]:
    # A Spark that is set up on this machine, its settings and its remote address are another Spark's.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("SPARK_", "PYSPARK_"))}
    return {
        **inherited,
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_HOME": str(_spark_home()),
        "SPARK_LOCAL_IP": "127.0.0.1",
    }


def _spark_home() -> Path:
    found = importlib.util.find_spec("pyspark")
    if found is None or found.origin is None:
        raise SparkServerError("no pyspark here: run .ci/setup production rehearsal")
    return Path(found.origin).parent


def _delta_jars() -> list[Path]:
    found = subprocess.run(["sh", _JARS_SCRIPT], capture_output=True, text=True, timeout=300, check=False)
    if found.returncode:
        raise SparkServerError(f"the Delta jars cannot be had: {found.stderr.strip()}")
    return sorted(Path(found.stdout.strip()).glob("*.jar"))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _wait_until_up(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SparkServerError(f"Spark ended with code {process.returncode} before it was up:\n{last_lines(log)}")
        if _answers(port):
            return
        time.sleep(0.25)
    raise SparkServerError(f"Spark was not up after {_START_SECONDS} s:\n{last_lines(log)}")


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the process and every one that it started."""
    _signal_group(process, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_STOP_SECONDS)
    _signal_group(process, signal.SIGKILL)
    process.wait(_STOP_SECONDS)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    # Nobody may be left in the group.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
