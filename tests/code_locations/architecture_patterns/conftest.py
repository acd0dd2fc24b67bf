import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.local_paths import LocalPaths

from tests.code_locations.architecture_patterns.landing_folder import LandingFolder
from tests.code_locations.architecture_patterns.pattern_run import FirstRun, PatternRun, run_pattern
from tests.deployments import LOCAL


@pytest.fixture
def local_paths() -> LocalPaths:
    return LocalPaths(Path(os.environ["PLATFORM_LOCAL_ROOT"]), LOCAL)


@pytest.fixture
def landing(local_paths: LocalPaths) -> LandingFolder:
    return LandingFolder(local_paths.landing)


@pytest.fixture(scope="session")
def pattern_after_one_run(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, PatternRun]]:
    """The local root in which a pattern ran once over the small landing files; each pattern runs once a session."""
    finished: dict[str, tuple[Path, PatternRun]] = {}

    def once(pattern: str) -> tuple[Path, PatternRun]:
        if pattern not in finished:
            root = tmp_path_factory.mktemp(pattern)
            with pytest.MonkeyPatch.context() as environment:
                for variable in EnvironmentVariable:
                    environment.delenv(variable, raising=False)
                environment.setenv("PLATFORM_LOCAL_ROOT", str(root))
                small = LandingFolder(LocalPaths(root, LOCAL).landing)
                small.put_shop()
                small.put_weather()
                finished[pattern] = root, run_pattern(pattern)
        return finished[pattern]

    return once


@pytest.fixture
def first_run(pattern_after_one_run: Callable[[str], tuple[Path, PatternRun]], local_paths: LocalPaths) -> FirstRun:
    """What a pattern's first run over the small landing files recorded; the test owns a copy of what it left."""

    def copied(pattern: str) -> PatternRun:
        root, outcome = pattern_after_one_run(pattern)
        shutil.copytree(root, local_paths.root)
        return outcome

    return copied
