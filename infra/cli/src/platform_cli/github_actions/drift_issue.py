import re
from typing import Any

from platform_contract.deployment import Deployment, deployments
from platform_runtime.github.github import GitHub

from platform_cli.github_actions.authorship import is_ours
from platform_cli.github_actions.notice import Section, code_block, compose

MARKER = "<!-- platform: drift -->"
LABEL = "drift"
TITLE = "The cloud is not as it is declared"
_OPENING = "Found by a preview that looked at the cloud and changed nothing. Each run writes this anew."


def report_drift(github: GitHub, deployment: Deployment, drift: str) -> None:
    """Write what a stack's preview found into the one open issue, or open it; close it when no stack has drifted.

    Args:
        github: the repository, with a token that may write issues.
        deployment: the stack; sections of other stacks stay as they are.
        drift: what the preview said, empty when all is as declared.
    """
    issue = _open_issue(github)
    sections = [] if issue is None else _sections(issue["body"])
    others = [section for section in sections if section.heading != deployment.name]
    kept = others + ([Section(deployment.name, code_block(drift))] if drift else [])
    if issue is None and kept:
        github.post("issues", {"title": TITLE, "labels": [LABEL], "body": compose(MARKER, _OPENING, kept)})
    elif issue is not None:
        closing = {} if kept else {"state": "closed"}
        github.patch(f"issues/{issue['number']}", {"body": compose(MARKER, _OPENING, kept), **closing})


def _open_issue(github: GitHub) -> dict[str, Any] | None:
    found = github.items("issues", {"state": "open", "labels": LABEL}, None)
    return next((issue for issue in found if is_ours(issue, MARKER)), None)


def _sections(body: str) -> list[Section]:
    names = "|".join(one.name for one in deployments().standing)
    _, *parts = re.split(rf"^### ({names})$", body, flags=re.MULTILINE)
    return [Section(heading, text) for heading, text in zip(parts[::2], parts[1::2], strict=True)]
