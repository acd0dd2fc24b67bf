from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pulumi

from platform_infra.guardrails.declarations import Declarations
from platform_infra.guardrails.guardrail import Guardrail, check


def run_guarded(declare: Callable[[], Mapping[str, Any]], guardrails: Sequence[Guardrail]) -> None:
    """Run a program under guardrails: declare its resources, check them, and only then export its outputs.

    `pulumi up` previews first, so a violation ends it before anything changes; no command here skips the preview.

    Args:
        declare: declares every resource and returns the stack's outputs.
        guardrails: the rules that all declared resources must keep.

    Raises:
        GuardrailError: (from the engine's run) when a rule is broken.
    """
    declarations = Declarations()
    declarations.watch()
    outputs = declare()

    async def checked() -> Mapping[str, Any]:
        check(guardrails, await declarations.resolved())
        return outputs

    pulumi.run(checked)
