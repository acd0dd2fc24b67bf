from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
from platform_runtime.dagster_settings import DAGSTER_SETTINGS, shipped_dagster_settings
from pulumi.dynamic import ReadResult, Resource

from platform_infra.local.folder import FolderProvider
from platform_infra.local.store_provider import DELETE_DATA, MADE, PATH

SETTINGS = "settings"


class DagsterHomeProvider(FolderProvider):
    """A Dagster home: a folder with the instance settings; anything beside those, runs and events, is data."""

    def exists(self, props: Mapping[str, Any]) -> bool:
        """Whether there are instance settings at the path."""
        return _settings_file(props).is_file()

    def make(self, props: Mapping[str, Any]) -> None:
        """Make the home, or bring its settings to those of this version."""
        from platform_runtime.local_stores import provision_dagster_home  # noqa: PLC0415 - keeps the module light

        provision_dagster_home(Path(props[PATH]))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """The home as it is now, with the settings that are in it."""
        if not self.exists(props):
            return ReadResult("", {})
        live = {**props, SETTINGS: _settings_file(props).read_text(encoding="utf-8")}
        return ReadResult(id_, live, {key: value for key, value in live.items() if key != MADE})

    def held_data(self, props: Mapping[str, Any]) -> list[str]:
        """The files of the home that are not its settings."""
        return [name for name in super().held_data(props) if name != DAGSTER_SETTINGS]


class DagsterHome(Resource, module="platform", name="DagsterHome"):
    """The Dagster home of a deployment on this machine."""

    path: pulumi.Output[str]
    made: pulumi.Output[bool]

    def __init__(self, name: str, path: Path, delete_data: bool, opts: pulumi.ResourceOptions) -> None:
        props = {PATH: str(path), SETTINGS: shipped_dagster_settings(), DELETE_DATA: delete_data, MADE: None}
        super().__init__(DagsterHomeProvider(), name, props, opts)


def _settings_file(props: Mapping[str, Any]) -> Path:
    return Path(props[PATH]) / DAGSTER_SETTINGS
