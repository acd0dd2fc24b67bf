from io import StringIO

from platform_cli.bench.measures import MEASURES
from platform_cli.bench.report import report
from rich.console import Console

BY_NAME = {measure.name: measure for measure in MEASURES}


def cells(**seconds: tuple[float, ...]) -> dict[str, list[str]]:
    text = StringIO()
    timings = {BY_NAME[name.replace("_", "-")]: values for name, values in seconds.items()}
    Console(file=text, width=120).print(report(timings))
    lines = [[cell.strip() for cell in line.split("│")[1:-1]] for line in text.getvalue().splitlines() if "│" in line]
    return {line[0]: line[1:] for line in lines}


def test_the_median_and_every_value_are_shown() -> None:
    assert cells(second_demo=(31.0, 90.26, 30.0)) == {"second-demo": ["31.0", "31.0, 90.3, 30.0", "", "< 60 s"]}


def test_a_ratio_is_that_of_the_medians() -> None:
    shown = cells(empty_ui=(10.0, 20.0, 12.0), ready_ui=(15.0, 60.0, 14.0))
    assert shown["ready-ui"] == ["15.0", "15.0, 60.0, 14.0", "1.25 x empty-ui", "< 1.5 x empty-ui"]
    assert shown["empty-ui"][2] == ""


def test_without_what_it_is_compared_with_there_is_no_ratio() -> None:
    assert cells(ready_ui=(15.0,))["ready-ui"][2] == ""
