from platform_contract.databricks_names import Principal
from platform_contract.deployment import Trait
from platform_contract.environment_variables import EnvironmentVariable

from platform_infra.databricks.cloud_storage import StorageTrust
from platform_infra.databricks.plan import DatabricksPlan


def next_steps(plan: DatabricksPlan, project: str) -> list[str]:
    """What a person does once the stack is up, in order."""
    if plan.deployment.has(Trait.PULL_REQUEST):
        return [
            "Clone production's tables into this catalog, then open the branch deployment in Dagster+",
            f"Destroy this stack when pull request {plan.deployment.pull_request} closes",
        ]
    if plan.settings.storage_trust is StorageTrust.PENDING:
        return [
            "Set up the trust that the output storage_trust describes",
            f"Set {project}:storage_trust to established in Pulumi.{plan.deployment}.yaml, and up again",
        ]
    branches = f"For branch deployments, do the same with the principal {Principal.CI} of the output principals"
    return [
        *_secret(plan),
        f"Put all of environment into the ConfigMap of the agent for {plan.deployment}",
        *([branches] if plan.deployment.has(Trait.HOSTS_PULL_REQUESTS) else []),
    ]


def _secret(plan: DatabricksPlan) -> list[str]:
    """Where no policy trusts the pods, a secret lets them in."""
    identities = plan.identities
    if identities is not None and any(trusted.principal is Principal.PIPELINE for trusted in identities.federation):
        return []
    client, secret = EnvironmentVariable.DATABRICKS_CLIENT_ID, EnvironmentVariable.DATABRICKS_CLIENT_SECRET
    return [
        f"Make an OAuth secret, in the account console, for the principal {client}",
        f"Put it into the Secret of the agent for {plan.deployment}, as {secret}",
    ]
