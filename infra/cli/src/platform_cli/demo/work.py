from enum import StrEnum


class Work(StrEnum):
    """How the process of a code location gets its tables: it computes them, or copies those of another deployment."""

    COMPUTE = "compute"
    CLONE = "clone"
