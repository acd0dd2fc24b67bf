"""Judges inputs by the provider's own schema: unknown names, missing ones, wrong types."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.pulumi_provider.property_values import UNKNOWN
from tests.fakes.pulumi_provider.refusal import Refusal
from tests.fakes.pulumi_provider.resource_facts import Block, Dictionary, Scalar, Sequence, Shape

_PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}


def shape_refusals(inputs: Mapping[str, Any], block: Block, path: str) -> Iterator[Refusal]:
    """Everything about `inputs` that the schema does not allow; values not known yet pass."""
    yield from unknown_names(inputs, block, path)
    for name in block.required:
        if inputs.get(name) is None:
            yield Refusal(_join(path, name), "missing required property")
    for name, shape in block.fields.items():
        if inputs.get(name) is not None:
            yield from _value_refusals(inputs[name], shape, _join(path, name))


def unknown_names(inputs: Mapping[str, Any], block: Block, path: str) -> Iterator[Refusal]:
    """The inputs that the schema does not have."""
    for name in sorted(inputs.keys() - block.fields.keys()):
        yield Refusal(_join(path, name), f"unknown property{_nearest(name, block)}")


def _value_refusals(value: Any, shape: Shape, path: str) -> Iterator[Refusal]:
    if value is UNKNOWN:
        return
    match shape:
        case Scalar(name):
            if not _is_a(value, name):
                yield Refusal(path, f"expected {name}, got {type(value).__name__}")
        case Sequence(of):
            yield from _items(value, list, enumerate, of, path)
        case Dictionary(of):
            yield from _items(value, dict, dict.items, of, path)
        case Block():
            if isinstance(value, dict):
                yield from shape_refusals(value, shape, path)
            else:
                yield Refusal(path, f"expected an object, got {type(value).__name__}")


def _items(value: Any, container: type, pairs: Any, of: Shape, path: str) -> Iterator[Refusal]:
    if not isinstance(value, container):
        yield Refusal(path, f"expected a {container.__name__}, got {type(value).__name__}")
        return
    for key, item in pairs(value):
        yield from _value_refusals(item, of, f"{path}[{key}]")


def _is_a(value: Any, name: str) -> bool:
    # A Python bool is an int, a JSON one is not.
    return isinstance(value, _PYTHON_TYPES[name]) and isinstance(value, bool) == (name == "boolean")


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _nearest(name: str, block: Block) -> str:
    close = difflib.get_close_matches(name, block.fields, n=1)
    return f": did you mean {close[0]}?" if close else ""
