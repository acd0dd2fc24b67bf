# ruff: noqa: N802 - the method names are those of the wire
"""The wire side of a fake provider: Pulumi's ResourceProvider protocol over gRPC, in front of a Cloud."""

import hashlib
from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager
from typing import Any, NoReturn

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from tests.fakes.pulumi_provider.change import current_inputs
from tests.fakes.pulumi_provider.cloud import Cloud, Request
from tests.fakes.pulumi_provider.input_shape import unknown_names
from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.property_values import Properties, read_properties, secret_names, write_properties
from tests.fakes.pulumi_provider.refusal import CloudError, Refusal

_WORKERS = 16
# What the engine adds to a provider's settings for itself.
_ENGINE_SETTINGS = frozenset({"version", "pluginDownloadURL"})


class ProviderServer[S](provider_pb2_grpc.ResourceProviderServicer):
    """Answers the engine for one cloud.

    Each provider resource of a program holds a connection of its own and configures it, so the connection tells whose
    authority a call has.
    """

    def __init__(self, cloud: Cloud[S]) -> None:
        self._cloud = cloud
        self._sessions: dict[str, S] = {}

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.ProviderHandshakeResponse:
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    def Attach(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=self._cloud.version)

    def GetSchema(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.GetSchemaResponse:
        return provider_pb2.GetSchemaResponse(schema="{}")

    def GetMapping(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.GetMappingResponse:
        return provider_pb2.GetMappingResponse()

    def GetMappings(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.GetMappingsResponse:
        return provider_pb2.GetMappingsResponse()

    def CheckConfig(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.CheckResponse:
        inputs = {name: value for name, value in read_properties(request.news).items() if name not in _ENGINE_SETTINGS}
        # The SDK hands every setting over as a string, JSON where it is not one: names can be judged, types cannot.
        refused = list(unknown_names(inputs, self._cloud.provider_inputs, ""))
        return provider_pb2.CheckResponse(inputs=request.news, failures=_failures(refused))

    def DiffConfig(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        same = read_properties(request.olds) == read_properties(request.news)
        return provider_pb2.DiffResponse(changes=_DIFF_NONE if same else _DIFF_SOME)

    def Configure(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.ConfigureResponse:
        with _refusing(context):
            self._sessions[context.peer()] = self._cloud.sign_in(read_properties(request.args))
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.InvokeResponse:
        with _refusing(context):
            answer = self._cloud.invoke(self._session(context), request.tok, read_properties(request.args))
        response = provider_pb2.InvokeResponse()
        # The field's name is a word of Python.
        getattr(response, "return").CopyFrom(write_properties(answer, frozenset()))
        return response

    def Check(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.CheckResponse:
        token, name = _type_and_name(request.urn)
        inputs = read_properties(request.news)
        with _refusing(context):
            if "name" in self._cloud.facts(token).inputs.fields and inputs.get("name") is None:
                inputs["name"] = _automatic_name(name, request)
            refused = self._cloud.refusals(token, inputs)
        checked = write_properties(inputs, secret_names(request.news) | self._cloud.facts(token).secret)
        return provider_pb2.CheckResponse(inputs=checked, failures=_failures(refused))

    def Diff(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        token, _ = _type_and_name(request.urn)
        with _refusing(context):
            found = self._cloud.change(
                token,
                read_properties(request.news),
                read_properties(request.olds),
                read_properties(request.old_inputs),
            )
        differing = [name for name in found.differing if name not in request.ignoreChanges]
        return provider_pb2.DiffResponse(
            changes=_DIFF_SOME if differing else _DIFF_NONE,
            diffs=differing,
            replaces=[name for name in found.replacing if name in differing],
            deleteBeforeReplace=found.delete_first,
        )

    def Create(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.CreateResponse:
        inputs = read_properties(request.properties)
        call = self._request(request.urn, context, request.timeout)
        secrets = self._secrets(call.token, request.properties)
        with _refusing(context):
            if request.preview:
                shown = self._cloud.kind(call.token).previewed(inputs)
                return provider_pb2.CreateResponse(properties=write_properties(shown, secrets))
            made = self._cloud.create(call, inputs)
        return provider_pb2.CreateResponse(id=made.id, properties=write_properties(made.attributes, secrets))

    def Read(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.ReadResponse:
        call = self._request(request.urn, context, 0)
        with _refusing(context):
            found = self._cloud.read(call, request.id)
        if found is None:
            return provider_pb2.ReadResponse()
        return self._read_response(found, request)

    def Update(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.UpdateResponse:
        inputs = read_properties(request.news)
        call = self._request(request.urn, context, request.timeout)
        secrets = self._secrets(call.token, request.news)
        with _refusing(context):
            if request.preview:
                shown: Properties = {**read_properties(request.olds), **inputs}
                return provider_pb2.UpdateResponse(properties=write_properties(shown, secrets))
            found = self._cloud.update(call, request.id, inputs)
        return provider_pb2.UpdateResponse(properties=write_properties(found.attributes, secrets))

    def Delete(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:
        call = self._request(request.urn, context, request.timeout)
        with _refusing(context):
            self._cloud.delete(call, request.id)
        return empty_pb2.Empty()

    def _read_response(self, found: CloudObject, request: Any) -> provider_pb2.ReadResponse:
        facts, kind = self._cloud.facts(found.token), self._cloud.kind(found.token)
        known = read_properties(request.properties)
        seen = {name: value for name, value in found.attributes.items() if name not in kind.unread}
        seen |= {name: known[name] for name in kind.unread if name in known}
        inputs = current_inputs(facts, kind, read_properties(request.inputs), seen)
        secrets = self._secrets(found.token, request.inputs)
        return provider_pb2.ReadResponse(
            id=found.id,
            properties=write_properties(seen, secrets),
            inputs=write_properties(inputs, secrets),
        )

    def _secrets(self, token: str, inputs: struct_pb2.Struct) -> frozenset[str]:
        return secret_names(inputs) | self._cloud.facts(token).secret

    def _request(self, urn: str, context: grpc.ServicerContext, timeout: float) -> Request[S]:
        token, name = _type_and_name(urn)
        return Request(self._session(context), token, name, timeout)

    def _session(self, context: grpc.ServicerContext) -> S:
        if context.peer() not in self._sessions:
            _abort(context, "this provider was used before it was configured")
        return self._sessions[context.peer()]


class RunningProvider:
    """A fake provider that listens on a port of this machine until it is stopped."""

    def __init__(self, cloud: Cloud[Any]) -> None:
        self._name = cloud.name
        self._server = grpc.server(futures.ThreadPoolExecutor(_WORKERS))
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(ProviderServer(cloud), self._server)
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()

    @property
    def attachment(self) -> str:
        """This provider's part of PULUMI_DEBUG_PROVIDERS."""
        return f"{self._name}:{self.port}"

    def stop(self) -> None:
        """Close the port."""
        self._server.stop(grace=None).wait()


@contextmanager
def serve(cloud: Cloud[Any]) -> Iterator[RunningProvider]:
    """A fake provider for as long as the block runs."""
    running = RunningProvider(cloud)
    try:
        yield running
    finally:
        running.stop()


_DIFF_NONE = provider_pb2.DiffResponse.DIFF_NONE
_DIFF_SOME = provider_pb2.DiffResponse.DIFF_SOME


@contextmanager
def _refusing(context: grpc.ServicerContext) -> Iterator[None]:
    try:
        yield
    except CloudError as error:
        _abort(context, str(error))


def _abort(context: grpc.ServicerContext, message: str) -> NoReturn:
    context.abort(grpc.StatusCode.FAILED_PRECONDITION, message)


def _failures(refusals: list[Refusal]) -> list[provider_pb2.CheckFailure]:
    return [provider_pb2.CheckFailure(property=refused.property, reason=refused.reason) for refused in refusals]


def _type_and_name(urn: str) -> tuple[str, str]:
    # urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>
    _, _, types, name = urn.split("::", 3)
    return types.rpartition("$")[2], name


def _automatic_name(name: str, request: Any) -> str:
    kept = read_properties(request.olds).get("name")
    return kept or f"{name}-{hashlib.sha256(request.randomSeed).hexdigest()[:7]}"
