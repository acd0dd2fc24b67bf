"""One repository on GitHub: what the REST interface shows of it and lets a token change."""

import io
import itertools
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OWNER = "acme/platform"
BOT = {"login": "github-actions[bot]", "type": "Bot"}


@dataclass(slots=True)
class FakeRepository:
    """`tokens` maps a token to its permissions (`{"actions": "write", "pull_requests": "read"}`)."""

    tokens: dict[str, Mapping[str, str]]
    pulls: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    comments: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    runs: list[dict[str, Any]] = field(default_factory=list)
    artifacts: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    jobs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    files: dict[int, bytes] = field(default_factory=dict)
    dispatches: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    ids: itertools.count = field(default_factory=lambda: itertools.count(1000))

    def pull(self, number: int, closed_at: str | None, head: str | None = OWNER) -> dict[str, Any]:
        """Open a pull request from a branch of `head`, and close it again at that moment."""
        one = {
            "number": number,
            "state": "open" if closed_at is None else "closed",
            "closed_at": closed_at,
            "updated_at": closed_at or "2031-03-01T00:00:00Z",
            "head": {"repo": None if head is None else {"full_name": head}},
        }
        self.pulls.append(one)
        return one

    def run(self, workflow: str, title: str, created_at: str, conclusion: str | None, **more: str) -> int:
        """A run of a workflow; one without a conclusion is still going on."""
        number = next(self.ids)
        status = "in_progress" if conclusion is None else "completed"
        self.runs.append(
            {
                "id": number,
                "workflow": workflow,
                "display_title": title,
                "created_at": created_at,
                "status": status,
                "conclusion": conclusion,
                "event": "push",
                "head_branch": "main",
                **more,
            }
        )
        return number

    def artifact(self, run: int, name: str, files: Mapping[str, str], *, expired: bool) -> None:
        """Files that a run left."""
        number = next(self.ids)
        self.artifacts.setdefault(run, []).append({"id": number, "name": name, "expired": expired})
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for file, text in files.items():
                archive.writestr(file, text)
        self.files[number] = packed.getvalue()
