from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from platform_contract.local_paths import checkout


def test_the_table_adds_up_and_names_what_nothing_caps(
    platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(checkout(Path(__file__)))
    shown = platform("cost", "--stack", "prod")
    assert shown.exit_code == 0, shown.output
    rows = [[cell.strip() for cell in line.split("│")[1:4]] for line in shown.output.splitlines() if "│" in line]
    # 200 credits of the enterprise edition in Ireland: 200 x 3 x 1.3.
    assert ["warehouse TRANSFORMING", "200 credits", "780"] in rows
    clouds = {name: int(usd.replace(",", "")) for name, _, usd in rows if name in ("Snowflake", "Databricks")}
    total = next(int(usd.replace(",", "")) for name, _, usd in rows if name == "all that is capped")
    assert abs(sum(clouds.values()) - total) <= 1
    assert "Nothing caps in Snowflake: storage" in shown.output
    assert "is projected above 500 credits a month)" in shown.output
    assert "Nothing caps in Databricks: storage" in shown.output


def test_the_laptop_costs_nothing(platform: Callable[..., Result]) -> None:
    refused = platform("cost", "--stack", "local")
    assert refused.exit_code == 2
    assert "costs nothing" in refused.output
