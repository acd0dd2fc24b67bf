import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.property_values import UNKNOWN, Properties, holds_unknown
from tests.fakes.pulumi_provider.refusal import Refusal


class Kind[S](ABC):
    """One resource type: what its provider refuses to plan, and what its cloud refuses to apply.

    `S` is a signed-in session: the role, or the workspace and principal, on whose authority a call runs.
    """

    token: ClassVar[str]
    # Outputs that exist only once the resource does.
    computed: ClassVar[tuple[str, ...]] = ()
    # What an input is in the cloud when the program leaves it out; a difference from it is drift.
    defaults: ClassVar[Properties] = {}
    # Lists whose order means nothing.
    unordered: ClassVar[frozenset[str]] = frozenset()
    # Inputs whose letter case means nothing.
    caseless: ClassVar[frozenset[str]] = frozenset()
    # Inputs that the provider does not read back: what others do to them, it does not see.
    unread: ClassVar[frozenset[str]] = frozenset()
    # A second one of the same id overwrites the first, where most types refuse it.
    overwrites: ClassVar[bool] = False

    def refusals(self, inputs: Properties) -> Iterator[Refusal]:
        """What the provider refuses at preview, beyond its schema; values may be UNKNOWN."""
        yield from ()

    @abstractmethod
    def identity(self, inputs: Properties) -> str:
        """The id under which the provider knows the resource, as its import documentation gives it."""

    def canonical(self, inputs: Properties) -> Properties:
        """The inputs as the cloud stores them."""
        return inputs

    def outputs(self, inputs: Properties, session: S) -> Properties:
        """The computed values of a new resource: a value for each name in `computed`."""
        return {}

    def admit(self, session: S, inputs: Properties) -> None:
        """Raise CloudError where the cloud would refuse to create this, or to have it changed to this."""

    def admit_change(self, session: S, found: CloudObject, inputs: Properties) -> None:
        """Raise CloudError where the cloud would refuse to change `found` to these inputs."""
        self.admit(session, inputs)

    def admit_delete(self, session: S, found: CloudObject) -> None:
        """Raise CloudError where the cloud would refuse to delete this."""

    def admit_read(self, session: S, found: CloudObject) -> None:
        """Raise CloudError where the provider cannot look at this."""

    def make(self, made: CloudObject, session: S) -> None:
        """Do in the stores what creating this does."""

    def retires(self, found: CloudObject, session: S) -> bool:
        """Whether deleting the resource leaves the object in the cloud, changed here as it is then."""
        return False

    def unmake(self, gone: CloudObject) -> None:
        """Do in the stores, and to what depends on it, what deleting this does."""

    def changed(self, found: CloudObject, inputs: Properties) -> Properties:
        """The attributes of an object once it has been changed to these inputs."""
        kept = {name: found.attributes[name] for name in self.computed}
        return {**self.defaults, **kept, **self.canonical(inputs)}

    def exists(self, found: CloudObject) -> bool:
        """Whether the object is still there: the stores may have lost it behind the provider's back."""
        return True

    def observed(self, found: CloudObject) -> Properties:
        """The attributes that other objects may have changed since, as they are now."""
        return {}

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """Whether the cloud's value of an input is the one that the program asks for."""
        if holds_unknown(desired):
            return False
        if name in self.unordered and isinstance(desired, list) and isinstance(actual, list):
            return _covers(sorted(desired, key=_as_text), sorted(actual, key=_as_text))
        if name in self.caseless and isinstance(desired, str) and isinstance(actual, str):
            return desired.casefold() == actual.casefold()
        return _covers(desired, actual)

    def previewed(self, inputs: Properties) -> Properties:
        """What a preview shows of a resource that does not exist yet."""
        return {**self.defaults, **dict.fromkeys(self.computed, UNKNOWN), **inputs}


def _as_text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _covers(desired: Any, actual: Any) -> bool:
    """Equality, where blocks of the cloud may hold computed fields that the program did not name."""
    if isinstance(desired, dict) and isinstance(actual, dict):
        return all(_covers(value, actual.get(name)) for name, value in desired.items())
    if isinstance(desired, list) and isinstance(actual, list):
        return len(desired) == len(actual) and all(map(_covers, desired, actual))
    return desired == actual
