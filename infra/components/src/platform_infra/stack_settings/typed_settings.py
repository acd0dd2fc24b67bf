import dataclasses
import difflib
import types
import typing
from collections.abc import Mapping

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from platform_infra.stack_settings.errors import StackSettingsError

SETTINGS = ConfigDict(extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)
"""How every settings dataclass is validated: `@pydantic.dataclasses.dataclass(frozen=True, config=SETTINGS)`."""

_UNKNOWN_KEY = "unexpected_keyword_argument"
_MISSING_KEY = ("missing", "missing_argument")


def read_settings[T](settings_type: type[T], values: Mapping[str, object], project: str) -> T:
    """The typed settings of a stack; what the stack leaves out keeps the default that the type states.

    Args:
        settings_type: a dataclass of pydantic that forbids unknown keys.
        values: name of the setting → value, as `stack_config` gives them.
        project: the Pulumi project, as the messages should name it.

    Raises:
        StackSettingsError: naming every wrong setting at once; an unknown key with the nearest known one.
    """
    try:
        return TypeAdapter(settings_type).validate_python(dict(values))
    except ValidationError as error:
        wrong = "\n".join(f"  {_explain(settings_type, project, detail)}" for detail in error.errors())
        raise StackSettingsError(f"settings that {project} refuses (see its Pulumi.<stack>.yaml):\n{wrong}") from None


def _explain(settings_type: type, project: str, detail: ErrorDetails) -> str:
    *parents, key = [str(part) for part in detail["loc"]] or ["*"]
    path = ".".join((*parents, key))
    if detail["type"] == _UNKNOWN_KEY:
        return f"{project}:{path} is not a setting: {_nearest(key, _keys_at(settings_type, parents))}"
    if detail["type"] in _MISSING_KEY:
        return f"{project}:{path} is missing: set it in the stack file, or for every stack in Pulumi.yaml"
    return f"{project}:{path}: {detail['msg'].removeprefix('Value error, ')}"


def _nearest(key: str, known: list[str]) -> str:
    close = difflib.get_close_matches(key, known, n=1, cutoff=0.4)
    hint = f"did you mean {close[0]!r}? " if close else ""
    return f"{hint}known here are {', '.join(sorted(set(known)))}"


def _keys_at(settings_type: object, path: list[str]) -> list[str]:
    """The keys that are legal at a place: the fields of whichever dataclass stands there."""
    if not path:
        return [field.name for candidate in _dataclasses_in(settings_type) for field in dataclasses.fields(candidate)]
    head, *rest = path
    return [key for inner in _types_under(settings_type, head) for key in _keys_at(inner, rest)]


def _types_under(annotation: object, key: str) -> list[object]:
    candidates = _dataclasses_in(annotation)
    fields = [typing.get_type_hints(c, include_extras=True).get(key) for c in candidates]
    if any(fields):
        return [field for field in fields if field is not None]
    if candidates:
        return [annotation]  # the key is the tag of a union, not a level of its own
    return list(typing.get_args(_plain(annotation)))[-1:]


def _dataclasses_in(annotation: object) -> list[type]:
    plain = _plain(annotation)
    if isinstance(plain, type) and dataclasses.is_dataclass(plain):
        return [plain]
    if isinstance(plain, types.UnionType) or typing.get_origin(plain) is typing.Union:
        return [found for member in typing.get_args(plain) for found in _dataclasses_in(member)]
    return []


def _plain(annotation: object) -> object:
    if isinstance(annotation, typing.TypeAliasType):
        return _plain(annotation.__value__)
    return _plain(typing.get_args(annotation)[0]) if typing.get_origin(annotation) is typing.Annotated else annotation
