"""How the process of a code location gets its tables."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ComputeAll:
    """It computes every table."""


@dataclass(frozen=True, slots=True)
class ComputeChanged:
    """It computes the tables that are not as published, and all that depends on them.

    Attributes:
        published: the code version of each table by its key, when they were published.
    """

    published: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CloneAll:
    """It copies the tables of another deployment."""


type Work = ComputeAll | ComputeChanged | CloneAll
