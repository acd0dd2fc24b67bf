"""What a client's request meets before fakesnow does: sign-in, the log, planned failures, and the workarounds."""

import asyncio
import gzip
import json
import re
from collections.abc import Sequence
from typing import Any

from sqlglot.errors import SqlglotError
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.fakes.snowflake.account_session import AccountSession
from tests.fakes.snowflake.comments import Comments
from tests.fakes.snowflake.composite_keys import CompositeKeys
from tests.fakes.snowflake.decimal_division import DecimalDivision
from tests.fakes.snowflake.existing_tables import made_unless_there
from tests.fakes.snowflake.late_transactions import LateTransactions, rolls_back, starts_transaction
from tests.fakes.snowflake.load_history import LoadHistory, content_digest
from tests.fakes.snowflake.merge_values import MergeValues
from tests.fakes.snowflake.owners import Owners
from tests.fakes.snowflake.owners import refusal as not_the_owner
from tests.fakes.snowflake.privileges import Privileges
from tests.fakes.snowflake.query_history import asks_history, history
from tests.fakes.snowflake.query_log import QueryLog, ReceivedQuery
from tests.fakes.snowflake.replacing_clones import ReplacingClones
from tests.fakes.snowflake.session_parameters import SessionParameters
from tests.fakes.snowflake.snowflake_failures import Hold, SnowflakeFailures
from tests.fakes.snowflake.staged_copy import StagedCopy, skipped, staged_copy
from tests.fakes.snowflake.table_locks import TableLocks
from tests.fakes.snowflake.temporary_objects import TemporaryObjects
from tests.fakes.snowflake.timestamp_mapping import TimestampMapping
from tests.fakes.snowflake.users import Users
from tests.fakes.snowflake.workaround import DONE, Workaround

_LOGIN = "/session/v1/login-request"
_SESSION = "/session"
_QUERY = "/queries/v1/query-request"
_ABORT = "/queries/v1/abort-request"
_JWT_INVALID = "390144"
_ROLE_NOT_GRANTED = "390189"
_SERVER_ERROR = 500
# Of an account that has set no other.
_LOCK_TIMEOUT_SECONDS = 43_200
# How DuckDB says that something is not there.
_NO_TABLE = re.compile(r"Catalog Error: (?:Table|View|Schema) with name \"?([^\" ]+)\"? does not exist")
_NO_FILES = "SELECT 'Copy executed with 0 files processed.' AS \"status\""
# docs.snowflake.com, Transactions: DDL commits what is open, then itself.
_DDL = re.compile(r"\s*(?:create|drop|alter)\s+(?!session)|\s*comment\s", re.IGNORECASE)
_EMPTIED = re.compile(
    r"\s*(?:truncate\s+(?:table\s+)?(?:if\s+exists\s+)?"
    r"|create\s+(?:or\s+replace\s+)?(?:transient\s+)?table\s+(?:if\s+not\s+exists\s+)?)([\w.\"]+)",
    re.IGNORECASE,
)
_NO_COLUMN = re.compile(r'column with name "([^"]+)"|column "([^"]+)" not found', re.IGNORECASE)

WORKAROUNDS: Sequence[Workaround] = (
    SessionParameters(),
    Privileges(),
    Comments(),
    TemporaryObjects(),
    LateTransactions(),
    MergeValues(),
    DecimalDivision(),
    TimestampMapping(),
    CompositeKeys(),
    ReplacingClones(),
)


