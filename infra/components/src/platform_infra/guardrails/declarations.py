from collections.abc import Mapping
from typing import Any

import pulumi

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
    return {key: await pulumi.Output.from_input(value).future(with_unknowns=True) for key, value in inputs.items()}
