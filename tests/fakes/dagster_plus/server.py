import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

from graphql import GraphQLSchema

from tests.fakes.dagster_plus.deployment import HostedDeployment
from tests.fakes.dagster_plus.interface import Interface, interface_schema
from tests.fakes.dagster_plus.organisation import Organisation, new_organisation
from tests.fakes.http_server import StandInHandler, serving

ORGANISATION = "example"


@dataclass(frozen=True, slots=True)
class DagsterPlus:
    """A running Dagster+: where clients find it, and what a test may do to it."""

    url: str
    organisation: Organisation

    def environment(self, token: str) -> dict[str, str]:
        """The variables by which a client signs in."""
        return {
            "DAGSTER_CLOUD_ORGANIZATION": ORGANISATION,
            "DAGSTER_CLOUD_API_TOKEN": token,
            "DAGSTER_CLOUD_URL": self.url,
        }


class _Handler(StandInHandler):
    organisation: ClassVar[Organisation]
    schema: ClassVar[GraphQLSchema]

    def do_POST(self) -> None:  # noqa: N802 - the base class finds methods by their names
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        token = self.headers.get("Dagster-Cloud-Api-Token", "")
        if token not in self.organisation.deployers | self.organisation.viewers:
            self.send_json(401, {"message": "Unauthorized"})
            return
        named = self._deployment_name()
        if named is not None and named not in self.organisation.deployments:
            self.send_json(404, {"message": f"no deployment {named}"})
            return
        deployment = None if named is None else self.organisation.deployments[named]
        self.send_json(200, self._answer(deployment, token in self.organisation.deployers, body))

    def _deployment_name(self) -> str | None:
        first = self.path.strip("/").removesuffix("graphql").strip("/")
        return first or self.headers.get("Dagster-Cloud-Deployment")

    def _answer(self, deployment: HostedDeployment | None, may_deploy: bool, body: dict) -> dict:
        interface = Interface(self.organisation, deployment, may_deploy)
        result = interface.answer(self.schema, body["query"], body.get("variables") or {})
        if result.errors:
            return {"errors": [error.formatted for error in result.errors]}
        return {"data": result.data}


@contextmanager
def dagster_plus(home: Path) -> Iterator[DagsterPlus]:
    """A Dagster+ that keeps what it knows in a folder, until the block is left."""
    organisation = new_organisation(home)
    handler = type("Handler", (_Handler,), {"organisation": organisation, "schema": interface_schema()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    try:
        with serving(server, "dagster-plus"):
            yield DagsterPlus(f"http://127.0.0.1:{server.server_port}", organisation)
    finally:
        organisation.stop()
