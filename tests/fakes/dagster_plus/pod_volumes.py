"""Volumes of a pod that the kubelet makes: empty ones, and tokens of the pod's ServiceAccount.

Kubernetes, "Configure Service Accounts for Pods": the token is of the ServiceAccount, for one audience, and lies in a
file that is replaced before it expires. Processes stand in for pods, so a volume's mount path is a folder of the pod.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.fakes.workload_identity import IdentityIssuer

_LIFETIME_SECONDS = 3600  # of a token whose source states none


class InvalidPodError(RuntimeError):
    """Kubernetes does not take the pod."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster of Kubernetes: who signs the tokens of its ServiceAccounts."""

    issuer: IdentityIssuer

    def mounts(self, kubernetes: Mapping[str, Any], namespace: str, pod: Path) -> dict[str, Path]:
        """Mount path → folder of a new pod, each volume made in it.

        Args:
            kubernetes: `container_context.k8s` of a location.
            namespace: where the pod runs.
            pod: a folder of this pod alone.

        Raises:
            InvalidPodError: for a mount of no volume, or a volume that this does not know.
        """
        volumes = {one["name"]: one for one in kubernetes.get("volumes", [])}
        found: dict[str, Path] = {}
        for mount in kubernetes.get("volume_mounts", []):
            if mount["name"] not in volumes:
                raise InvalidPodError(f"volumeMounts.name: Not found: {mount['name']!r}")
            folder = pod / "volumes" / mount["name"]
            folder.mkdir(parents=True, exist_ok=True)
            self._fill(folder, volumes[mount["name"]], self._subject(kubernetes, namespace))
            found[mount["mountPath"]] = folder
        return found

    def _fill(self, folder: Path, volume: Mapping[str, Any], subject: str) -> None:
        kinds = volume.keys() - {"name"}
        if kinds == {"emptyDir"}:
            return
        if kinds != {"projected"}:
            raise InvalidPodError(f"volume {volume['name']}: {', '.join(kinds)} is not known here")
        for source in volume["projected"]["sources"]:
            token = source["serviceAccountToken"]
            lifetime = timedelta(seconds=token.get("expirationSeconds", _LIFETIME_SECONDS))
            issued = self.issuer.issue_for(subject, token["audience"], lifetime)
            (folder / token["path"]).write_text(issued, encoding="utf-8")

    def _subject(self, kubernetes: Mapping[str, Any], namespace: str) -> str:
        return f"system:serviceaccount:{namespace}:{kubernetes.get('service_account_name', 'default')}"


def within_mounts(environment: Mapping[str, str], mounts: Mapping[str, Path]) -> dict[str, str]:
    """An environment whose paths under a mount are those of its folder, which is what a mount does."""
    return {name: _within(value, mounts) for name, value in environment.items()}


def _within(value: str, mounts: Mapping[str, Path]) -> str:
    for path, folder in mounts.items():
        if value == path or value.startswith(f"{path}/"):
            return f"{folder}{value.removeprefix(path)}"
    return value
