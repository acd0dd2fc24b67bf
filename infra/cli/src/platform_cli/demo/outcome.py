from dataclasses import dataclass, field

from platform_contract.layer import Layer

from platform_cli.demo.messages import (
    CheckEvaluated,
    Failed,
    Loaded,
    Message,
    RunStarted,
    TableLeftOut,
    TableMaterialised,
)

_LAYERS = [layer.value for layer in Layer]


@dataclass(slots=True)
class TableOutcome:
    """What the demo did to one table, over all of its partitions."""

    location: str
    table: str
    layer: str
    partitions: dict[str | None, TableMaterialised] = field(default_factory=dict)
    checks: dict[tuple[str, str | None], CheckEvaluated] = field(default_factory=dict)

    @property
    def rows(self) -> int | None:
        """Rows of the table; None where it does not count them."""
        return _total([part.rows for part in self.partitions.values()])

    @property
    def rejected(self) -> int | None:
        """Rows that were refused; None where the table refuses none."""
        return _total([part.rejected for part in self.partitions.values()])

    @property
    def seconds(self) -> float:
        """How long it took to write."""
        return sum(part.seconds for part in self.partitions.values())

    @property
    def passed(self) -> int:
        """How many checks passed."""
        return sum(check.passed for check in self.checks.values())

    @property
    def warned(self) -> int:
        """How many checks of severity WARN did not pass."""
        return sum(not check.passed and not check.is_error for check in self.checks.values())

    @property
    def failures(self) -> list[CheckEvaluated]:
        """The checks of severity ERROR that did not pass."""
        return [check for check in self.checks.values() if not check.passed and check.is_error]


class Outcome:
    """What the demo did, gathered message by message."""

    def __init__(self) -> None:
        self._tables: dict[tuple[str, str], TableOutcome] = {}
        self.loaded: list[Loaded] = []
        self.runs: list[RunStarted] = []
        self.failures: list[Failed] = []
        self.left_out: list[TableLeftOut] = []

    def note(self, message: Message) -> None:
        """Take one message into account."""
        match message:
            case Loaded():
                self.loaded.append(message)
            case RunStarted():
                self.runs.append(message)
            case TableMaterialised():
                self._table(message).partitions[message.partition] = message
            case TableLeftOut():
                self.left_out.append(message)
            case CheckEvaluated():
                self._table(message).checks[message.check, message.partition] = message
            case Failed():
                self.failures.append(message)

    @property
    def tables(self) -> list[TableOutcome]:
        """The tables: location by location, layer by layer, by name."""
        return sorted(self._tables.values(), key=lambda table: (table.location, *_rank(table.layer), table.table))

    @property
    def failed_checks(self) -> list[CheckEvaluated]:
        """Every check of severity ERROR that did not pass."""
        return [check for table in self.tables for check in table.failures]

    @property
    def succeeded(self) -> bool:
        """Whether every run went through and no check of severity ERROR failed."""
        return not self.failures and not self.failed_checks

    def _table(self, about: TableMaterialised | CheckEvaluated) -> TableOutcome:
        outcome = TableOutcome(about.location, about.table, about.layer)
        return self._tables.setdefault((about.location, about.table), outcome)


def _rank(layer: str) -> tuple[int, str]:
    """Layers of the medallion in the order of the data, then any other group by name."""
    return (_LAYERS.index(layer), layer) if layer in _LAYERS else (len(_LAYERS), layer)


def _total(counts: list[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
