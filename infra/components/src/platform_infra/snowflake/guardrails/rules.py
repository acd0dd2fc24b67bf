from platform_contract.deployment import Deployment

from platform_infra.guardrails.force_destroy import ForceDestroyOutsidePullRequest
from platform_infra.guardrails.guardrail import Guardrail
from platform_infra.guardrails.provider_inputs import ProviderInputs
from platform_infra.guardrails.unprotected_stateful import UnprotectedStateful
from platform_infra.snowflake.guardrails.bounded_grants import BoundedGrants
from platform_infra.snowflake.guardrails.capped_warehouses import CappedWarehouses
from platform_infra.snowflake.guardrails.one_future_level import OneFutureLevel
from platform_infra.snowflake.guardrails.pull_request_names import PullRequestNames
from platform_infra.snowflake.guardrails.transient_retention import TransientRetention
from platform_infra.snowflake.provider_inputs import FIXED_PROVIDER_INPUTS, PROVIDER_INPUTS
from platform_infra.snowflake.resource_types import STATEFUL


def snowflake_guardrails(deployment: Deployment) -> tuple[Guardrail, ...]:
    """Every rule that a Snowflake program of this deployment keeps."""
    return (
        UnprotectedStateful(deployment, STATEFUL),
        ForceDestroyOutsidePullRequest(deployment),
        ProviderInputs(PROVIDER_INPUTS, FIXED_PROVIDER_INPUTS),
        CappedWarehouses(),
        BoundedGrants(),
        OneFutureLevel(),
        TransientRetention(),
        PullRequestNames(deployment),
    )
