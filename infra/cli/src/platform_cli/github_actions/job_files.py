import os
from collections.abc import Mapping
from pathlib import Path

from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError


def hand_on(channel: EnvironmentVariable, values: Mapping[str, str]) -> None:
    """Give values to what comes after this step in the job.

    Args:
        channel: GITHUB_ENV for the environment of later steps, GITHUB_OUTPUT for expressions.
        values: name → text of one line; more lines could set what nobody has named.

    Raises:
        ContractError: outside a job, or for a text of several lines.
    """
    for name, text in values.items():
        if "\n" in text or "\r" in text:
            raise ContractError(f"{name} has several lines, and a job hands on one: correct it where it is set")
    _append(channel, [f"{name}={text}" for name, text in values.items()])


def hand_on_path(folder: Path) -> None:
    """Have the job's later steps find the programs in a folder first.

    Raises:
        ContractError: outside a job.
    """
    _append(EnvironmentVariable.GITHUB_PATH, [str(folder)])


def _append(channel: EnvironmentVariable, lines: list[str]) -> None:
    file = os.environ.get(channel, "")
    if not file:
        raise ContractError(f"{channel} is not set: only a job of a workflow has steps to hand something on to")
    with Path(file).open("a", encoding="utf-8") as written:
        written.writelines(f"{line}\n" for line in lines)
