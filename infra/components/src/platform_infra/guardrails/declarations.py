from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi._types import input_type_to_untranslated_dict, is_input_type

from platform_infra.guardrails.declared_resource import DeclaredResource


class Declarations:
    """Remembers every resource that a program declares, whoever declares it and however deep in a component."""

    def __init__(self) -> None:
        self._declared: list[tuple[str, str, Mapping[str, Any], pulumi.Resource]] = []
        self._protected: dict[pulumi.Resource, bool] = {}

    def watch(self) -> None:
        """Remember what the running program declares from now on."""
        pulumi.runtime.register_stack_transformation(self._remember)

    async def resolved(self) -> list[DeclaredResource]:
        """What was declared so far, with every input that preview can know."""
        return [
            DeclaredResource(type_token, name, await _resolved(inputs), self._protected[resource])
            for type_token, name, inputs, resource in self._declared
        ]

    def _remember(self, declared: pulumi.ResourceTransformationArgs) -> None:
        inputs = {key: value for key, value in declared.props.items() if value is not None}
        self._declared.append((declared.type_, declared.name, inputs, declared.resource))
        self._protected[declared.resource] = self._is_protected(declared.opts)

    def _is_protected(self, options: pulumi.ResourceOptions) -> bool:
        if options.protect is not None:
            return options.protect
        return options.parent is not None and self._protected.get(options.parent, False)


async def _resolved(inputs: Mapping[str, Any]) -> dict[str, Any]:
    known = {key: await pulumi.Output.from_input(value).future(with_unknowns=True) for key, value in inputs.items()}
    return {key: _plain(value) for key, value in known.items()}


def _plain(value: object) -> object:
    """A nested block as a dict, whether the program wrote it as one or as one of the SDK's argument classes."""
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if is_input_type(type(value)):
        value = input_type_to_untranslated_dict(value)
    return {key: _plain(inner) for key, inner in value.items()} if isinstance(value, Mapping) else value
