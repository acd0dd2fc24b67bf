"""A Snowflake account: fakesnow behind TLS, its limitations worked around where its wire begins."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import fakesnow.instance
import fakesnow.server
import uvicorn
from fakesnow.transforms.stage import LOCAL_BUCKET_PATH

from tests.fakes.snowflake.fakesnow_application import FakesnowApplication
from tests.fakes.snowflake.front import Front
from tests.fakes.snowflake.load_history import LoadHistory
from tests.fakes.snowflake.null_timestamps import null_timestamps
from tests.fakes.snowflake.query_log import QueryLog
from tests.fakes.snowflake.snowflake_failures import SnowflakeFailures
from tests.fakes.snowflake.text_fields import text_fields
from tests.fakes.snowflake.users import Users
from tests.fakes.tls_certificate import Certificate

_START_SECONDS = 30


@dataclass(frozen=True, slots=True)
class SnowflakeServer:
    """A running account: where it listens, who may sign in, what it was asked, what goes wrong by plan."""

    port: int
    users: Users
    queries: QueryLog
    failures: SnowflakeFailures
    engine: fakesnow.instance.FakeSnow
    loads: LoadHistory


@contextmanager
def snowflake_server(certificate: Certificate) -> Iterator[SnowflakeServer]:
    """An account in which nothing exists yet, kept in memory until the block is left."""
    engine = fakesnow.instance.FakeSnow(create_database_on_connect=False, create_schema_on_connect=False)
    users, queries, failures = Users(), QueryLog(), SnowflakeFailures()
    front = Front(FakesnowApplication(fakesnow.server.app), users, queries, failures)
    config = uvicorn.Config(
        front,
        ssl_certfile=certificate.certificate_file,
        ssl_keyfile=certificate.key_file,
        # Its own would have fakesnow print what it is asked.
        log_config=None,
        log_level="critical",
    )
    server = uvicorn.Server(config)
    with (
        _engine_of_fakesnow(engine),
        null_timestamps(),
        text_fields(),
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listener]}, name="snowflake-server", daemon=True
        )
        thread.start()
        _wait_until_started(server)
        try:
            yield SnowflakeServer(listener.getsockname()[1], users, queries, failures, engine, front.loads)
        finally:
            server.should_exit = True
            thread.join(timeout=10)


@contextmanager
def _engine_of_fakesnow(engine: fakesnow.instance.FakeSnow) -> Iterator[None]:
    # fakesnow keeps one account in its module, which makes whatever database a client names.
    known = fakesnow.server.shared_fs
    fakesnow.server.shared_fs = engine
    try:
        yield
    finally:
        fakesnow.server.shared_fs = known
        engine.duck_conn.close()
        # The files of its stages.
        shutil.rmtree(LOCAL_BUCKET_PATH, ignore_errors=True)


def _wait_until_started(server: uvicorn.Server) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not server.started:
        if time.monotonic() > deadline:
            raise TimeoutError(f"fakesnow did not start within {_START_SECONDS} s")
        time.sleep(0.05)
