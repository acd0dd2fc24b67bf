from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from platform_contract.local_paths import checkout


@pytest.mark.slow
def test_the_table_says_who_may_do_what_where_and_why(
    platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(checkout(Path(__file__)))
    shown = platform("permissions", "--stack", "prod")
    assert shown.exit_code == 0, shown.output
    cells = [[cell.strip() for cell in line.split("│")] for line in shown.output.splitlines() if line.count("│") == 5]
    assert ["READ, WRITE", "STAGE RAW.SHOP.LANDING"] in [row[2:4] for row in cells]
    assert {"LOADER", "TRANSFORMER", "REPORTER", "platform_pipelines"} <= {row[1] for row in cells}
    assert "nothing: an excess" not in shown.output
    assert "Snowflake: every need is met" in shown.output
    assert "Databricks: every need is met" in shown.output


def test_the_laptop_has_nobody_to_grant_to(platform: Callable[..., Result]) -> None:
    refused = platform("permissions", "--stack", "local")
    assert refused.exit_code == 2
    assert "nobody is granted anything" in refused.output
