from collections.abc import Mapping, Sequence
from statistics import median

from rich.table import Table

from platform_cli.bench.measures import Measure


def report(timings: Mapping[Measure, Sequence[float]]) -> Table:
    """A line for each measure: the median, every value, and how it stands to its aim."""
    medians = {measure.name: median(seconds) for measure, seconds in timings.items()}
    table = Table()
    for column in ("measured", "median s", "all s", "ratio", "aim"):
        table.add_column(column, justify="left" if column == "measured" else "right")
    for measure, seconds in timings.items():
        table.add_row(*_cells(measure, seconds, medians))
    return table


def _cells(measure: Measure, seconds: Sequence[float], medians: Mapping[str, float]) -> tuple[str, ...]:
    values = ", ".join(f"{value:.1f}" for value in seconds)
    return (measure.name, f"{medians[measure.name]:.1f}", values, _ratio(measure, medians), _aim(measure))


def _ratio(measure: Measure, medians: Mapping[str, float]) -> str:
    if measure.relative_to is None or measure.relative_to not in medians:
        return ""
    return f"{medians[measure.name] / medians[measure.relative_to]:.2f} x {measure.relative_to}"


def _aim(measure: Measure) -> str:
    if measure.aim is None:
        return ""
    return f"< {measure.aim:g} s" if measure.relative_to is None else f"< {measure.aim:g} x {measure.relative_to}"
