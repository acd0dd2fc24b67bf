from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from platform_contract.deployment import Deployment

from platform_infra.cost.bound import CostBound, Description
from platform_infra.cost.prices import Prices
from platform_infra.stack_settings.common_settings import CommonSettings
from platform_infra.stack_settings.stack_config import project_config
from platform_infra.stack_settings.stack_files import project_name, stack_files_config

if TYPE_CHECKING:
    from platform_infra.adoption.known_ids import KnownIds
    from platform_infra.recording.recorder import RecordedResource, RecordedStack

type Config = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CloudProgram:
    """The program of one cloud: all that differs between the two, for whoever treats them alike.

    Attributes:
        name: the folder in `infra`, and what commands call it.
        settings: the typed settings of a deployment's stack, by its configuration and the Pulumi project.
        describe: the deployment as plain data, as the stack's output `platform` has it; asked like `settings`.
        bound: what such a description can cost in its worst month.
        record: what the program in a folder of programs declares for a deployment.
        ids: how the id of an object is known that the cloud has already.
    """

    name: str
    settings: Callable[[Deployment, Config, str], CommonSettings]
    describe: Callable[[Deployment, Config, str], Description]
    bound: Callable[[Description, Prices], CostBound]
    record: Callable[[Path, Deployment], "RecordedStack"]
    ids: Callable[[list["RecordedResource"], "KnownIds"], Callable[["RecordedResource"], str | None]]

    def settings_of(self, infra: Path, deployment: Deployment) -> CommonSettings:
        """The settings of a deployment's stack, as its files have them now.

        Raises:
            StackSettingsError: as the program itself does.
        """
        return self.settings(deployment, *self._config(infra, deployment))

    def planned(self, infra: Path, deployment: Deployment) -> Description:
        """A deployment as the stack files have it now.

        Raises:
            StackSettingsError: as the program itself does.
        """
        return self.describe(deployment, *self._config(infra, deployment))

    def _config(self, infra: Path, deployment: Deployment) -> tuple[Config, str]:
        folder = infra / self.name
        project = project_name(folder)
        return project_config(project, stack_files_config(folder, deployment.name), frozenset()), project