class Front:
    """An ASGI application in front of fakesnow's."""

    def __init__(self, fakesnow: ASGIApp, users: Users, queries: QueryLog, failures: SnowflakeFailures) -> None:
        self._fakesnow = fakesnow
        self._users = users
        self._queries = queries
        self._failures = failures
        self._sessions: dict[str, AccountSession] = {}
        self._answers: dict[str, Response] = {}
        self._owners = Owners()
        self._locks = TableLocks()
        self.loads = LoadHistory()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["path"] == _SESSION and "delete" in Request(scope).query_params:
            self._failures.end_session(_token(scope))
            await self._end_session(scope)
        if scope["type"] != "http" or scope["path"] not in {_LOGIN, _QUERY, _ABORT}:
            await self._fakesnow(scope, receive, send)
            return
        request = Request(scope, receive)
        content = _decoded(await request.body(), request.headers)
        answer = {_LOGIN: self._log_in, _QUERY: self._answer_once, _ABORT: self._abort}[scope["path"]]
        response = await answer(scope, content)
        if response is None:
            _hang_up(send)
            return
        await response(scope, receive, send)

    async def _abort(self, scope: Scope, content: dict[str, Any]) -> Response:
        self._failures.cancel(content["requestId"])
        return JSONResponse({"success": True, "data": None})

    async def _answer_once(self, scope: Scope, content: dict[str, Any]) -> Response | None:
        """The response, None for a connection that breaks; a request that comes again is not run again."""
        request = Request(scope).query_params.get("requestId", "")
        if request in self._answers:
            return self._answers.pop(request)
        cut = self._failures.cuts(content["sqlText"])
        if cut is not None and not cut.has_run:
            return None
        response = await self._query(scope, content)
        if cut is None:
            return response
        self._answers[request] = response
        return None

    async def _log_in(self, scope: Scope, content: dict[str, Any]) -> Response:
        login = content["data"]
        refused = self._users.refusal(login)
        if refused is not None:
            return _failure(_JWT_INVALID, "08001", refused)
        query = Request(scope).query_params
        refused = self._users.role_refusal(login, query.get("roleName", ""))
        if refused is not None:
            return _failure(_ROLE_NOT_GRANTED, "08001", refused)
        answered = json.loads(bytes((await _call(self._fakesnow, scope, content)).body))
        token = answered["data"]["token"]
        self._sessions[token] = AccountSession(
            login["LOGIN_NAME"],
            query.get("roleName", ""),
            query.get("warehouse", ""),
            query.get("databaseName", "").upper(),
            query.get("schemaName", "").upper(),
            login["SESSION_PARAMETERS"].get("QUERY_TAG", ""),
            float(login["SESSION_PARAMETERS"].get("LOCK_TIMEOUT", _LOCK_TIMEOUT_SECONDS)),
        )
        # Without it the client never says that a session is over.
        answered["data"]["masterToken"] = token
        return JSONResponse(answered)

    async def _query(self, scope: Scope, content: dict[str, Any]) -> Response:
        session = self._session(scope)
        text = content["sqlText"]
        query = ReceivedQuery(text, session.user, session.role, session.warehouse, session.query_tag)
        self._queries.add(query)
        if asks_history(text):
            return JSONResponse(history(self._queries.ended(), session.user))
        response = await self._answer(scope, content, session)
        answered = json.loads(bytes(response.body))
        failed = not answered["success"]
        self._queries.end(query, answered["code"] if failed else "", answered["message"] if failed else "")
        return response

    async def _answer(self, scope: Scope, content: dict[str, Any], session: AccountSession) -> Response:
        text = content["sqlText"]
        planned = self._failures.strike(text)
        if planned is not None:
            return _failure(f"{planned.number:06d}", planned.sql_state, planned.message)
        held = self._failures.holds(text, Request(scope).query_params.get("requestId", ""), _token(scope))
        if held is not None:
            return await _cancelled(held)
        if session.in_transaction and _DDL.match(text):
            await self._commit(scope, session)
        refused = await self._refusal(scope, text, session)
        if refused is not None:
            return refused
        reworded = _reworded(text, session)
        table = made_unless_there(text)
        if table is not None and await self._is_there(scope, table):
            reworded = DONE
        if starts_transaction(reworded, session):
            session.begin_is_due = False
            await self._say(scope, "BEGIN")
        copy = staged_copy(reworded, session)
        run = {**content, "sqlText": reworded}
        response = await (self._run(scope, run, session) if copy is None else self._copy(scope, run, session, copy))
        session.failed = not json.loads(bytes(response.body))["success"]
        self._settle(text, reworded, session)
        return response

    async def _commit(self, scope: Scope, session: AccountSession) -> None:
        if not session.begin_is_due:
            await self._say(scope, "COMMIT")
        session.in_transaction = session.begin_is_due = session.failed = False
        self._settle("COMMIT", DONE, session)

    async def _refusal(self, scope: Scope, text: str, session: AccountSession) -> Response | None:
        """Why a statement is not run: another role owns what it replaces, or a lock was not let go of in time."""
        owned = self._owners.stranger(text, session)
        if owned is not None and await self._is_there(scope, owned):
            return _failure("003001", "42501", not_the_owner(owned))
        locked = await self._locks.take(text, session)
        return None if locked is None else _failure("000625", "57014", locked)

    def _settle(self, text: str, reworded: str, session: AccountSession) -> None:
        """Note what a statement has changed of owners, load history and locks."""
        if not session.failed and reworded != DONE:
            self._owners.note(text, session)
            if emptied := _EMPTIED.match(text):
                self.loads.forget(session.full_name(emptied[1]))
        if not session.in_transaction:
            self.loads.settle(session, committed=not (session.failed or rolls_back(text)))
            self._locks.release(session)

    async def _copy(self, scope: Scope, content: dict[str, Any], session: AccountSession, copy: StagedCopy) -> Response:
        if copy.refusal is not None:
            return _failure("002185", "0A000", copy.refusal)
        if not copy.files:
            return await self._run(scope, {**content, "sqlText": _NO_FILES}, session)
        digests = {file: content_digest(file) for file in copy.files}
        known = [file for file in copy.files if self.loads.knows(copy.table, file, digests[file])]
        if known and not copy.is_forced:
            if len(known) < len(copy.files):
                return _failure("000603", "XX000", "the stand-in loads the files of one COPY together: name one")
            return await self._run(scope, {**content, "sqlText": skipped(copy.files)}, session)
        response = await self._run(scope, {**content, "sqlText": copy.reworded()}, session)
        if json.loads(bytes(response.body))["success"]:
            for file, digest in digests.items():
                self.loads.add(session, copy.table, file, digest)
        return response

    async def _is_there(self, scope: Scope, table: str) -> bool:
        described = await _call(self._fakesnow, scope, {"sqlText": f"DESCRIBE TABLE {table}"})
        return json.loads(bytes(described.body))["success"]

    async def _run(self, scope: Scope, content: dict[str, Any], session: AccountSession) -> Response:
        response = await _call(self._fakesnow, scope, content)
        if response.status_code == _SERVER_ERROR and session.failed:
            # Snowflake's transactions outlive an error, DuckDB's do not: what was open before it is lost here.
            await _call(self._fakesnow, scope, {**content, "bindings": None, "sqlText": "ROLLBACK"})
            response = await _call(self._fakesnow, scope, content)
        response = _lasting_failure(response) if response.status_code == _SERVER_ERROR else response
        return _in_snowflakes_words(response)

    async def _end_session(self, scope: Scope) -> None:
        """Undo an open transaction, and drop what was the session's own."""
        session = self._session(scope)
        session.over = True
        query = {**scope, "path": _QUERY, "query_string": b"", "raw_path": _QUERY.encode()}
        if session.in_transaction and not session.begin_is_due:
            await self._say(query, "ROLLBACK")
        session.in_transaction = False
        self.loads.settle(session, committed=False)
        self._locks.release(session)
        for statement in session.temporary:
            await self._say(query, statement)

    async def _say(self, scope: Scope, sql: str) -> None:
        await _call(self._fakesnow, scope, {"sqlText": sql})

    def _session(self, scope: Scope) -> AccountSession:
        return self._sessions.get(_token(scope), AccountSession("", "", "", "", ""))


