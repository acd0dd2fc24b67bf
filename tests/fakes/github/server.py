"""The REST interface of GitHub over HTTP: paths, paging, permissions and refusals as the real one has them."""

import json
import re
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from typing import Any, ClassVar

from tests.fakes.github.repository import BOT, OWNER, FakeRepository
from tests.fakes.http_server import StandInHandler, serving

_LARGEST_BODY = 65_536


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: what its path's pattern caught, its query, and its content."""

    caught: tuple[str, ...]
    query: dict[str, str]
    content: dict[str, Any]


class RefusedError(Exception):
    """A refusal: status and message."""


def _pulls(repository: FakeRepository, asked: Asked) -> list[dict[str, Any]]:
    kept = [one for one in repository.pulls if asked.query.get("state", "open") in (one["state"], "all")]
    return sorted(kept, key=lambda one: one["updated_at"], reverse=asked.query.get("direction") == "desc")


def _pull(repository: FakeRepository, asked: Asked) -> dict[str, Any]:
    return _found([one for one in repository.pulls if one["number"] == int(asked.caught[0])])


def _comments(repository: FakeRepository, asked: Asked) -> list[dict[str, Any]]:
    return repository.comments.get(int(asked.caught[0]), [])


def _comment(repository: FakeRepository, asked: Asked) -> dict[str, Any]:
    made = {"id": next(repository.ids), "body": _body(asked), "user": BOT}
    repository.comments.setdefault(int(asked.caught[0]), []).append(made)
    return made


def _edit_comment(repository: FakeRepository, asked: Asked) -> dict[str, Any]:
    every = [one for comments in repository.comments.values() for one in comments]
    comment = _found([one for one in every if one["id"] == int(asked.caught[0])])
    comment["body"] = _body(asked)
    return comment


def _issues(repository: FakeRepository, asked: Asked) -> list[dict[str, Any]]:
    wanted = asked.query.get("labels")
    state = asked.query.get("state", "open")
    kept = [one for one in repository.issues if state in (one["state"], "all")]
    return [one for one in kept if wanted is None or wanted in one["labels"]]


def _issue(repository: FakeRepository, asked: Asked) -> dict[str, Any]:
    made = {"number": next(repository.ids), "state": "open", "user": BOT, **asked.content, "body": _body(asked)}
    repository.issues.append(made)
    return made


def _edit_issue(repository: FakeRepository, asked: Asked) -> dict[str, Any]:
    issue = _found([one for one in repository.issues if one["number"] == int(asked.caught[0])])
    issue.update(asked.content)
    return issue


def _runs(repository: FakeRepository, asked: Asked) -> dict[str, Any]:
    query = asked.query
    since = query.get("created", ">=").removeprefix(">=")
    kept = [
        run
        for run in repository.runs
        if run["workflow"] == asked.caught[0]
        and run["created_at"] >= since
        and query.get("branch") in (None, run["head_branch"])
        and query.get("event") in (None, run["event"])
        and query.get("status") in (None, run["status"], run["conclusion"])
    ]
    return {"workflow_runs": sorted(kept, key=lambda run: run["created_at"], reverse=True)}


def _dispatch(repository: FakeRepository, asked: Asked) -> None:
    repository.dispatches.append({"workflow": asked.caught[0], **asked.content})


def _artifacts(repository: FakeRepository, asked: Asked) -> dict[str, Any]:
    left = repository.artifacts.get(int(asked.caught[0]), [])
    return {"artifacts": [one for one in left if asked.query.get("name") in (None, one["name"])]}


def _jobs(repository: FakeRepository, asked: Asked) -> dict[str, Any]:
    """Those of the run's last attempt, unless all are asked for (docs.github.com, List jobs for a workflow run)."""
    every = repository.jobs.get(int(asked.caught[0]), [])
    last = max((one["run_attempt"] for one in every), default=0)
    return {"jobs": [one for one in every if asked.query.get("filter") == "all" or one["run_attempt"] == last]}


def _zip(repository: FakeRepository, asked: Asked) -> str:
    return _found([f"/blobs/{number}" for number in repository.files if number == int(asked.caught[0])])


def _found[T](found: list[T]) -> T:
    if not found:
        raise RefusedError(404, "Not Found")
    return found[0]


def _body(asked: Asked) -> str:
    body = str(asked.content["body"])
    if len(body) > _LARGEST_BODY:
        raise RefusedError(422, "Validation Failed: body is too long (maximum is 65536 characters)")
    return body


