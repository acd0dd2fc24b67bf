"""What a pod may do: whether its namespace admits it, and what its container may write."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

_READ_ONLY = Path(__file__).parents[1] / "read_only_root"
_MUST = 'container "dagster" must set securityContext.'


class ForbiddenPodError(RuntimeError):
    """The namespace does not admit the pod, in the words of Kubernetes."""


def admit(location: str, kubernetes: Mapping[str, Any]) -> None:
    """Admit the pod to a namespace that enforces the Pod Security Standard `restricted`.

    Args:
        location: whose pod it is.
        kubernetes: `container_context.k8s` of the location.

    Raises:
        ForbiddenPodError: naming all that it asks for beyond that (kubernetes.io, "Pod Security Standards").
    """
    violations = [said for holds, said in _rules(kubernetes.get("security_context", {})) if not holds]
    if violations:
        forbidden = f'pods "{location}" is forbidden: violates PodSecurity "restricted:latest"'
        raise ForbiddenPodError(f"{forbidden}: {', '.join(violations)}")


def _rules(context: Mapping[str, Any]) -> list[tuple[bool, str]]:
    profile = context.get("seccompProfile", {}).get("type", "")
    return [
        (
            context.get("allowPrivilegeEscalation", True) is False,
            f"allowPrivilegeEscalation != false ({_MUST}allowPrivilegeEscalation=false)",
        ),
        (
            "ALL" in context.get("capabilities", {}).get("drop", []),
            f'unrestricted capabilities ({_MUST}capabilities.drop=["ALL"])',
        ),
        (context.get("runAsNonRoot", False) is True, f"runAsNonRoot != true (pod or {_MUST}runAsNonRoot=true)"),
        (
            profile in {"RuntimeDefault", "Localhost"},
            f'seccompProfile (pod or {_MUST}seccompProfile.type to "RuntimeDefault" or "Localhost")',
        ),
    ]


def confined(environment: Mapping[str, str], kubernetes: Mapping[str, Any], writable: Iterable[Path]) -> dict[str, str]:
    """The environment of a container, in which Python finds all but some folders read-only if the pod asks for that.

    Args:
        environment: of the container.
        kubernetes: `container_context.k8s` of the location.
        writable: those folders.
    """
    if kubernetes.get("security_context", {}).get("readOnlyRootFilesystem", False) is not True:
        return dict(environment)
    compiled = environment.get("PYTHONPYCACHEPREFIX", "")
    folders = os.pathsep.join(filter(None, (*map(str, writable), compiled)))
    path = os.pathsep.join(filter(None, (str(_READ_ONLY), environment.get("PYTHONPATH", ""))))
    return {**environment, "PYTHONPATH": path, "STAND_IN_WRITABLE": folders}
