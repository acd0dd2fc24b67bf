import abc
from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How a thing is: right, worth a look, or in the way of something."""

    RIGHT = "right"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, and what to do about it (empty where nothing is to be done). Never a secret's value."""

    health: Health
    found: str
    remedy: str


def right(found: str) -> Finding:
    """All is well."""
    return Finding(Health.RIGHT, found, "")


def warning(found: str, remedy: str) -> Finding:
    """Things work, with a restriction."""
    return Finding(Health.WARNING, found, remedy)


def problem(found: str, remedy: str) -> Finding:
    """Something will not work until it is mended."""
    return Finding(Health.PROBLEM, found, remedy)


class Check(abc.ABC):
    """One thing that must be right."""

    @property
    @abc.abstractmethod
    def subject(self) -> str:
        """What it looks at, in a word or two."""

    @abc.abstractmethod
    def examine(self) -> Finding:
        """Look, and change nothing."""
