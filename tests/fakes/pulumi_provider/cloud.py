import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.fakes.pulumi_provider.call_log import CHANGES, Call, Operation
from tests.fakes.pulumi_provider.change import Change, change
from tests.fakes.pulumi_provider.faults import Faults
from tests.fakes.pulumi_provider.input_shape import shape_refusals
from tests.fakes.pulumi_provider.inventory import CloudObject, Inventory
from tests.fakes.pulumi_provider.kind import Kind
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError, Refusal
from tests.fakes.pulumi_provider.resource_facts import Block, ResourceFacts, load_facts

type Function[S] = Callable[[S, Properties], Properties]


@dataclass(frozen=True, slots=True)
class Request[S]:
    """A resource that the engine names in a call, the session that the call runs in, and how long it may take.

    `timeout` is in seconds, as the resource's custom time-outs have it; zero leaves it to the provider.
    """

    session: S
    token: str
    name: str
    timeout: float


class Cloud[S](ABC):
    """One cloud account behind one provider: what exists in it, and what it allows to whom."""

    name: str
    version: str
    provider_inputs: Block

    def __init__(self, inventory: Inventory, kinds: Iterable[Kind[S]], functions: Mapping[str, Function[S]]) -> None:
        self.inventory = inventory
        self.functions = functions
        self.faults = Faults()
        self.calls: list[Call] = []
        self._facts = load_facts(self.name)
        self._kinds = {kind.token: kind for kind in kinds}
        self._lock = threading.RLock()

    @abstractmethod
    def sign_in(self, config: Properties) -> S:
        """A session for one provider instance; raises CloudError for credentials or a role that do not exist."""

    @abstractmethod
    def owner(self, session: S) -> str:
        """Who owns what this session makes."""

    def precede(self, operation: Operation, request: Request[S], inputs: Properties, found: CloudObject | None) -> None:
        """What comes before any rule of a type: raise CloudError for who may not, or for what takes too long.

        `inputs` are those of the program, or what exists where it is deleted; `found` is what exists already.
        """

    def facts(self, token: str) -> ResourceFacts:
        """The schema of a type; raises CloudError for one that the provider does not have."""
        if token not in self._facts:
            raise CloudError(f"{self.name} has no resource type {token}, or the fake has no facts about it")
        return self._facts[token]

    def kind(self, token: str) -> Kind[S]:
        """The rules of a type; raises CloudError for one whose behaviour nobody has described yet."""
        if token not in self._kinds:
            raise CloudError(f"the fake {self.name} knows no rules for {token}: describe it as a Kind")
        return self._kinds[token]

    def refusals(self, token: str, inputs: Properties) -> list[Refusal]:
        """Why the provider will not plan these inputs."""
        by_schema = list(shape_refusals(inputs, self.facts(token).inputs, ""))
        # The rules of a kind read values whose type is settled.
        return by_schema or list(self.kind(token).refusals(inputs))

    def change(self, token: str, desired: Properties, actual: Properties, declared: Properties) -> Change:
        """The difference between a program's inputs and the cloud's state."""
        return change(self.facts(token), self.kind(token), desired, actual, declared)

    def create(self, request: Request[S], inputs: Properties) -> CloudObject:
        """Make a resource; raises CloudError when the cloud refuses."""
        with self._call(Operation.CREATE, request):
            self.precede(Operation.CREATE, request, inputs, None)
            self.kind(request.token).admit(request.session, inputs)
            return self._make(request.session, request.token, inputs)

    def read(self, request: Request[S], object_id: str) -> CloudObject | None:
        """The resource as it is now, or None when it is gone."""
        with self._call(Operation.READ, request):
            found = self.existing(request.token, object_id)
            if found is not None:
                self.kind(request.token).admit_read(request.session, found)
                found.attributes |= self.kind(request.token).observed(found)
            return found

    def update(self, request: Request[S], object_id: str, inputs: Properties) -> CloudObject:
        """Change a resource in place; raises CloudError when the cloud refuses or the resource is gone."""
        kind = self.kind(request.token)
        with self._call(Operation.UPDATE, request):
            found = self.existing(request.token, object_id)
            if found is None:
                raise CloudError(f"{request.token} {object_id} does not exist or not authorized")
            self.precede(Operation.UPDATE, request, inputs, found)
            kind.admit_change(request.session, found, inputs)
            found.attributes = kind.changed(found, inputs)
            return found

    def delete(self, request: Request[S], object_id: str) -> None:
        """Remove a resource; one that is gone already is no error."""
        kind = self.kind(request.token)
        with self._call(Operation.DELETE, request):
            found = self.inventory.find(request.token, object_id)
            if found is not None:
                self.precede(Operation.DELETE, request, found.attributes, found)
                kind.admit_delete(request.session, found)
                self._take_away(kind, request.session, found)

    def invoke(self, session: S, token: str, arguments: Properties) -> Properties:
        """Answer a data source; raises CloudError for one that the fake does not have."""
        if token not in self.functions:
            raise CloudError(f"the fake {self.name} has no function {token}")
        with self._lock:
            return self.functions[token](session, arguments)

    def existing(self, token: str, object_id: str) -> CloudObject | None:
        """The object, if the inventory and the stores both still have it."""
        found = self.inventory.find(token, object_id)
        if found is None or not self.kind(token).exists(found):
            return None
        return found

    def plant(self, session: S, token: str, inputs: Properties) -> CloudObject:
        """Put something there that no program made, without asking whether the session may."""
        with self._lock:
            return self._make(session, token, inputs)

    def tamper(self, token: str, object_id: str, changes: Mapping[str, Any]) -> None:
        """Change a resource behind the program's back."""
        with self._lock:
            found = self.inventory.find(token, object_id)
            if found is None:
                raise KeyError(f"nothing to tamper with: {token} {object_id}")
            found.attributes |= changes

    def changes(self) -> list[Call]:
        """The creations, updates and deletions that were granted, in order."""
        return [call for call in self.calls if call.operation in CHANGES and call.granted]

    def _make(self, session: S, token: str, inputs: Properties) -> CloudObject:
        kind = self.kind(token)
        stored = kind.canonical(inputs)
        object_id = kind.identity(stored)
        if self.existing(token, object_id) is not None and not kind.overwrites:
            raise CloudError(f"{token} {object_id} already exists")
        attributes = {**kind.defaults, **kind.outputs(stored, session), **stored}
        made = CloudObject(token, object_id, attributes, self.owner(session))
        kind.make(made, session)
        self.inventory.add(made)
        return made

    def _take_away(self, kind: Kind[S], session: S, found: CloudObject) -> None:
        if kind.retires(found, session):
            return
        kind.unmake(found)
        self.inventory.remove(found)

    @contextmanager
    def _call(self, operation: Operation, request: Request[S]) -> Iterator[None]:
        """Serves one request at a time, notes it with its outcome, and lets planned faults strike."""
        granted = False
        with self._lock:
            try:
                if operation in CHANGES:
                    self.faults.strike(f"{operation} {request.name}")
                yield
                granted = True
            finally:
                owner = self.owner(request.session)
                self.calls.append(Call(operation, request.token, request.name, owner, granted))
