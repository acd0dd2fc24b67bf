"""Serverless compute as scripts reach it: Spark Connect, in front of the engine, with the catalog's names."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from concurrent import futures
from contextlib import contextmanager
from typing import Any

import grpc
from pyspark.sql.connect.proto import base_pb2

from tests.fakes.databricks_sql.failures import Failures
from tests.fakes.databricks_sql.sql_error import SqlError
from tests.fakes.databricks_sql.unity_names import UnityNames
from tests.fakes.databricks_workspace.plan_names import PlanRewriter

_SERVICE = "/spark.connect.SparkConnectService/"
_WORKERS = 32
_SECRET_HEADER = "x-run-secret"  # noqa: S105 - a name, not a secret
_LARGEST_MESSAGE = 128 * 1024 * 1024
_OPTIONS = [("grpc.max_receive_message_length", _LARGEST_MESSAGE), ("grpc.max_send_message_length", _LARGEST_MESSAGE)]

# Requests that hold names; every other call passes through as it is.
_PLANS: Mapping[str, type] = {
    "AnalyzePlan": base_pb2.AnalyzePlanRequest,
    "ExecutePlan": base_pb2.ExecutePlanRequest,
}
_ANSWERED_BY_STREAM = frozenset({"ExecutePlan", "ReattachExecute"})
_ASKED_BY_STREAM = frozenset({"AddArtifacts"})


class _Calls(grpc.GenericRpcHandler):
    def __init__(self, channel: grpc.Channel, unity: UnityNames, failures: Failures, secret: str) -> None:
        self._channel = channel
        self._unity = unity
        self._failures = failures
        self._secret = secret
        self._rewriters: dict[str, PlanRewriter] = {}

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        method = handler_call_details.method
        name = method.removeprefix(_SERVICE)
        if name in _ANSWERED_BY_STREAM:
            return grpc.unary_stream_rpc_method_handler(self._streamed(self._channel.unary_stream(method), name))
        if name in _ASKED_BY_STREAM:
            return grpc.stream_unary_rpc_method_handler(self._single(self._channel.stream_unary(method), name))
        return grpc.unary_unary_rpc_method_handler(self._single(self._channel.unary_unary(method), name))

    def _single(self, call: Any, name: str) -> Callable[[Any, grpc.ServicerContext], bytes]:
        def answer(request: Any, context: grpc.ServicerContext) -> bytes:
            with _passing_errors_on(context):
                return call(self._in_spark(name, request, context), metadata=self._admitted(context))
            raise AssertionError

        return answer

    def _streamed(self, call: Any, name: str) -> Callable[[Any, grpc.ServicerContext], Iterator[bytes]]:
        def answer(request: Any, context: grpc.ServicerContext) -> Iterator[bytes]:
            with _passing_errors_on(context):
                upstream = call(self._in_spark(name, request, context), metadata=self._admitted(context))
                context.add_callback(upstream.cancel)
                yield from upstream

        return answer

    def _admitted(self, context: grpc.ServicerContext) -> list[tuple[str, str | bytes]]:
        metadata = [(name, value) for name, value in context.invocation_metadata() if name != "user-agent"]
        if dict(metadata).get(_SECRET_HEADER) != self._secret:
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "only runs of the workspace reach its compute")
        return metadata

    def _in_spark(self, name: str, request: Any, context: grpc.ServicerContext) -> Any:
        if name not in _PLANS:
            return request
        plan = _PLANS[name].FromString(request)
        if name == "ExecutePlan":
            self._failures.happen(str(plan))
            if not context.is_active():
                context.abort(grpc.StatusCode.CANCELLED, "the script ended before its statement was taken on")
        self._failures.strike_statement(str(plan))
        self._rewriters.setdefault(plan.session_id, PlanRewriter(self._unity)).rewrite(plan)
        return plan.SerializeToString()


@contextmanager
def connect_proxy(engine_url: str, unity: UnityNames, failures: Failures) -> Iterator[str]:
    """The value of SPARK_REMOTE with which a script reaches the engine, until the block is left.

    Plans of failures that strike statements strike those of scripts as well.
    """
    secret = secrets.token_hex(16)
    server = grpc.server(futures.ThreadPoolExecutor(_WORKERS), options=_OPTIONS)
    port = server.add_insecure_port("127.0.0.1:0")
    with grpc.insecure_channel(engine_url.removeprefix("sc://"), options=_OPTIONS) as channel:
        server.add_generic_rpc_handlers((_Calls(channel, unity, failures, secret),))
        server.start()
        try:
            yield f"sc://127.0.0.1:{port}/;{_SECRET_HEADER}={secret}"
        finally:
            server.stop(grace=None).wait(10)


@contextmanager
def _passing_errors_on(context: grpc.ServicerContext) -> Iterator[None]:
    try:
        yield
    except SqlError as error:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
    except grpc.RpcError as error:
        # What a call raises is that call itself.
        call: Any = error
        context.set_trailing_metadata(call.trailing_metadata() or ())
        context.abort(call.code(), call.details() or "")
