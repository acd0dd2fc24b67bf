from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.fakes.pulumi_provider.input_rules import exactly_one, known_text
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import Refusal
from tests.fakes.pulumi_provider.snowflake.identifiers import requote
from tests.fakes.pulumi_provider.snowflake.privileges import PLURALS
from tests.fakes.pulumi_provider.snowflake.role_grant import two_part


@dataclass(frozen=True, slots=True)
class GrantTarget:
    """What privileges are granted on.

    `label` is the middle of the provider's id; `object_type` is singular and upper case; `container` is where the
    objects of an ALL or FUTURE grant lie, `named` the one object of any other grant.
    """

    label: str
    object_type: str
    named: str | None
    container: str | None
    future: bool


_BULK = {"all": ("OnAll", False), "future": ("OnFuture", True)}


def target_refusals(inputs: Properties, scopes: tuple[str, ...]) -> Iterator[Refusal]:
    """What the provider refuses about the target of a grant: none, several, or half a name."""
    yield from exactly_one(inputs, scopes, scopes[0])
    schema = inputs.get("onSchema")
    if isinstance(schema, dict):
        yield from exactly_one(
            schema, ("schemaName", "allSchemasInDatabase", "futureSchemasInDatabase", "inherited"), "onSchema"
        )
        yield from two_part(schema, "schemaName")
    schema_object = inputs.get("onSchemaObject")
    if isinstance(schema_object, dict):
        yield from exactly_one(schema_object, ("objectName", "all", "future", "inherited"), "onSchemaObject")
        for name in _BULK:
            if isinstance(schema_object.get(name), dict):
                yield from _bulk_refusals(schema_object[name], f"onSchemaObject.{name}")


def _bulk_refusals(bulk: dict[str, Any], path: str) -> Iterator[Refusal]:
    yield from exactly_one(bulk, ("inDatabase", "inSchema"), path)
    yield from two_part(bulk, "inSchema")
    plural = known_text(bulk, "objectTypePlural")
    # The provider looks at the type only once it knows where.
    settled = known_text(bulk, "inSchema") or known_text(bulk, "inDatabase")
    if plural is not None and settled is not None and plural.upper() not in PLURALS:
        yield Refusal(f"{path}.objectTypePlural", f"{plural!r} is no object type in the plural")


def grant_target(inputs: Properties) -> GrantTarget:
    """The target of a grant whose inputs the provider has accepted."""
    if inputs.get("onAccount"):
        return GrantTarget("OnAccount", "ACCOUNT", None, None, False)
    if inputs.get("onDatabase"):
        name = requote(inputs["onDatabase"])
        return GrantTarget(f"OnDatabase|{name}", "DATABASE", name, None, False)
    if inputs.get("onAccountObject"):
        return _account_object(inputs["onAccountObject"])
    if inputs.get("onSchema"):
        return _schema(inputs["onSchema"])
    return _schema_object(inputs["onSchemaObject"])


def _account_object(block: dict[str, Any]) -> GrantTarget:
    kind, name = block["objectType"].upper(), requote(block["objectName"])
    return GrantTarget(f"OnAccountObject|{kind}|{name}", kind, name, None, False)


def _schema(block: dict[str, Any]) -> GrantTarget:
    if block.get("schemaName"):
        name = requote(block["schemaName"])
        return GrantTarget(f"OnSchema|OnSchema|{name}", "SCHEMA", name, None, False)
    future = bool(block.get("futureSchemasInDatabase"))
    database = requote(block["futureSchemasInDatabase" if future else "allSchemasInDatabase"])
    mode = "OnFutureSchemasInDatabase" if future else "OnAllSchemasInDatabase"
    return GrantTarget(f"OnSchema|{mode}|{database}", "SCHEMA", None, database, future)


def _schema_object(block: dict[str, Any]) -> GrantTarget:
    if block.get("objectName"):
        kind, name = block["objectType"].upper(), requote(block["objectName"])
        return GrantTarget(f"OnSchemaObject|OnObject|{kind}|{name}", kind, name, None, False)
    ((which, (mode, future)),) = [entry for entry in _BULK.items() if block.get(entry[0])]
    bulk = block[which]
    place = "InSchema" if bulk.get("inSchema") else "InDatabase"
    container = requote(bulk.get("inSchema") or bulk["inDatabase"])
    plural = bulk["objectTypePlural"].upper()
    label = f"OnSchemaObject|{mode}|{plural}|{place}|{container}"
    return GrantTarget(label, PLURALS.get(plural, plural), None, container, future)
