from platform_contract.databricks_names import DatabricksNames

from platform_infra.databricks.guardrails.bounded_compute import BoundedCompute
from platform_infra.databricks.guardrails.legal_values import LegalValues
from platform_infra.databricks.guardrails.one_list_per_object import OneListPerObject
from platform_infra.databricks.guardrails.overlapping_locations import OverlappingLocations
from platform_infra.databricks.guardrails.own_workspace_binding import OwnWorkspaceBinding
from platform_infra.databricks.guardrails.public_grant import PublicGrant
from platform_infra.databricks.guardrails.pull_request_scope import PullRequestScope
from platform_infra.databricks.plan import DatabricksPlan
from platform_infra.databricks.provider_inputs import PROVIDER_INPUTS
from platform_infra.databricks.resource_types import STATEFUL
from platform_infra.guardrails.force_destroy import ForceDestroyOutsidePullRequest
from platform_infra.guardrails.guardrail import Guardrail
from platform_infra.guardrails.provider_inputs import ProviderInputs
from platform_infra.guardrails.unprotected_stateful import UnprotectedStateful


def databricks_guardrails(plan: DatabricksPlan) -> tuple[Guardrail, ...]:
    """Every rule that a Databricks program of the plan's deployment keeps."""
    names, root = DatabricksNames(plan.deployment), plan.workspace.storage.root
    return (
        UnprotectedStateful(plan.deployment, STATEFUL),
        ForceDestroyOutsidePullRequest(plan.deployment),
        ProviderInputs(PROVIDER_INPUTS, {}),
        PullRequestScope(names, f"{root}/{names.storage_folder}"),
        OneListPerObject(),
        OverlappingLocations(root),
        OwnWorkspaceBinding(plan.workspace.workspace_id),
        BoundedCompute(),
        PublicGrant(),
        LegalValues(),
    )
