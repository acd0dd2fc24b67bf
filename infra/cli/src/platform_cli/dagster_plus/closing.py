from platform_contract.deployment import Deployment

from platform_cli.dagster_plus.session import Session


def close_branch_deployment(session: Session, deployment: Deployment) -> str:
    """Close a pull request's branch deployment and delete it, runs and all; what was done, in one line.

    One that is gone already is no failure.

    Raises:
        ContractError: when Dagster+ cannot be reached or refuses the token.
        CloudCliError: when it cannot be closed.
    """
    found = session.branch_deployments(deployment)
    for one in found:
        session.record_pull_request(deployment, one.branch, "CLOSED")
        session.cli.run(f"{deployment}: deleting it", "branch-deployment", "delete", "--deployment", one.name)
    return f"{deployment} is closed" if found else f"{deployment} is not in Dagster+, so there is nothing to close"
