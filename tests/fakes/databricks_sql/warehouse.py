# ruff: noqa: N802 - the method names are those of the wire
"""The Thrift service of a SQL warehouse, as databricks-sql-connector speaks it, on top of the engine."""

import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from databricks.sql.thrift_api.TCLIService import ttypes

from tests.fakes.databricks_sql.engine_session import EngineError, EngineSession
from tests.fakes.databricks_sql.failures import Failures, Moment
from tests.fakes.databricks_sql.operation import Operation
from tests.fakes.databricks_sql.session import WarehouseSession
from tests.fakes.databricks_sql.session_statements import use_namespace
from tests.fakes.databricks_sql.sql_error import SqlError
from tests.fakes.databricks_sql.statement_log import ReceivedStatement, StatementLog
from tests.fakes.databricks_sql.statements import Interpreter
from tests.fakes.databricks_sql.thrift_results import SUCCESS, metadata, row_set
from tests.fakes.databricks_sql.unity_names import Namespace, UnityNames

# A statement that ends this soon is answered whole at once; the rest are asked about, each question answered this late.
_DIRECT_SECONDS = 1.0
_POLL_SECONDS = 1.0
_LARGEST_PAGE = 100_000

type Struct = Any
"""A struct of the Thrift protocol, which its generated code does not type."""

_State = ttypes.TOperationState


class Warehouse:
    """Every call of the protocol that the client makes, by its name on the wire."""

    def __init__(self, engine_url: str, unity: UnityNames) -> None:
        self.log = StatementLog()
        self.failures = Failures()
        self._engine_url = engine_url
        self._unity = unity
        self._interpreter = Interpreter(unity)
        self._sessions: dict[uuid.UUID, WarehouseSession] = {}
        self._operations: dict[uuid.UUID, tuple[Operation, WarehouseSession, str]] = {}
        self._lock = threading.Lock()

    def call(self, name: str, request: Struct) -> Struct:
        """Answer one call; raises CutConnectionError when the connection is to break."""
        text = self._statement_of(request)
        if name == "ExecuteStatement":
            self.failures.happen(text)
        self.failures.strike_connection(name, text, Moment.BEFORE)
        response = getattr(self, name)(request)
        self.failures.strike_connection(name, text, Moment.AFTER)
        return response

    def end_sessions(self) -> None:
        """Close every session, as a warehouse does that stops."""
        with self._lock:
            sessions = list(self._sessions.values())
            self._sessions.clear()
            self._operations.clear()
        for session in sessions:
            session.close()

    def OpenSession(self, request: Struct) -> Struct:
        session = WarehouseSession(EngineSession(self._engine_url), Namespace(None, None))
        namespace = request.initialNamespace or ttypes.TNamespace()
        try:
            for name, value in (request.configuration or {}).items():
                session.set_parameter(name, value)
            use_namespace(session, self._unity, namespace.catalogName, namespace.schemaName)
        except (SqlError, EngineError) as error:
            session.close()
            return ttypes.TOpenSessionResp(status=_failure(str(error)), serverProtocolVersion=_PROTOCOL)
        with self._lock:
            self._sessions[session.id] = session
        return ttypes.TOpenSessionResp(
            status=SUCCESS,
            serverProtocolVersion=_PROTOCOL,
            sessionHandle=ttypes.TSessionHandle(_identifier(session.id)),
            configuration={},
            initialNamespace=namespace,
            canUseMultipleCatalogs=True,
        )

    def CloseSession(self, request: Struct) -> Struct:
        with self._lock:
            session = self._sessions.pop(_uuid(request.sessionHandle.sessionId), None)
        if session is None:
            return ttypes.TCloseSessionResp(status=_no_session())
        session.close()
        return ttypes.TCloseSessionResp(status=SUCCESS)

    def ExecuteStatement(self, request: Struct) -> Struct:
        session = self._sessions.get(_uuid(request.sessionHandle.sessionId))
        if session is None:
            return ttypes.TExecuteStatementResp(status=_no_session())
        self.log.add(_received(request, session))
        operation = self._begin(session, request)
        if request.getDirectResults is None or not operation.wait(_DIRECT_SECONDS):
            return ttypes.TExecuteStatementResp(status=SUCCESS, operationHandle=_operation_handle(operation))
        direct = _direct_results(operation, request.getDirectResults.maxRows)
        return ttypes.TExecuteStatementResp(
            status=SUCCESS, operationHandle=_operation_handle(operation), directResults=direct
        )

    def GetOperationStatus(self, request: Struct) -> Struct:
        operation = self._operation(request)
        if operation is None:
            return ttypes.TGetOperationStatusResp(status=_no_operation())
        operation.wait(_POLL_SECONDS)
        return _status(operation)

    def GetResultSetMetadata(self, request: Struct) -> Struct:
        operation = self._operation(request)
        if operation is None or operation.result is None:
            return ttypes.TGetResultSetMetadataResp(status=_no_result(operation))
        return metadata(operation.result)

    def FetchResults(self, request: Struct) -> Struct:
        operation = self._operation(request)
        if operation is None or operation.result is None:
            return ttypes.TFetchResultsResp(status=_no_result(operation))
        return _page(operation, request.maxRows)

    def CancelOperation(self, request: Struct) -> Struct:
        operation = self._operation(request)
        if operation is None:
            return ttypes.TCancelOperationResp(status=_no_operation())
        self.log.add_cancelled(self._statement_of(request))
        operation.cancel()
        return ttypes.TCancelOperationResp(status=SUCCESS)

    def CloseOperation(self, request: Struct) -> Struct:
        with self._lock:
            found = self._operations.pop(_uuid(request.operationHandle.operationId), None)
        if found is None:
            return ttypes.TCloseOperationResp(status=_no_operation())
        operation, session, _ = found
        operation.cancel()
        session.operations.pop(operation.id, None)
        return ttypes.TCloseOperationResp(status=SUCCESS)

    def _begin(self, session: WarehouseSession, request: Struct) -> Operation:
        def work(tag: str) -> Any:
            self.failures.strike_statement(request.statement)
            return self._interpreter.run(request.statement, request.parameters or [], session, tag)

        def ended(error: str | None) -> None:
            self.log.add_ended(request.statement, error)

        operation = Operation(work, session.engine.interrupt, self._unity.in_databricks_words, ended)
        session.operations[operation.id] = operation
        with self._lock:
            self._operations[operation.id] = (operation, session, request.statement)
        operation.start(self.failures.timeout(request.statement) or session.timeout_seconds)
        return operation

    def _operation(self, request: Struct) -> Operation | None:
        found = self._operations.get(_uuid(request.operationHandle.operationId))
        return found[0] if found else None

    def _statement_of(self, request: Struct) -> str:
        if isinstance(request, ttypes.TExecuteStatementReq):
            return str(request.statement)
        handle = getattr(request, "operationHandle", None)
        found = self._operations.get(_uuid(handle.operationId)) if handle else None
        return found[2] if found else ""


