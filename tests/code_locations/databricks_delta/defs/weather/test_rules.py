"""What the rules reject, and what happens when one of them changes."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.code_locations.databricks_delta.lakehouse_under_test import (
    BRONZE,
    DAILY,
    REJECTED,
    SILVER,
    LakehouseUnderTest,
)
from tests.code_locations.databricks_delta.readings import reading, utc

LANDED = utc(2013, 2, 1, 0)
HOURS = [utc(2013, 1, 5, hour) for hour in range(6)]


VALUES = ("temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust", "precip", "pressure", "visib")


def _judged(weather: LakehouseUnderTest, cases: list[dict[str, str]]) -> list[str | None]:
    """Why each case is rejected, None where it is accepted; all of them in one file, each at an hour of its own."""
    hours = [utc(2013, 1, 1, 0) + timedelta(hours=number) for number in range(len(cases))]
    rows = [reading(case.pop("origin", "EWR"), hour, **case) for hour, case in zip(hours, cases, strict=True)]
    weather.land("a.csv.gz", rows, LANDED)
    weather.ingest()
    weather.compute("2013-01", "2013-01")
    accepted = {row["observed_at"]: None for row in weather.rows(SILVER)}
    rejected = {row["time_hour"]: row["_rejection_reason"] for row in weather.rows(REJECTED)}
    assert len(accepted) + len(rejected) == len(cases)
    return [accepted[hour] if hour in accepted else rejected[f"{hour:%Y-%m-%dT%H:%M:%SZ}"] for hour in hours]


def test_a_limit_itself_is_accepted_and_beyond_it_is_not(weather: LakehouseUnderTest) -> None:
    limits = [
        # 113 m/s is 252.7738… mph.
        ("wind_speed", "252.77", "252.78", "wind_speed 252.78 mph: above 113 m/s"),
        ("wind_gust", "252.77", "252.78", "wind_gust 252.78 mph: above 113 m/s"),
        ("humid", "100", "100.1", "humid 100.1 %: above 100 %"),
        ("humid", "0", "-0.1", "humid -0.1 %: below 0 %"),
        ("temp", "140", "140.1", "temp 140.1 °F: above 60 °C"),
        ("temp", "-76", "-76.1", "temp -76.1 °F: below -60 °C"),
        ("pressure", "1085", "1085.1", "pressure 1085.1 hPa: above 1085 hPa"),
        ("pressure", "870", "869.9", "pressure 869.9 hPa: below 870 hPa"),
    ]
    accepted = [{column: value} for column, value, _, _ in limits]
    rejected = [{column: value} for column, _, value, _ in limits]
    assert _judged(weather, accepted + rejected) == [None] * len(limits) + [reason for *_, reason in limits]


def test_text_that_is_no_number_is_rejected(weather: LakehouseUnderTest) -> None:
    texts = [("temp", text) for text in ("", "1,5", "0x10", "1_0", "nan", "Infinity", "5d", "1e999", "- 4")]
    texts += [(column, "warm") for column in VALUES]
    reasons = [f'unreadable number: {column} "{text}"' for column, text in texts]
    assert _judged(weather, [{column: text} for column, text in texts]) == reasons


def test_numbers_as_people_and_machines_write_them_are_read(weather: LakehouseUnderTest) -> None:
    texts = ["50", "50.", ".5", "-4", "+4.0", "1e1", "10.357019999999999"]
    assert _judged(weather, [{"temp": text} for text in texts]) == [None] * len(texts)
    celsius = [row["temp_c"] for row in sorted(weather.rows(SILVER), key=lambda row: row["observed_at"])]
    assert celsius == pytest.approx([(float(text) - 32) / 1.8 for text in texts])


def test_a_reading_without_a_station_is_rejected_in_its_month(weather: LakehouseUnderTest) -> None:
    stations = ["", "NA", "  "]
    reasons = [f'unreadable key: origin "{station}"' for station in stations]
    assert _judged(weather, [{"origin": station} for station in stations]) == reasons
    assert {row["_month"] for row in weather.rows(REJECTED)} == {"2013-01"}


def test_a_missing_value_is_null_and_no_fault(weather: LakehouseUnderTest) -> None:
    assert _judged(weather, [dict.fromkeys(VALUES, "NA")]) == [None]
    (row,) = weather.rows(SILVER)
    assert {value for name, value in row.items() if name not in ("station", "observed_at", "_month")} == {None}


def test_every_rule_that_a_row_breaks_is_given(weather: LakehouseUnderTest) -> None:
    reasons = ['unreadable number: temp "hot"; humid 120 %: above 100 %']
    assert _judged(weather, [{"temp": "hot", "humid": "120"}]) == reasons


def test_a_rejected_row_is_kept_whole(weather: LakehouseUnderTest) -> None:
    _judged(weather, [{"wind_speed": "1048"}])
    (rejected,), (bronze,) = weather.rows(REJECTED), weather.rows(BRONZE)
    assert {name: value for name, value in rejected.items() if name != "_rejection_reason"} == bronze


def test_a_changed_rule_moves_rows_to_the_rejected_ones_and_back(weather: LakehouseUnderTest, defs_copy: Path) -> None:
    winds = [reading("EWR", hour, wind_speed=str(10 * number)) for number, hour in enumerate(HOURS)]
    weather.land("a.csv.gz", winds, LANDED)
    weather.ingest()

    def computed_with(limit: str) -> tuple[int, int, int]:
        file = defs_copy / "weather" / "defs.yaml"
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("max_wind_ms: 113", f"max_wind_ms: {limit}"), encoding="utf-8")
        changed = weather.declared_by(defs_copy)
        changed.compute("2013-01", "2013-01")
        file.write_text(text, encoding="utf-8")
        (day,) = weather.rows(DAILY)
        return len(weather.rows(SILVER)), len(weather.rows(REJECTED)), day["readings"]

    assert computed_with("113") == (6, 0, 6)
    assert computed_with("10") == (3, 3, 3)  # 10 m/s is 22.4 mph
    assert computed_with("113") == (6, 0, 6)
