import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.empty_pb2 import Empty
from pulumi.runtime import Mocks, rpc, run_in_stack, set_all_config
from pulumi.runtime.mocks import MockCallArgs, MockEngine, MockMonitor, MockResourceArgs, MockSettings
from pulumi.runtime.proto.resource_pb2 import (
    RegisterResourceOutputsRequest,
    RegisterResourceRequest,
    RegisterResourceResponse,
)
from pulumi.runtime.settings import configure, set_root_resource

_STACK = "pulumi:pulumi:Stack"


@dataclass(frozen=True, slots=True)
class RecordedResource:
    """One registration as it reached the engine: inputs keyed as on the wire (`autoSuspend`)."""

    type_token: str
    name: str
    urn: str
    inputs: Mapping[str, Any]
    custom: bool
    protect: bool
    parent: str
    provider: str
    dependencies: frozenset[str]
    delete_before_replace: bool

    @property
    def kind(self) -> str:
        """The last part of the type token: `Warehouse`."""
        return self.type_token.rpartition(":")[2]

    @property
    def provider_name(self) -> str:
        """The logical name of the explicit provider, empty where there is none."""
        return self.provider.rpartition("::")[0].rpartition("::")[2]


@dataclass(slots=True)
class RecordedStack:
    """All that one run of a program registered, and what it exported (a secret output inside Pulumi's envelope)."""

    resources: list[RecordedResource] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    component_outputs: dict[str, dict[str, Any]] = field(default_factory=dict)

    def of_type(self, type_token: str) -> list[RecordedResource]:
        """The resources of one type, by full token; a cloud's own types by the last part of it as well."""
        return [r for r in self.resources if type_token == r.type_token or (r.custom and type_token == r.kind)]

    def inputs_by_name(self, type_token: str) -> dict[str, Mapping[str, Any]]:
        """Cloud name (the `name` input) → inputs, for one type."""
        return {resource.inputs["name"]: resource.inputs for resource in self.of_type(type_token)}

    def one(self, type_token: str, name: str) -> RecordedResource:
        """The only resource of that type and logical name."""
        (found,) = [resource for resource in self.of_type(type_token) if resource.name == name]
        return found


class _Cloud(Mocks):
    """Answers a registration with its inputs, and what `computed` adds to them, as the cloud's own state."""

    def __init__(self, computed: Callable[[str, Mapping[str, Any]], Mapping[str, Any]]) -> None:
        self._computed = computed

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict]:
        computed = {"id": f"{args.name}-id", **self._computed(args.typ, args.inputs)}
        return computed.pop("id"), {**args.inputs, **computed}

    def call(self, args: MockCallArgs) -> tuple[dict, list[tuple[str, str]] | None]:
        message = f"the program looked something up in the cloud: {args.token}"
        raise AssertionError(message)


class _RecordingMonitor(MockMonitor):
    def __init__(self, mocks: Mocks, recorded: RecordedStack) -> None:
        super().__init__(mocks)
        self._recorded = recorded

    def RegisterResource(  # noqa: N802 - the name is the wire's
        self, request: RegisterResourceRequest
    ) -> RegisterResourceResponse:
        response = super().RegisterResource(request)
        if request.type != _STACK:
            self._recorded.resources.append(_recorded_resource(request, response.urn))
        return response

    def RegisterResourceOutputs(self, request: RegisterResourceOutputsRequest) -> Empty:  # noqa: N802 - as above
        outputs = rpc.deserialize_properties(request.outputs)
        if f"::{_STACK}::" in request.urn:
            self._recorded.outputs.update(outputs)
        else:
            self._recorded.component_outputs[request.urn] = outputs
        return super().RegisterResourceOutputs(request)


def _recorded_resource(request: RegisterResourceRequest, urn: str) -> RecordedResource:
    return RecordedResource(
        type_token=request.type,
        name=request.name,
        urn=urn,
        inputs=rpc.deserialize_properties(request.object),
        custom=request.custom,
        protect=request.protect,
        parent=request.parent,
        provider=request.provider,
        dependencies=frozenset(request.dependencies),
        delete_before_replace=request.deleteBeforeReplace,
    )


def nothing_computed(type_token: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """A cloud that adds nothing of its own to what it is given."""
    del type_token, inputs
    return {}


def run_program(
    program: Callable[[], None],
    project: str,
    stack: str,
    config: Mapping[str, str],
    computed: Callable[[str, Mapping[str, Any]], Mapping[str, Any]] = nothing_computed,
) -> RecordedStack:
    """Preview a program against a recording engine, to the end: every output resolved, every registration made.

    What the program or one of its outputs raises is raised here, so nothing can be left unresolved and pass silently.

    Args:
        program: declares resources, as a program's `__main__` does.
        project: name of the Pulumi project.
        stack: name of the stack.
        config: `namespace:key` → text, structured values as JSON.
        computed: for a type token and inputs, what the cloud adds to the state (wire names); `id` is the resource's id.
    """
    recorded = RecordedStack()
    asyncio.run(_run(program, project, stack, config, _RecordingMonitor(_Cloud(computed), recorded)))
    return recorded


async def _run(
    program: Callable[[], None], project: str, stack: str, config: Mapping[str, str], monitor: MockMonitor
) -> None:
    # Pulumi keeps its settings in context variables, and asyncio.run gives this coroutine a context of its own.
    engine = MockEngine(logging.getLogger("pulumi"))
    configure(MockSettings(monitor=monitor, engine=engine, project=project, stack=stack, dry_run=True, callbacks=None))
    set_root_resource(None)  # pyright: ignore[reportArgumentType] - no stack yet: the run makes its own
    set_all_config(dict(config), [])
    await run_in_stack(program)
