from dataclasses import dataclass

from platform_contract.deployment import Deployment

from platform_cli.dagster_plus.organisation import Organisation

_QUERY = """
query PullRequestDeployments($limit: Int!) {
  branchDeployments(limit: $limit) {
    nodes {
      deploymentName
      branchDeploymentGitMetadata { repoName branchName pullRequestNumber pullRequestStatus }
    }
  }
}
"""
_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class BranchDeployment:
    """A branch deployment: its name in Dagster+, which is a hash, and the pull request that it was made for."""

    name: str
    repository: str
    branch: str
    pull_request: str


def branch_deployments(
    organisation: Organisation, repository: str, deployment: Deployment
) -> tuple[BranchDeployment, ...]:
    """The branch deployments of one pull request of one repository; others with the same number are left out.

    Args:
        organisation: where to look.
        repository: `owner/name`.
        deployment: the pull request's deployment.
    """
    found = organisation.execute(_QUERY, {"limit": _LIMIT}, None)["branchDeployments"]["nodes"]
    known = (_branch_deployment(node) for node in found if node["branchDeploymentGitMetadata"])
    return tuple(
        one for one in known if one.repository == repository and one.pull_request == str(deployment.pull_request)
    )


def _branch_deployment(node: dict) -> BranchDeployment:
    git = node["branchDeploymentGitMetadata"]
    return BranchDeployment(
        node["deploymentName"], git["repoName"], git["branchName"], str(git["pullRequestNumber"] or "")
    )
