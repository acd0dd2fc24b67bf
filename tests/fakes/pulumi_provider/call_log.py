from dataclasses import dataclass
from enum import StrEnum


class Operation(StrEnum):
    """What the engine asked the cloud to do to a resource, previews apart."""

    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    DELETE = "delete"


CHANGES = frozenset({Operation.CREATE, Operation.UPDATE, Operation.DELETE})


@dataclass(frozen=True, slots=True)
class Call:
    """One request that reached the cloud.

    `name` is the resource's name in the program, `owner` the role or principal on whose authority the call ran,
    `granted` whether the cloud did it.
    """

    operation: Operation
    token: str
    name: str
    owner: str
    granted: bool