def _token(scope: Scope) -> str:
    # Authorization: Snowflake Token="…"
    return Headers(scope=scope).get("authorization", "").partition('"')[2].rstrip('"')


def _hang_up(send: Any) -> None:
    # ASGI has no word for it: `send` is a method of the server's own exchange, which knows the connection.
    send.__self__.transport.abort()


async def _cancelled(held: Hold) -> Response:
    while not held.ended_by:
        await asyncio.sleep(0.02)
    return _failure("000604", "57014", "SQL execution canceled")


def _in_snowflakes_words(response: Response) -> Response:
    """What DuckDB says of a column, table or schema that is not there, as Snowflake says it, which clients look for."""
    answered = json.loads(bytes(response.body))
    said = "" if answered["success"] else answered["message"]
    if column := _NO_COLUMN.search(said):
        text = f"error line 1 at position 0\ninvalid identifier '{column[1] or column[2]}'"
        return _failure("000904", "42000", f"SQL compilation error: {text}")
    if missing := _NO_TABLE.search(said):
        return _failure(
            "002003", "42S02", f"SQL compilation error:\nObject '{missing[1]}' does not exist or not authorized."
        )
    return response


def _reworded(text: str, session: AccountSession) -> str:
    try:
        for workaround in WORKAROUNDS:
            text = workaround.reworded(text, session) or text
    except SqlglotError:
        # fakesnow reads statements with the same parser, and says what is wrong with this one.
        return text
    return text


def _decoded(body: bytes, headers: Headers) -> dict[str, Any]:
    return json.loads(gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body)


async def _call(application: ASGIApp, scope: Scope, content: dict[str, Any]) -> Response:
    """The application's whole response to other content."""
    body = json.dumps(content).encode()
    dropped = {b"content-encoding", b"content-length"}
    headers = [(name, value) for name, value in scope["headers"] if name not in dropped]
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await application({**scope, "headers": headers}, receive, send)
    answered = b"".join(message.get("body", b"") for message in sent[1:])
    return Response(answered, sent[0]["status"], media_type="application/json")


def _lasting_failure(response: Response) -> JSONResponse:
    """fakesnow answers 500 for what it cannot do, and clients would try again for minutes."""
    said = json.loads(bytes(response.body)).get("message", "")
    return _failure("000603", "XX000", f"fakesnow cannot do this: {said}")


def _failure(code: str, sql_state: str, message: str) -> JSONResponse:
    data = {"errorCode": code, "sqlState": sql_state}
    return JSONResponse({"code": code, "data": data, "message": message, "success": False})
