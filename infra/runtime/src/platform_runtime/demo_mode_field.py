from typing import Annotated

import dagster as dg
from platform_contract.errors import ContractError


def resolve_demo_mode(context: dg.ResolutionContext, value: bool | str) -> bool:
    """The value of a `demo_mode` field as its YAML has it, once templated.

    Raises:
        ContractError: when it is neither true nor false.
    """
    resolved = context.resolve_value(value, as_type=object)
    if not isinstance(resolved, bool):
        raise ContractError(
            f'demo_mode: {resolved!r} is not a demo mode: write true, false or "{{{{ demo_mode }}}}" in defs.yaml'
        )
    return resolved


DemoMode = Annotated[
    bool,
    dg.Resolver(
        resolve_demo_mode,
        model_field_type=bool | str,
        description="On this machine (true) or in the cloud (false); it chooses resources and nothing else.",
        examples=["{{ demo_mode }}"],
    ),
]
"""The `demo_mode` field of a component: strictly true or false after templating, no `yes` and no `maybe`."""
