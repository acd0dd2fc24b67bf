import json
from pathlib import Path
from typing import Any

import yaml

from platform_infra.stack_settings.errors import StackSettingsError


def project_name(program: Path) -> str:
    """The Pulumi project of a program's folder."""
    return str(_read(program / "Pulumi.yaml")["name"])


def stack_files_config(program: Path, stack: str) -> dict[str, str]:
    """The configuration that the engine makes of the project's defaults and the stack's own file, if it has one.

    Args:
        program: the folder with `Pulumi.yaml`.
        stack: the stack's name.

    Returns:
        `namespace:key` → text, structured values as JSON.

    Raises:
        StackSettingsError: when the folder holds no program.
    """
    defaults = {key: stated["value"] for key, stated in _read(program / "Pulumi.yaml").get("config", {}).items()}
    own = program / f"Pulumi.{stack}.yaml"
    stated = _read(own).get("config", {}) if own.is_file() else {}
    return {key: _as_engine(value) for key, value in (defaults | stated).items()}


def _read(file: Path) -> dict[str, Any]:
    if not file.is_file():
        raise StackSettingsError(f"{file} is missing: a program's folder holds one")
    return yaml.safe_load(file.read_text(encoding="utf-8")) or {}


def _as_engine(value: object) -> str:
    """The text in which the engine hands a value over."""
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value) if isinstance(value, dict | list) else str(value)
