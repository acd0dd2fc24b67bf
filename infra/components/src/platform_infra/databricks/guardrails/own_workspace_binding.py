from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from platform_infra.databricks.resource_types import WORKSPACE_BINDING
from platform_infra.guardrails.declared_resource import DeclaredResource
from platform_infra.guardrails.guardrail import Guardrail, Violation


@dataclass(frozen=True, slots=True)
class OwnWorkspaceBinding(Guardrail):
    """What is isolated is bound to its own workspace from the start; to declare that breaks destroy.

    The provider makes a catalog, location or credential, isolates it and binds the workspace that it works in. A
    declared binding is destroyed first, and then nothing there can be reached to be deleted.
    """

    workspace_id: int

    def violations(self, resources: Sequence[DeclaredResource]) -> Iterator[Violation]:
        """Every binding to the deployment's own workspace."""
        for resource in resources:
            own = str(resource.inputs.get("workspace_id")) == str(self.workspace_id)
            if resource.type_token == WORKSPACE_BINDING and own:
                yield Violation(resource, f"binds to {self.workspace_id}, its own workspace", "remove the binding")