_PROTOCOL = ttypes.TProtocolVersion.SPARK_CLI_SERVICE_PROTOCOL_V7


def is_call(name: str) -> bool:
    """Whether the warehouse answers a call of that name."""
    member: Callable[..., Any] | None = getattr(Warehouse, name, None)
    return name[:1].isupper() and member is not None


def _received(request: Struct, session: WarehouseSession) -> ReceivedStatement:
    sent = request.parameters or []
    values = {
        parameter.name or str(position): (parameter.type, parameter.value.stringValue if parameter.value else None)
        for position, parameter in enumerate(sent)
    }
    tags = (request.confOverlay or {}).get("query_tags")
    return ReceivedStatement(
        request.statement, values, tags, dict(session.parameters), session.id.hex, time.monotonic()
    )


def _direct_results(operation: Operation, max_rows: int) -> Struct:
    status = _status(operation)
    if operation.result is None:
        return ttypes.TSparkDirectResults(operationStatus=status)
    return ttypes.TSparkDirectResults(
        operationStatus=status,
        resultSetMetadata=metadata(operation.result),
        resultSet=_page(operation, max_rows),
    )


def _page(operation: Operation, max_rows: int | None) -> Struct:
    assert operation.result is not None
    first, rows, has_more = operation.page(min(max_rows or _LARGEST_PAGE, _LARGEST_PAGE))
    return ttypes.TFetchResultsResp(
        status=SUCCESS,
        hasMoreRows=has_more,
        results=row_set(first, rows),
        resultSetMetadata=metadata(operation.result),
    )


def _status(operation: Operation) -> Struct:
    return ttypes.TGetOperationStatusResp(
        status=SUCCESS,
        operationState=operation.state,
        displayMessage=operation.error,
        errorMessage=operation.error,
        hasResultSet=operation.result is not None,
    )


def _operation_handle(operation: Operation) -> Struct:
    kind = ttypes.TOperationType.EXECUTE_STATEMENT
    return ttypes.TOperationHandle(operationId=_identifier(operation.id), operationType=kind, hasResultSet=True)


def _identifier(known: uuid.UUID) -> Struct:
    return ttypes.THandleIdentifier(guid=known.bytes, secret=known.bytes)


def _uuid(identifier: Struct) -> uuid.UUID:
    return uuid.UUID(bytes=bytes(identifier.guid))


def _failure(message: str) -> Struct:
    return ttypes.TStatus(statusCode=ttypes.TStatusCode.ERROR_STATUS, errorMessage=message, displayMessage=message)


def _no_session() -> Struct:
    return _invalid("[INVALID_HANDLE.SESSION_CLOSED] The handle is invalid. Session was closed. SQLSTATE: HY000")


def _no_operation() -> Struct:
    return _invalid("[INVALID_HANDLE.OPERATION_NOT_FOUND] The handle is invalid. Operation not found. SQLSTATE: HY000")


def _invalid(message: str) -> Struct:
    return ttypes.TStatus(statusCode=ttypes.TStatusCode.INVALID_HANDLE_STATUS, errorMessage=message)


def _no_result(operation: Operation | None) -> Struct:
    if operation is None:
        return _no_operation()
    canceled = operation.state == _State.CANCELED_STATE
    return _failure(operation.error or ("Query was canceled" if canceled else "The statement is still running"))
