"""A table that another domain receives: what arrives there, when, and when nothing does."""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.code_locations.databricks_delta.lakehouse_under_test import (
    BRONZE,
    SILVER,
    LakehouseUnderTest,
    lakehouse_of,
    materialised,
    refusal,
)
from tests.code_locations.databricks_delta.readings import reading, utc
from tests.platform_domains import declared_domains

NOON = utc(2013, 1, 5, 12)
FEBRUARY = utc(2013, 2, 5, 12)


@pytest.fixture
def publishing(defs_copy: Path, tmp_path: Path) -> Iterator[Path]:
    """The shipped lakehouse, whose readings another domain in Snowflake receives."""
    file = defs_copy / "weather" / "defs.yaml"
    text = file.read_text(encoding="utf-8")
    assert "      publish: flights\n" in text
    file.write_text(text.replace("      publish: flights\n", "      publish: voyages\n"), encoding="utf-8")
    with declared_domains(tmp_path, warehouses=["voyages"]):
        yield defs_copy


@pytest.fixture
def weather(publishing: Path) -> Iterator[LakehouseUnderTest]:
    with lakehouse_of("weather", publishing) as lakehouse:
        yield lakehouse


def received(weather: LakehouseUnderTest) -> dict[str, Path]:
    folder = weather.paths.landing / "voyages" / "weather_readings"
    return {path.name: path for path in sorted(folder.iterdir())} if folder.is_dir() else {}


def test_each_month_arrives_as_one_file_of_the_rows_that_the_table_has(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", [reading("JFK", NOON), reading("EWR", NOON), reading("EWR", FEBRUARY)], NOON)
    result = weather.run((BRONZE, SILVER), "2013-01", "2013-03")
    files = received(weather)
    assert list(files) == ["2013-01.parquet", "2013-02.parquet", "2013-03.parquet"]
    january = pq.read_table(files["2013-01.parquet"])
    assert january.column_names == [c.name for c in weather.blueprint.tables[SILVER].columns if c.name != "_month"]
    assert [(row["station"], row["observed_at"].astimezone(UTC)) for row in january.to_pylist()] == [
        ("EWR", NOON),
        ("JFK", NOON),
    ]
    # 50 °F are 10 °C.
    assert january["temp_c"].to_pylist() == pytest.approx([10.0, 10.0])
    assert january.schema.field("observed_at") == pa.field("observed_at", pa.timestamp("us", tz="UTC"), nullable=False)
    assert pq.read_metadata(files["2013-03.parquet"]).num_rows == 0
    metadata = materialised(result, weather.key(SILVER))["2013-01"]
    assert (metadata["published_to"], metadata["files_published"]) == ("voyages", 3)


def test_only_a_month_whose_rows_changed_is_written_again(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", [reading("JFK", NOON), reading("EWR", FEBRUARY)], NOON)
    weather.run((BRONZE, SILVER), "2013-01", "2013-02")
    before = {name: path.stat() for name, path in received(weather).items()}

    again = weather.run((SILVER,), "2013-01", "2013-02")
    assert {name: path.stat().st_mtime_ns for name, path in received(weather).items()} == {
        name: status.st_mtime_ns for name, status in before.items()
    }
    assert materialised(again, weather.key(SILVER))["2013-01"]["files_published"] == 0

    weather.land("corrected.csv.gz", [reading("JFK", NOON, temp="59")], FEBRUARY)
    weather.run((BRONZE, SILVER), "2013-01", "2013-02")
    changed = {name for name, path in received(weather).items() if path.stat().st_ino != before[name].st_ino}
    assert changed == {"2013-01.parquet"}
    assert pq.read_table(received(weather)["2013-01.parquet"])["temp_c"].to_pylist() == pytest.approx([15.0])


def test_whoever_reads_meanwhile_has_the_old_file_whole(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", [reading("JFK", NOON)], NOON)
    weather.run((BRONZE, SILVER), "2013-01", "2013-01")
    with received(weather)["2013-01.parquet"].open("rb") as opened:
        weather.land("b.csv.gz", [reading("EWR", NOON)], FEBRUARY)
        weather.run((BRONZE, SILVER), "2013-01", "2013-01")
        assert pq.read_table(pa.BufferReader(opened.read())).num_rows == 1
    assert pq.read_metadata(received(weather)["2013-01.parquet"]).num_rows == 2
    assert list(received(weather)) == ["2013-01.parquet"]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        pytest.param("voyages", "weather", "publish: it is weather's own table", id="itself"),
        pytest.param(
            "voyages", "voyage", "tables.silver.weather_readings.publish: unknown domain 'voyage'", id="nobody"
        ),
        pytest.param(
            "      origin: Station, by the code of its airport",
            "      origin: { description: Station, pii: true }",
            "publish: 'station' would leave with the file, and the marks would not",
            id="marked values",
        ),
    ],
)
def test_what_cannot_be_received_is_refused(publishing: Path, old: str, new: str, why: str) -> None:
    file = publishing / "weather" / "defs.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    assert why in refusal(publishing)


def test_two_tables_do_not_arrive_under_one_name(publishing: Path) -> None:
    file = publishing / "weather" / "defs.yaml"
    text = file.read_text(encoding="utf-8").replace(
        "    - table: gold.station_daily_summary\n", "    - table: gold.weather_readings\n      publish: voyages\n"
    )
    file.write_text(text, encoding="utf-8")
    assert "landing folder voyages/weather_readings is claimed already" in refusal(publishing)
