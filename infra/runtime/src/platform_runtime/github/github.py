from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

PUBLIC_API = "https://api.github.com"

_TIMEOUT_SECONDS = 30
_PAGE = 100
# Reading again is harmless; a creation that may have happened is never sent twice.
_RETRIES = Retry(
    total=3, backoff_factor=1, status_forcelist=(429, 502, 503, 504), allowed_methods=("GET",), raise_on_status=False
)
_CURES = {
    HTTPStatus.UNAUTHORIZED: "the token is wrong or has expired: set a new one",
    HTTPStatus.FORBIDDEN: "the token lacks a permission, or has used up its requests",
    HTTPStatus.NOT_FOUND: "there is no such thing, or the token may not see it",
}


class GitHubError(RuntimeError):
    """GitHub refused a request; the message says which and why, and never holds the token."""


class NotFoundError(GitHubError):
    """What was asked for is not there, or not for this token."""


class GitHub:
    """One repository on GitHub, as far as the holder of a token may see and change it.

    Args:
        api_url: `https://api.github.com`, or that of an enterprise's own server.
        repository: `<owner>/<name>`.
        token: sent to that address alone.
    """

    def __init__(self, api_url: str, repository: str, token: str) -> None:
        self.repository = repository
        self._root = f"{api_url.rstrip('/')}/repos/{repository}"
        self._session = requests.Session()
        self._session.mount("http", HTTPAdapter(max_retries=_RETRIES))
        self._session.headers.update(
            {
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {token}",
                "X-GitHub-Api-Version": "2022-11-28",
            }
        )

    def get(self, path: str, query: Mapping[str, str]) -> Any:  # noqa: ANN401 - whatever JSON GitHub answers
        """What is at a path under the repository (`pulls/7`).

        Raises:
            NotFoundError: where nothing is.
            GitHubError: for every other refusal.
        """
        return self._answer("GET", f"{self._root}/{path}", params=query).json()

    def items(self, path: str, query: Mapping[str, str], key: str | None) -> Iterator[dict[str, Any]]:
        """The items of a list, page after page, as long as the caller wants more.

        Args:
            path: of the list.
            query: what narrows it down.
            key: the field that holds the items, None where the answer is the list itself.
        """
        url: str | None = f"{self._root}/{path}"
        params: Mapping[str, str] = {**query, "per_page": str(_PAGE)}
        while url is not None:
            answer = self._answer("GET", url, params=params)
            page = answer.json()
            yield from page if key is None else page[key]
            # The address of the next page has the query in it.
            url, params = answer.links.get("next", {}).get("url"), {}

    def post(self, path: str, content: Mapping[str, Any]) -> None:
        """Make something, or start something."""
        self._answer("POST", f"{self._root}/{path}", json=content)

    def patch(self, path: str, content: Mapping[str, Any]) -> None:
        """Change some fields of something."""
        self._answer("PATCH", f"{self._root}/{path}", json=content)

    def download(self, path: str) -> bytes:
        """The file at a path, wherever GitHub keeps it; the token is not sent on to another host."""
        return self._answer("GET", f"{self._root}/{path}").content

    def _answer(self, method: str, url: str, **sent: Any) -> requests.Response:  # noqa: ANN401 - as requests takes it
        try:
            answer = self._session.request(method, url, timeout=_TIMEOUT_SECONDS, **sent)
        except requests.RequestException as error:
            raise GitHubError(f"GitHub did not answer {method} {url}: {type(error).__name__}") from None
        if answer.ok:
            return answer
        kind = NotFoundError if answer.status_code == HTTPStatus.NOT_FOUND else GitHubError
        raise kind(f"GitHub refused {method} {url} with {answer.status_code} {_reason(answer)}")


def _reason(answer: requests.Response) -> str:
    cure = _CURES.get(HTTPStatus(answer.status_code))
    stated = answer.json().get("message", "") if "json" in answer.headers.get("Content-Type", "") else answer.reason
    return stated if cure is None else f"{stated} ({cure})"
