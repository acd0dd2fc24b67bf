from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


class ContainerConfigError(RuntimeError):
    """Kubernetes cannot make the container: it refers to something that is not there."""


@dataclass(slots=True)
class Namespace:
    """A namespace of Kubernetes: its ConfigMaps and Secrets, each a name and what it holds."""

    name: str
    config_maps: dict[str, dict[str, str]] = field(default_factory=dict)
    secrets: dict[str, dict[str, str]] = field(default_factory=dict)

    def environment(self, container_config: Mapping[str, Any]) -> dict[str, str]:
        """The variables that a container's `env` makes; an optional reference to nothing makes none."""
        return dict(self._variables(container_config.get("env", [])))

    def _variables(self, entries: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
        for entry in entries:
            value = entry.get("value") if "value" in entry else self._referred(entry["name"], entry["valueFrom"])
            if value is not None:
                yield entry["name"], value

    def _referred(self, variable: str, source: Mapping[str, Any]) -> str | None:
        ((kind, reference),) = source.items()
        holders = {"configMapKeyRef": self.config_maps, "secretKeyRef": self.secrets}[kind]
        value = holders.get(reference["name"], {}).get(reference["key"])
        if value is None and not reference.get("optional", False):
            raise ContainerConfigError(f"CreateContainerConfigError: {variable} refers to {reference['name']}")
        return value
