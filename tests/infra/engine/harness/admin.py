from collections.abc import Callable
from typing import Any

from tests.fakes.pulumi_provider.cloud import Cloud, Request
from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.property_values import Properties


class Admin[W]:
    """Somebody who acts in a fake cloud without an engine; `W` is how a test says as whom."""

    def __init__(self, cloud: Cloud[Any], sign_in: Callable[[W], Properties]) -> None:
        self._cloud = cloud
        self._sign_in = sign_in

    def create(self, whom: W, token: str, **inputs: object) -> CloudObject:
        """Make a resource of that type."""
        return self._cloud.create(self._request(whom, token), inputs)

    def read(self, whom: W, found: CloudObject) -> CloudObject | None:
        """The resource as it is now."""
        return self._cloud.read(self._request(whom, found.token), found.id)

    def update(self, whom: W, found: CloudObject, **inputs: object) -> CloudObject:
        """Change a resource to these inputs."""
        return self._cloud.update(self._request(whom, found.token), found.id, inputs)

    def delete(self, whom: W, found: CloudObject) -> None:
        """Remove a resource."""
        self._cloud.delete(self._request(whom, found.token), found.id)

    def _request(self, whom: W, token: str) -> Request[Any]:
        return Request(self._cloud.sign_in(self._sign_in(whom)), token, "resource", 0)