type Route = tuple[str, str, str, str, Callable[[FakeRepository, Asked], Any]]
# Method, path under the repository, the permission it takes and how much of it, and what answers.
_ROUTES: tuple[Route, ...] = (
    ("GET", r"pulls", "pull_requests", "read", _pulls),
    ("GET", r"pulls/(\d+)", "pull_requests", "read", _pull),
    ("GET", r"issues/(\d+)/comments", "pull_requests", "read", _comments),
    ("POST", r"issues/(\d+)/comments", "pull_requests", "write", _comment),
    ("PATCH", r"issues/comments/(\d+)", "pull_requests", "write", _edit_comment),
    ("GET", r"issues", "issues", "read", _issues),
    ("POST", r"issues", "issues", "write", _issue),
    ("PATCH", r"issues/(\d+)", "issues", "write", _edit_issue),
    ("GET", r"actions/workflows/([\w.-]+)/runs", "actions", "read", _runs),
    ("POST", r"actions/workflows/([\w.-]+)/dispatches", "actions", "write", _dispatch),
    ("GET", r"actions/runs/(\d+)/artifacts", "actions", "read", _artifacts),
    ("GET", r"actions/runs/(\d+)/jobs", "actions", "read", _jobs),
    ("GET", r"actions/artifacts/(\d+)/zip", "actions", "read", _zip),
)


class _Handler(StandInHandler):
    repository: ClassVar[FakeRepository]
    port: ClassVar[int]

    def _respond(self) -> None:
        url = urllib.parse.urlsplit(self.path)
        if url.path.startswith("/blobs/"):
            self._send_file(url.path)
            return
        query = {name: values[0] for name, values in urllib.parse.parse_qs(url.query).items()}
        try:
            answer = self._answer(url.path, query)
        except RefusedError as refused:
            status, message = refused.args
            self.repository.refusals.append(f"{self.command} {url.path}: {status}")
            self._answer_json(status, {"message": message}, {})
            return
        self._send(url.path, query, answer)

    do_GET = do_POST = do_PATCH = _respond  # noqa: N815 - the base class finds methods by their names

    def _answer(self, path: str, query: dict[str, str]) -> Any:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.repository.tokens:
            raise RefusedError(401, "Bad credentials")
        length = int(self.headers.get("Content-Length") or 0)
        content = json.loads(self.rfile.read(length)) if length else {}
        for method, pattern, permission, amount, answer in _ROUTES:
            matched = re.fullmatch(f"/repos/{OWNER}/{pattern}", path)
            if matched and method == self.command:
                if self.repository.tokens[token].get(permission) not in (amount, "write"):
                    raise RefusedError(403, "Resource not accessible by personal access token")
                return answer(self.repository, Asked(matched.groups(), query, content))
        raise RefusedError(404, "Not Found")

    def _send(self, path: str, query: dict[str, str], answer: Any) -> None:
        if isinstance(answer, str):
            # Files lie with another host, which knows nothing of tokens.
            self._answer_json(302, {}, {"Location": f"http://localhost:{self.port}{answer}"})
            return
        if answer is None:
            self._answer_json(204, None, {})
            return
        lists = answer if isinstance(answer, list) else next((v for v in answer.values() if isinstance(v, list)), None)
        if self.command != "GET" or lists is None or "number" in answer:
            self._answer_json(200 if self.command != "POST" else 201, answer, {})
            return
        size, page = int(query.get("per_page", 30)), int(query.get("page", 1))
        shown = lists[(page - 1) * size : page * size]
        following = urllib.parse.urlencode({**query, "page": page + 1})
        address = f"http://{self.headers['Host']}{path}?{following}"
        link = {"Link": f'<{address}>; rel="next"'} if len(lists) > page * size else {}
        key = None if isinstance(answer, list) else next(iter(answer))
        self._answer_json(200, shown if key is None else {key: shown}, link)

    def _send_file(self, path: str) -> None:
        if "Authorization" in self.headers:
            self._answer_json(400, {"message": "a token was sent to the host of files"}, {})
            return
        file = self.repository.files[int(path.rpartition("/")[2])]
        self.send_answer(200, {"Content-Type": "application/zip"}, file)

    def _answer_json(self, status: int, content: object, headers: dict[str, str]) -> None:
        body = b"" if content is None else json.dumps(content).encode()
        self.send_answer(status, {"Content-Type": "application/json; charset=utf-8", **headers}, body)


@contextmanager
def serve_github(repository: FakeRepository) -> Iterator[str]:
    """Serve one repository, `acme/platform`; the address of the interface."""
    handler = type("Handler", (_Handler,), {"repository": repository})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.port = server.server_port
    with serving(server, "github"):
        yield f"http://127.0.0.1:{server.server_port}"
