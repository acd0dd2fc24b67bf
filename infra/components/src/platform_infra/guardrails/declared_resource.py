from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pulumi.output import Unknown


@dataclass(frozen=True, slots=True)
class DeclaredResource:
    """One resource as the program declares it, its inputs resolved as far as preview can.

    `inputs` are keyed as the Python SDKs spell them (`auto_suspend`), nested objects likewise; a value that only the
    cloud can give is `Unknown`.
    """

    type_token: str
    name: str
    inputs: Mapping[str, Any]
    protected: bool

    def __str__(self) -> str:
        return f"{self.type_token.rpartition(':')[2]} {self.name!r}"

    @property
    def is_provider(self) -> bool:
        """Whether this is a provider's own configuration rather than an object in a cloud."""
        return self.type_token.startswith("pulumi:providers:")

    def leaves(self) -> Iterator[tuple[tuple[str, ...], object]]:
        """Every plain value of the inputs with its path; positions in lists are not part of a path."""
        yield from _leaves((), self.inputs)


def is_unknown(value: object) -> bool:
    """Whether a value will only be known once the cloud has made something."""
    return isinstance(value, Unknown)


def _leaves(path: tuple[str, ...], value: object) -> Iterator[tuple[tuple[str, ...], object]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves((*path, str(key)), inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _leaves(path, inner)
    else:
        yield path, value
