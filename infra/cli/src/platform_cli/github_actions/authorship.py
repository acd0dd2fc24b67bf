from typing import Any

# Who a job's own token writes as.
_JOBS = "github-actions[bot]"


def is_ours(written: dict[str, Any], marker: str) -> bool:
    """Whether a job wrote an issue or a comment, and marked it so: anybody else's is never changed."""
    return written["user"]["login"] == _JOBS and (written["body"] or "").startswith(marker)
