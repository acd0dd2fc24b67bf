from pathlib import Path

from dotenv import dotenv_values, set_key
from platform_contract.deployment import deployments
from platform_contract.environment_variables import EnvironmentVariable


def write_env_file(checkout: Path) -> None:
    """Make the checkout's `.env` say where Dagster keeps runs and that nothing is tracked; other lines stay.

    `dg dev` and `dagster dev` read it and put it over their environment, so the home is written as an expression: one
    file serves every deployment.
    """
    file = checkout / ".env"
    present = dotenv_values(file, interpolate=False)
    for name, value in _settings(checkout).items():
        if present.get(name) != value:
            set_key(file, name, f'"{value}"', quote_mode="never", encoding="utf-8")


def _settings(checkout: Path) -> dict[str, str]:
    root = f"${{{EnvironmentVariable.PLATFORM_LOCAL_ROOT}:-{checkout / '.local'}}}"
    deployment = f"${{{EnvironmentVariable.PLATFORM_DEPLOYMENT}:-{deployments().laptop}}}"
    return {
        EnvironmentVariable.DAGSTER_HOME: f"{root}/{deployment}/dagster",
        EnvironmentVariable.DAGSTER_DISABLE_TELEMETRY: "yes",
        EnvironmentVariable.DO_NOT_TRACK: "1",
    }
