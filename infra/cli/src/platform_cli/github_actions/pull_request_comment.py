from platform_contract.deployment import Deployment
from platform_runtime.github.github import GitHub

from platform_cli.github_actions.authorship import is_ours

MARKER = "<!-- platform: pull request -->"


def put_comment(github: GitHub, deployment: Deployment, body: str) -> None:
    """Write the one comment on a pull request, or write it anew where it stands already.

    Raises:
        GitHubError: when the token may not.
    """
    place = f"issues/{deployment.pull_request}/comments"
    ours = [comment for comment in github.items(place, {}, None) if is_ours(comment, MARKER)]
    if ours:
        github.patch(f"issues/comments/{ours[0]['id']}", {"body": body})
    else:
        github.post(place, {"body": body})
