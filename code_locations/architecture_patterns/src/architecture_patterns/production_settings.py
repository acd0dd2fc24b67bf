import os
from collections.abc import Iterable

import dagster as dg
from platform_contract.deployment import parse_deployment
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.settings import (
    OBJECT_STORAGE_REQUIREMENTS,
    SNOWFLAKE_REQUIREMENTS,
    Requirement,
    require_settings,
)
from platform_contract.storage_paths import StoragePaths, storage_paths

from architecture_patterns.pattern import Pattern

_REQUIREMENTS: dict[Pattern, tuple[Requirement, ...]] = {
    Pattern.ETL_PIPELINE: OBJECT_STORAGE_REQUIREMENTS + SNOWFLAKE_REQUIREMENTS,
    Pattern.ELT_PIPELINE: OBJECT_STORAGE_REQUIREMENTS + SNOWFLAKE_REQUIREMENTS,
    Pattern.LAKEHOUSE_PIPELINE: OBJECT_STORAGE_REQUIREMENTS,
    Pattern.COMPOSABLE_RESOURCES: OBJECT_STORAGE_REQUIREMENTS,
}


class ProductionSettings(dg.ConfigurableResource):
    """What one pattern reads from the environment in production.

    Every production resource nests the settings of its pattern. Nothing is read when definitions load, and no value is
    ever part of a resource's configuration.
    """

    pattern: Pattern
    deployment: str

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Fail before the first step when the run lacks a setting, whichever of its resources starts first.

        Raises:
            MissingSettingsError: naming every setting that is missing, for all patterns of the run.
        """
        self._require(_patterns_behind(context.all_resource_defs.values()))

    def values(self) -> dict[EnvironmentVariable, str]:
        """The pattern's settings by name.

        Raises:
            MissingSettingsError: naming every setting of the pattern that is missing.
        """
        return self._require({self.pattern})

    def storage(self) -> StoragePaths:
        """The folders of this deployment in object storage.

        Raises:
            MissingSettingsError: naming every setting of the pattern that is missing.
            ContractError: when PLATFORM_STORAGE_URI is no folder in object storage.
        """
        uri = self.values()[EnvironmentVariable.PLATFORM_STORAGE_URI]
        return storage_paths(uri, parse_deployment(self.deployment))

    def _require(self, patterns: set[Pattern]) -> dict[EnvironmentVariable, str]:
        # A dictionary keeps each requirement once, in the order in which the patterns stand above.
        needed = dict.fromkeys(need for pattern in Pattern if pattern in patterns for need in _REQUIREMENTS[pattern])
        consumer = f"{', '.join(sorted(patterns))} on deployment {self.deployment}"
        return require_settings(os.environ, needed, consumer)


def _patterns_behind(resources: Iterable[object]) -> set[Pattern]:
    """The patterns whose settings those resources nest, however deep."""
    patterns: set[Pattern] = set()
    for resource in resources:
        if isinstance(resource, ProductionSettings):
            patterns.add(resource.pattern)
        patterns |= _patterns_behind(getattr(resource, "nested_resources", {}).values())
    return patterns
