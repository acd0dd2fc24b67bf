import subprocess
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dagster._core.instance.ref import InstanceRef
from dagster_cloud.workspace.user_code_launcher.utils import get_grpc_server_env
from dagster_cloud_cli.core.workspace import CodeLocationDeployData

from tests.fakes.container_registry import Image, ImageRegistry
from tests.fakes.dagster_plus.code_server import CodeServer, Container, clean_environment, free_port, start_code_server
from tests.fakes.dagster_plus.deployment import HostedDeployment, HostedRun, LocationEntry
from tests.fakes.dagster_plus.namespace import Namespace
from tests.fakes.dagster_plus.pod_security import admit, confined
from tests.fakes.dagster_plus.pod_volumes import Cluster, within_mounts
from tests.fakes.dagster_plus.run_storage import execute_run_command

_RUN_SECONDS = 300


@dataclass(slots=True)
class Agent:
    """A Kubernetes agent that serves one sort of deployment from one queue, with processes in place of pods.

    `role` is who its nodes are to the registry.
    """

    images: ImageRegistry
    role: str
    queue: str
    namespace: Namespace
    cluster: Cluster
    # What every container finds in its environment because of where it runs: a proxy, whom to trust.
    network: Mapping[str, str] = field(default_factory=dict)
    running: bool = True
    _work: list[threading.Thread] = field(default_factory=list)

    def serve(self, deployment: HostedDeployment, name: str, entry: LocationEntry) -> None:
        """Start the code server of a location, and have it load."""
        self._start(self._load, deployment, name, entry)

    def run(self, deployment: HostedDeployment, run: HostedRun) -> None:
        """Execute a run in the location's image."""
        self._start(self._execute, deployment, run)

    def finish(self) -> None:
        """Wait for what is being started."""
        for thread in self._work:
            thread.join(timeout=_RUN_SECONDS)

    def _start(self, target: Any, *arguments: Any) -> None:
        thread = threading.Thread(target=target, args=arguments, name="dagster-plus-agent", daemon=True)
        self._work.append(thread)
        thread.start()

    def _load(self, deployment: HostedDeployment, name: str, entry: LocationEntry) -> None:
        server = None
        try:
            server = self._start_server(deployment, name, entry.document)
            server.load()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what Dagster+ shows
            entry.error = f"{type(error).__name__}: {error}"
        else:
            entry.server = server
        if server is not None and (entry.error is not None or deployment.locations.get(name) is not entry):
            server.stop()

    def _start_server(self, deployment: HostedDeployment, name: str, document: dict[str, Any]) -> CodeServer:
        image = self.images.pull(self.role, document["image"])
        data, port = _deploy_data(document), free_port()
        environment = self._environment(deployment, name, image, _Pod(document, "server_k8s_config"))
        environment |= get_grpc_server_env(data, port, name, InstanceRef.from_dir(str(deployment.home)))
        command = [str(image.programs / "dagster"), *data.get_grpc_server_command()[1:]]
        log = deployment.home / "logs" / f"{name}.log"
        return start_code_server(name, Container(command, image.folder, environment), port, log)

    def _execute(self, deployment: HostedDeployment, run: HostedRun) -> None:
        document = deployment.locations[run.location].document
        image = self.images.pull(self.role, document["image"])
        environment = self._environment(deployment, run.location, image, _Pod(document, "run_k8s_config"))
        environment["DAGSTER_HOME"] = str(deployment.home)
        command = [str(image.programs / "dagster"), *execute_run_command(deployment.home, run.run_id)]
        run.log = deployment.home / "logs" / f"{run.run_id}.log"
        with run.log.open("wb") as output:
            ended = subprocess.run(
                command,
                cwd=image.folder,
                env=environment,
                stdout=output,
                stderr=output,
                check=False,
                timeout=_RUN_SECONDS,
            )
        run.status = "SUCCESS" if ended.returncode == 0 else "FAILURE"

    def _environment(self, deployment: HostedDeployment, location: str, image: Image, pod: "_Pod") -> dict[str, str]:
        admit(location, pod.kubernetes)
        home = deployment.home.parent / "containers" / uuid.uuid4().hex
        mounts = self.cluster.mounts(pod.kubernetes, self.namespace.name, home)
        given = {**image.environment, **self.namespace.environment(pod.container_config)}
        environment = {
            **clean_environment(),
            **self.network,
            **within_mounts(given, mounts),
            **deployment.variables,
            "DAGSTER_CLOUD_LOCATION_NAME": location,
        }
        # The deployment's storage stands for what Dagster+ keeps.
        return confined(environment, pod.kubernetes, (*mounts.values(), deployment.home))


@dataclass(frozen=True, slots=True)
class _Pod:
    """What a location's document says of the pod of a process: `server_k8s_config` or `run_k8s_config`."""

    document: Mapping[str, Any]
    process: str

    @property
    def kubernetes(self) -> Mapping[str, Any]:
        return self.document.get("container_context", {}).get("k8s", {})

    @property
    def container_config(self) -> Mapping[str, Any]:
        return self.kubernetes.get(self.process, {}).get("container_config", {})


def _deploy_data(document: Mapping[str, Any]) -> CodeLocationDeployData:
    return CodeLocationDeployData(
        image=document["image"],
        module_name=document["code_source"]["module_name"],
        container_context=document.get("container_context", {}),
    )
