import base64
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Of the room that each x has, the rest is between it and its neighbours.
_GROUP_WIDTH = 0.8


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

    def markdown(self, rows: Iterable[tuple[str | None, date | str, Decimal | float | None]]) -> str:
        """The chart as an image inside Markdown: lines over days, else bars, side by side by series.

        Where y is null nothing is drawn.
        """
        # It takes half a second to import, and only a run draws.
        from matplotlib.figure import Figure  # noqa: PLC0415

        figure = Figure(figsize=(9, 3.5), layout="constrained")
        axes = figure.subplots()
        axes.set_ylabel(self.y)
        draw(axes, rows)
        image = io.BytesIO()
        figure.savefig(image, format="png", dpi=80)
        return f"![{self.y} by {self.x}](data:image/png;base64,{base64.b64encode(image.getvalue()).decode()})"


def draw(axes: "Axes", rows: Iterable[tuple[str | None, date | str, Decimal | float | None]]) -> None:
    """Lines or bars of series, x, y; nothing where y is null."""
    points: dict[str | None, dict[Any, float]] = defaultdict(dict)
    for series, x, y in rows:
        if y is not None:
            points[series][x] = float(y)
    over_days = all(isinstance(x, date) for values in points.values() for x in values)
    (_draw_lines if over_days else _draw_bars)(axes, points)
    if points and None not in points:
        axes.legend()


def _draw_lines(axes: "Axes", points: Mapping[str | None, Mapping[Any, float]]) -> None:
    for series, values in points.items():
        axes.plot(list(values), list(values.values()), label=series)


def _draw_bars(axes: "Axes", points: Mapping[str | None, Mapping[Any, float]]) -> None:
    places = {x: place for place, x in enumerate(dict.fromkeys(x for values in points.values() for x in values))}
    width = _GROUP_WIDTH / len(points)
    for number, (series, values) in enumerate(points.items()):
        shift = width * (number - (len(points) - 1) / 2)
        axes.bar([places[x] + shift for x in values], list(values.values()), width=width, label=series)
    axes.set_xticks(list(places.values()), [str(x) for x in places])
