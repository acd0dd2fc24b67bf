import base64
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from platform_runtime.lakehouse.tables import Plot

from databricks_delta.lakehouse.lakehouse import Row
from databricks_delta.lakehouse.periods import PeriodRange, first_day, next_period

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_INCHES = (8.4, 3.4)
_DOTS_PER_INCH = 100
_PALETTE = 48  # colours
# Told apart by people who see colours differently (Okabe and Ito), and dark enough on white.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
_MARKERS = ("o", "s", "^", "D", "v", "P")


def table_plot(plot: Plot, rows: Sequence[Row], periods: PeriodRange) -> str:
    """The plot of the rows of those periods, as Markdown that holds a PNG."""
    figure, axes = _canvas()
    for number, name in enumerate(sorted({str(row[plot.series]) for row in rows})):
        _draw(axes, plot, name, number, [row for row in rows if str(row[plot.series]) == name])
    _label(axes, plot)
    if rows:
        _date_axis(axes, periods)
        figure.legend(loc="outside right upper", fontsize=8, frameon=False)
    else:
        axes.text(0.5, 0.5, "no rows", transform=axes.transAxes, ha="center", color="#666666")
    return f"![{plot.title}](data:image/png;base64,{base64.b64encode(_png(figure)).decode('ascii')})"


def _canvas() -> "tuple[Figure, Axes]":
    # Only when something is drawn: matplotlib takes longer to import than everything else a run needs.
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=_INCHES, dpi=_DOTS_PER_INCH, layout="constrained")
    return figure, figure.subplots()


def _draw(axes: "Axes", plot: Plot, name: str, number: int, rows: Sequence[Row]) -> None:
    drawn = [row for row in rows if row[plot.y] is not None]
    x: list[Any] = [row[plot.x] for row in drawn]
    y: list[Any] = [row[plot.y] for row in drawn]
    colour = _COLOURS[number % len(_COLOURS)]
    if plot.marks == "line":
        axes.plot(x, y, color=colour, linewidth=1.1, alpha=0.9, label=name)
    else:
        marker = _MARKERS[number % len(_MARKERS)]
        axes.scatter(x, y, color=colour, marker=marker, s=16, linewidths=0, alpha=0.8, label=name)


def _label(axes: "Axes", plot: Plot) -> None:
    axes.set_title(plot.title, loc="left", fontsize=11, fontweight="bold")
    axes.set_ylabel(plot.label, fontsize=9)
    axes.tick_params(labelsize=8)
    axes.grid(axis="y", color="#DDDDDD", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    if plot.marks == "points":
        axes.axhline(0, color="#888888", linewidth=0.8)


def _date_axis(axes: "Axes", periods: PeriodRange) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num  # noqa: PLC0415

    axes.set_xlim(date2num(first_day(periods.first)), date2num(first_day(next_period(periods.last))))
    locator = AutoDateLocator()
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))


def _png(figure: "Figure") -> bytes:
    """With a palette, a quarter of the size: a run keeps the picture with each of its periods."""
    from PIL import Image  # noqa: PLC0415

    drawn, small = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="png")
    Image.open(drawn).convert("RGB").quantize(_PALETTE).save(small, format="png", optimize=True)
    return small.getvalue()
