"""The JSON schema of what a `defs.yaml` may say, so told that whoever checks by it names one key and one fault.

`dg check yaml` and editors know a declaration by its schema alone. pydantic writes a choice as `anyOf` or `oneOf`, of
which a validator (jsonschema) can say no more than that nothing fits, with all of the value before it; `if` and `then`
lead it to the one alternative that was meant. And of a mapping whose keys have a pattern, it leaves all others open.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, ClassVar, override

import dagster as dg
from platform_contract.domain import Engine
from platform_contract.domains import domains_on
from pydantic import BaseModel, GetJsonSchemaHandler, create_model
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema

type JsonSchema = dict[str, Any]

_TEMPLATE: JsonSchema = {"type": "string", "pattern": r"\{\{.*\}\}"}
_TEXT: JsonSchema = {"type": "string"}
TEMPLATED_DEMO_MODE: JsonSchema = {"properties": {"demo_mode": {"if": _TEXT, "then": _TEMPLATE}}}
"""The rule that a text for `demo_mode` is a template, where Dagster does not resolve what declares it."""


class DeclaredModel(BaseModel):
    """What a `defs.yaml` declares; its schema holds the rules that pydantic keeps to itself as well."""

    templated: ClassVar[bool] = False
    """Whether a template, `{{ … }}`, may stand for any value, as Dagster lets it for what it resolves."""

    @classmethod
    def schema_rules(cls) -> list[JsonSchema]:
        """What its validators refuse, as far as a schema can know it."""
        return []

    @classmethod
    @override
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler, /) -> JsonSchema:
        schema = handler(core_schema)
        own = handler.resolve_ref_schema(schema)
        plain = _Plain(handler.resolve_ref_schema, cls.templated)
        own["properties"] = {name: plain.field(about) for name, about in own.get("properties", {}).items()}
        rules = cls.schema_rules()
        if rules:
            own["allOf"] = rules
        return schema


class ResolvedModel(dg.Resolvable):
    """Something that Dagster resolves from a `defs.yaml`; what Dagster makes of it for that purpose is told plainly."""

    @classmethod
    def schema_rules(cls) -> list[JsonSchema]:
        """What it refuses, as far as a schema can know it."""
        return []

    @classmethod
    @override
    def model(cls) -> type[BaseModel]:
        return _resolved_from(cls, super().model())


@cache
def _resolved_from(resolved: type[ResolvedModel], derived: type[BaseModel]) -> type[BaseModel]:
    """The derived model, with what its fields are described by, which deriving loses of those with a default."""
    described = resolved.model_fields if issubclass(resolved, BaseModel) else {}
    fields = {name: _described(field, described.get(name)) for name, field in derived.model_fields.items()}

    class Told(DeclaredModel):
        templated: ClassVar[bool] = True

        @classmethod
        @override
        def schema_rules(cls) -> list[JsonSchema]:
            return resolved.schema_rules()

    return create_model(derived.__name__, __base__=(Told, derived), **fields)


def _described(field: FieldInfo, by: FieldInfo | None) -> Any:  # noqa: ANN401 - as create_model takes it
    if by is not None:
        field = FieldInfo.merge_field_infos(field, description=by.description, examples=by.examples)
    return field.annotation, field


class _Plain:
    """Rewrites what pydantic says of a value."""

    def __init__(self, resolve: Callable[[JsonSchema], JsonSchema], templated: bool) -> None:
        self._resolve, self._templated = resolve, templated

    def field(self, schema: JsonSchema) -> JsonSchema:
        """What a field may hold: a template instead, where Dagster takes one, which it does of whole fields alone."""
        alternatives = schema.get("anyOf", [])
        others = [one for one in alternatives if one != _TEXT]
        if "$ref" in schema and "enum" in self._resolve(schema):
            # Beside a reference, `inspect-component` shows no example.
            return self._resolve(schema) | {key: value for key, value in schema.items() if key != "$ref"}
        if not self._templated or len(others) == len(alternatives) or all(self._type(one) == "null" for one in others):
            return self.told(schema)
        told = {key: value for key, value in schema.items() if key != "anyOf"}
        return told | {"if": _TEMPLATE, "else": self.told(others[0] if len(others) == 1 else {"anyOf": others})}

    def told(self, schema: JsonSchema) -> JsonSchema:
        """The same schema in other words."""
        told = {key: self._part(key, value) for key, value in schema.items()}
        if "patternProperties" in told:
            told["additionalProperties"] = False
        if "discriminator" in told:
            return _by_tag(told)
        if "anyOf" in told:
            alternatives = told.pop("anyOf")
            return told | self._choice(alternatives)
        return told

    def _part(self, key: str, value: Any) -> Any:  # noqa: ANN401 - any keyword's value
        if key in {"items", "additionalProperties"} and isinstance(value, dict):
            return self.told(value)
        if key == "patternProperties":
            return {pattern: self.told(about) for pattern, about in value.items()}
        return [self.told(one) for one in value] if key in {"anyOf", "prefixItems"} else value

    def _choice(self, alternatives: list[JsonSchema]) -> JsonSchema:
        types = [self._type(one) for one in alternatives]
        if None in types or len(set(types)) < len(types):
            return {"anyOf": alternatives}
        further = zip(types, alternatives, strict=True)
        rules = [{"if": {"type": kind}, "then": one} for kind, one in further if one != {"type": kind}]
        return {"type": types, "allOf": rules} if rules else {"type": types}

    def _type(self, schema: JsonSchema) -> str | None:
        kind = self._resolve(schema).get("type") if "$ref" in schema else schema.get("type")
        return kind if isinstance(kind, str) else None


def _by_tag(schema: JsonSchema) -> JsonSchema:
    """A choice that a key of its own tells apart."""
    told = {key: value for key, value in schema.items() if key not in {"discriminator", "oneOf"}}
    key, alternatives = schema["discriminator"]["propertyName"], schema["discriminator"]["mapping"]
    return told | {
        "type": "object",
        "required": [key],
        "properties": {key: {"enum": list(alternatives)}},
        "allOf": [given({key: {"const": tag}}, {"$ref": reference}) for tag, reference in alternatives.items()],
    }


def says(said: dict[str, JsonSchema]) -> JsonSchema:
    """The condition that something says that of its keys, all of them."""
    return {"properties": said, "required": list(said)}


def given(said: dict[str, JsonSchema], rule: JsonSchema) -> JsonSchema:
    """A rule for what says that of its keys, all of them."""
    return {"if": says(said), "then": rule}


def only_keys(known: Iterable[str], refused: Iterable[str]) -> JsonSchema:
    """The rule that none of the refused keys is there, of those that are known."""
    taken = set(refused)
    return {"propertyNames": {"enum": [key for key in known if key not in taken]}}


def domain_of(engine: Engine) -> JsonSchema:
    """The rule that `domain` is one of those that are built there."""
    known = [domain.name for domain in domains_on(engine)]
    return {"properties": {"domain": {"if": _TEMPLATE, "else": {"enum": known}}}}
