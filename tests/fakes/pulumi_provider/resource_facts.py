import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FACTS = Path(__file__).parents[1] / "provider_facts"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A plain value: `string`, `integer`, `number` or `boolean`."""

    name: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of one shape."""

    of: "Shape"


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Free keys, values of one shape."""

    of: "Shape"


@dataclass(frozen=True, slots=True)
class Block:
    """Named fields, some of them required."""

    fields: Mapping[str, "Shape"]
    required: tuple[str, ...]


type Shape = Scalar | Sequence | Dictionary | Block


@dataclass(frozen=True, slots=True)
class ResourceFacts:
    """What the real provider's own schema says of one resource type."""

    token: str
    inputs: Block
    replaces: frozenset[str]
    secret: frozenset[str]
    preview: bool


def load_facts(provider: str) -> dict[str, ResourceFacts]:
    """The facts of `snowflake` or `databricks`, by type token, as `provider_facts/README.md` describes them."""
    files = (FACTS / f"{provider}.json", FACTS / f"{provider}_additions.json")
    found: dict[str, ResourceFacts] = {}
    for file in files:
        if file.is_file():
            listed = json.loads(file.read_text(encoding="utf-8"))
            found |= {token: _facts(token, entry) for token, entry in listed.items()}
    return found


def _facts(token: str, entry: Mapping[str, Any]) -> ResourceFacts:
    inputs = {name: _shape(shape) for name, shape in entry["inputs"].items()}
    return ResourceFacts(
        token=token,
        inputs=Block(inputs, tuple(entry["required"])),
        replaces=frozenset(entry["replaces"]),
        secret=frozenset(entry["secret"]),
        preview=bool(entry.get("preview")),
    )


def _shape(entry: Any) -> Shape:
    if isinstance(entry, str):
        return Scalar(entry)
    if "array" in entry:
        return Sequence(_shape(entry["array"]))
    if "map" in entry:
        return Dictionary(_shape(entry["map"]))
    fields = {name: _shape(shape) for name, shape in entry["object"].items()}
    return Block(fields, tuple(entry.get("required", ())))
