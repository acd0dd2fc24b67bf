from collections.abc import Iterator

from platform_contract.databricks_names import POD_TOKEN_AUDIENCE, Principal

from platform_infra.databricks.arguments import FederationArgs
from platform_infra.databricks.workspaces import ManagedIdentities, PodIdentity

_GITHUB_ISSUER = "https://token.actions.githubusercontent.com"
_GITHUB_ENVIRONMENT = "pull-requests"


def federation(stated: ManagedIdentities, account_id: str) -> Iterator[FederationArgs]:
    """Whom the principals of a standing deployment are signed in by: its pods, and of dev those of pull requests."""
    if stated.pods is not None:
        yield _pods("pods", Principal.PIPELINE, "The pods of this deployment", stated.pods)
    if stated.branch_pods is not None:
        yield _pods("branch-pods", Principal.CI, "The pods of branch deployments", stated.branch_pods)
    if stated.github_repository is not None:
        yield FederationArgs(
            name="pull-requests",
            principal=Principal.CI,
            description=f"Pull requests of {stated.github_repository}",
            issuer=_GITHUB_ISSUER,
            audience=account_id,
            subject=f"repo:{stated.github_repository}:environment:{_GITHUB_ENVIRONMENT}",
        )


def _pods(name: str, principal: Principal, description: str, pods: PodIdentity) -> FederationArgs:
    return FederationArgs(name, principal, description, pods.issuer, POD_TOKEN_AUDIENCE, pods.subject)
