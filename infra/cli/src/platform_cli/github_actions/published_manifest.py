import io
import zipfile
from collections.abc import Sequence
from itertools import islice

from platform_contract.github_names import MAIN_BRANCH, MANIFEST_ARTIFACT, Workflow
from platform_runtime.github.github import GitHub

# An artifact is kept for a while, and every release makes a new one: what is further back is gone.
_RUNS = 20


def published_files(github: GitHub, names: Sequence[str]) -> dict[str, bytes]:
    """Those of the named files that the latest release has left; none where it is not kept any more.

    Only what a push to the main branch of this repository has left counts: a pull request can leave an artifact of the
    same name.
    """
    query = {"branch": str(MAIN_BRANCH), "event": "push", "status": "success"}
    releases = github.items(f"actions/workflows/{Workflow.MAIN}/runs", query, "workflow_runs")
    for run in islice(releases, _RUNS):
        for artifact in github.items(f"actions/runs/{run['id']}/artifacts", {"name": MANIFEST_ARTIFACT}, "artifacts"):
            if not artifact["expired"]:
                return _unpacked(github.download(f"actions/artifacts/{artifact['id']}/zip"), names)
    return {}


def _unpacked(packed: bytes, names: Sequence[str]) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in names if name in archive.namelist()}
