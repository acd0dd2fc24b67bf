from collections.abc import Mapping
from enum import Enum
from typing import Any

from google.protobuf import json_format, struct_pb2

# The markers of Pulumi's property encoding; they are part of its wire protocol.
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - says that a secret follows
_UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

type Properties = dict[str, Any]


class Computed(Enum):
    """A value that exists only once the resource does: what a preview holds in its place."""

    UNKNOWN = "unknown"


UNKNOWN = Computed.UNKNOWN


def read_properties(struct: struct_pb2.Struct) -> Properties:
    """The plain values of a wire message: secrets opened, whole numbers as int, values not known yet as UNKNOWN."""
    return {key: _read(value) for key, value in json_format.MessageToDict(struct).items()}


def secret_names(struct: struct_pb2.Struct) -> frozenset[str]:
    """The top-level properties of a wire message that hold a secret, however deep."""
    return frozenset(key for key, value in json_format.MessageToDict(struct).items() if _holds_secret(value))


def write_properties(properties: Mapping[str, Any], secrets: frozenset[str]) -> struct_pb2.Struct:
    """The wire message of plain values, with the properties named in `secrets` marked secret."""
    struct = struct_pb2.Struct()
    struct.update({key: _write(value, key in secrets) for key, value in properties.items()})
    return struct


def holds_unknown(value: Any) -> bool:
    """Whether any part of a value is not known yet."""
    if isinstance(value, dict):
        return any(holds_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(holds_unknown(item) for item in value)
    return value is UNKNOWN


def _read(value: Any) -> Any:
    if isinstance(value, dict):
        if value.get(_SIGNATURE) == _SECRET:
            return _read(value["value"])
        return {key: _read(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_read(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return UNKNOWN if value == _UNKNOWN_STRING else value


def _holds_secret(value: Any) -> bool:
    if isinstance(value, dict):
        return value.get(_SIGNATURE) == _SECRET or any(_holds_secret(item) for item in value.values())
    return isinstance(value, list) and any(_holds_secret(item) for item in value)


def _write(value: Any, secret: bool) -> Any:
    plain = _mark_unknown(value)
    return {_SIGNATURE: _SECRET, "value": plain} if secret else plain


def _mark_unknown(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _mark_unknown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_mark_unknown(item) for item in value]
    return _UNKNOWN_STRING if value is UNKNOWN else value
