"""What the process of a code location tells the demo, in the order in which things happen."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Loaded:
    """The location is loaded, and this is the code that its tables are computed by.

    `dbt_manifest` is what it was loaded from where it runs a dbt project.
    """

    location: str
    code_versions: dict[str, str]
    dbt_manifest: Path | None


@dataclass(frozen=True, slots=True)
class Planned:
    """The location is about to make these tables."""

    location: str
    tables: frozenset[str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """The location has nothing to do until one of these tables of others is there; it is told when."""

    location: str
    tables: frozenset[str]


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run is in the instance and its first step begins; `steps` is how many it has."""

    location: str
    run_id: str
    steps: int


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A step has begun."""

    location: str
    step: str


@dataclass(frozen=True, slots=True)
class StepEnded:
    """A step has ended, well or not."""

    location: str
    step: str


@dataclass(frozen=True, slots=True)
class TableMaterialised:
    """A table, or one partition of it, is written; `rows` and `rejected` are None where the asset counts none."""

    location: str
    table: str
    layer: str
    partition: str | None
    rows: int | None
    rejected: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class TableLeftOut:
    """A clone had nothing to copy for a table, and why."""

    location: str
    table: str
    why: str


@dataclass(frozen=True, slots=True)
class CheckEvaluated:
    """A check has an answer; `is_error` tells severity ERROR from WARN."""

    location: str
    table: str
    layer: str
    check: str
    partition: str | None
    passed: bool
    is_error: bool
    description: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A step, a run or the loading of a location failed, and why."""

    location: str
    what: str
    why: str


Message = (
    Loaded
    | Planned
    | Waiting
    | RunStarted
    | StepStarted
    | StepEnded
    | TableMaterialised
    | TableLeftOut
    | CheckEvaluated
    | Failed
)
