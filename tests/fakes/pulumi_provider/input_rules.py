"""Small rules that several resource types share; a value that is not known yet passes all of them."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from tests.fakes.pulumi_provider.property_values import UNKNOWN, Properties, holds_unknown
from tests.fakes.pulumi_provider.refusal import Refusal


def one_of(inputs: Properties, legal: Mapping[str, Collection[str]]) -> Iterator[Refusal]:
    """Each named input, where given, is one of its legal values, whatever its letter case."""
    for name, values in legal.items():
        given = inputs.get(name)
        if isinstance(given, str) and given.casefold() not in {value.casefold() for value in values}:
            yield Refusal(name, f"expected one of {', '.join(sorted(values))}, got {given!r}")


def within(inputs: Properties, bounds: Mapping[str, tuple[int, int]]) -> Iterator[Refusal]:
    """Each named input, where given, lies between its bounds, both included."""
    for name, (low, high) in bounds.items():
        given = inputs.get(name)
        if isinstance(given, int) and not low <= given <= high:
            yield Refusal(name, f"expected a value between {low} and {high}, got {given}")


def exactly_one(inputs: Mapping[str, Any], names: Collection[str], where: str) -> Iterator[Refusal]:
    """One and only one of the named inputs is given; `False` counts as not given."""
    given = [name for name in names if inputs.get(name) not in (None, False)]
    if len(given) != 1 and UNKNOWN not in given:
        stated = " and ".join(given) or "none"
        yield Refusal(where, f"exactly one of {', '.join(sorted(names))} is wanted, got {stated}")


def together(inputs: Properties, names: Collection[str]) -> Iterator[Refusal]:
    """All of the named inputs are given, or none."""
    given = {name for name in names if inputs.get(name) is not None}
    for name in sorted(set(names) - given) if given else ():
        yield Refusal(name, f"wanted together with {', '.join(sorted(given))}")


def known_text(inputs: Mapping[str, Any], name: str) -> str | None:
    """A text input, or None where it is absent or not known yet."""
    given = inputs.get(name)
    return None if given is None or holds_unknown(given) else str(given)
