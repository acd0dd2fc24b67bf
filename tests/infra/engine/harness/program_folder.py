import shutil
from pathlib import Path

from platform_contract.local_paths import checkout

_WRITTEN_BY_USE = shutil.ignore_patterns("__pycache__", "Pulumi.pr-*.yaml")


def copy_program(program: str, workplace: Path) -> Path:
    """A copy of `infra/<program>` whose stack files the engine may write to, beside the one shared environment.

    Args:
        program: `snowflake`, `databricks` or `local`.
        workplace: an empty or existing folder that stands for the root of the checkout.
    """
    root = checkout(Path(__file__))
    workplace.mkdir(parents=True, exist_ok=True)
    environment = workplace / ".venv"
    if not environment.exists():
        environment.symlink_to(root / ".venv")
    folder = workplace / "infra" / program
    shutil.copytree(root / "infra" / program, folder, ignore=_WRITTEN_BY_USE)
    return folder
