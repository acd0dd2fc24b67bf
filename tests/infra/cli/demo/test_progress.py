from io import StringIO

from platform_cli.demo.messages import Failed, RunStarted, StepEnded, StepStarted, TableMaterialised
from platform_cli.demo.progress import BarView, LineView, progress_view
from rich.console import Console

MESSAGES = (
    RunStarted("rain", "run-1", 2),
    StepStarted("rain", "bronze"),
    TableMaterialised("rain", "rain/bronze", "bronze", "2013-01", 1, None, 0.1),
    TableMaterialised("rain", "rain/bronze", "bronze", "2013-02", 1, None, 0.1),
    StepEnded("rain", "bronze"),
    StepStarted("rain", "silver"),
    StepEnded("rain", "silver"),
    Failed("rain", "step silver", "disk full"),
)


def shown(console: Console) -> None:
    with progress_view(console, ["rain", "shop"]) as view:
        for message in MESSAGES:
            view.show(message)


def test_a_log_gets_a_line_for_each_table_and_failure() -> None:
    text = StringIO()
    shown(Console(file=text, force_terminal=False))
    assert text.getvalue() == "rain: rain/bronze\nrain: step silver failed\n"


def test_a_terminal_gets_a_bar_for_each_location() -> None:
    text = StringIO()
    shown(Console(file=text, force_terminal=True, width=120, color_system=None))
    lines = text.getvalue().splitlines()
    rain = [line for line in lines if "rain" in line][-1]
    assert "2/2" in rain
    assert "step silver failed" in rain
    shop = [line for line in lines if "shop" in line][-1]
    assert "0/?" in shop
    assert "loading" in shop


def test_the_view_follows_the_console() -> None:
    assert isinstance(progress_view(Console(file=StringIO(), force_terminal=True), []), BarView)
    assert isinstance(progress_view(Console(file=StringIO(), force_terminal=False), []), LineView)
