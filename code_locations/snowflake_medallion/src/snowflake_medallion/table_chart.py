import base64
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class Chart:
    """What to draw of a table: the sum of column `y` by column `x`, one line or bar for each value of `series`."""

    x: str
    y: str
    series: str | None

    def query(self, relation: str) -> str:
        """The SELECT whose rows are series, x, sum of y, in order."""
        columns = f"{self.series or 'null'}, {self.x}, sum({self.y})"
        return f"select {columns} from {relation} group by 1, 2 order by 1, 2"  # noqa: S608 - from the project

    def markdown(self, rows: Iterable[tuple[str | None, date | str, Decimal]]) -> str:
        """The chart as an image inside Markdown: lines over days, bars over anything else."""
        # It takes half a second to import, and only a run draws.
        from matplotlib.figure import Figure  # noqa: PLC0415

        figure = Figure(figsize=(9, 3.5), layout="constrained")
        axes = figure.subplots()
        axes.set_ylabel(self.y)
        _draw(axes, rows)
        image = io.BytesIO()
        figure.savefig(image, format="png", dpi=80)
        return f"![{self.y} by {self.x}](data:image/png;base64,{base64.b64encode(image.getvalue()).decode()})"


def _draw(axes: "Axes", rows: Iterable[tuple[str | None, date | str, Decimal]]) -> None:
    points: dict[str | None, dict[Any, float]] = defaultdict(dict)
    for series, x, y in rows:
        points[series][x] = float(y)
    for series, values in points.items():
        draw = axes.plot if all(isinstance(x, date) for x in values) else axes.bar
        draw(list(values), list(values.values()), label=series)
    if points and None not in points:
        axes.legend()
