"""Bronze rows made to hurt: everything a file may hold in a field, and every tie that deduplication must break."""

import hashlib
import random
import re
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from tests.code_locations.databricks_delta.readings import COLUMNS, Reading, reading

_SEED = 20130310
_ROWS = 2_000
_INSTANT = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z")
_TIMESTAMP = pa.timestamp("us", tz="UTC")

STATIONS = ("EWR", "JFK", "LGA")
ODD_STATIONS = (
    *("", " ", "   ", "NA", " NA ", "na", "\t", "\n", "\u00a0", "\u3000", "\u200b", "\ufeff"),
    *(
        " EWR",
        "EWR ",
        "ewr",
        "Zürich",
        "Zu\u0308rich",
        "東京",
        "☃",
        "🌦️",
        "a'b",
        'a"b',
        "a\\b",
        "a;b",
        "a|b",
        "%s",
        "{0}",
    ),
    *(":number", "\x00", "x" * 5_000, "é" * 3_000),
)
ODD_TIMES = (
    # Hours that New York's clocks skip or repeat, a leap day, the ends of periods and of the year.
    *("2013-03-10T06:00:00Z", "2013-03-10T07:00:00Z", "2013-11-03T05:00:00Z", "2013-11-03T06:00:00Z"),
    *("2012-02-29T12:00:00Z", "2013-02-29T12:00:00Z", "2013-02-30T00:00:00Z", "2013-04-31T00:00:00Z"),
    *("2013-01-31T23:59:59Z", "2013-02-01T00:00:00Z", "2013-02-28T23:59:59Z", "2013-03-31T23:59:59Z"),
    *("2012-12-31T23:59:59Z", "2013-12-31T23:59:59Z", "1999-12-31T23:59:59Z", "2000-02-29T00:00:00Z"),
    # Far away, where calendars and clocks differ.
    *("1000-01-01T00:00:00Z", "1582-10-04T00:00:00Z", "1582-10-10T00:00:00Z", "1883-11-18T12:00:00Z"),
    *("1900-02-29T00:00:00Z", "1900-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z"),
    *("2038-01-19T03:14:08Z", "2262-04-12T00:00:00Z", "2999-12-31T23:59:59Z"),
    # No instant.
    *("", "NA", "2013", "2013-01", "2013-01-01", "2013-01-01T00", "2013-01-01T00:00", "2013-01-01T00:00:00"),
    *("2013-01-01 00:00:00", "2013-01-01T24:00:00Z", "2013-01-01T00:60:00Z", "2013-01-01T23:59:60Z"),
    *("2013-00-01T00:00:00Z", "2013-13-01T00:00:00Z", "2013-01-00T00:00:00Z", "2013-01-32T00:00:00Z"),
    *("2013-01-01T00:00:00z", "2013-01-01t00:00:00Z", "2013-01-01T00:00:00.000Z", "2013-01-01T00:00:00+00:00"),
    *("0001-01-01T00:00:00Z", "3000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "-2013-01-01T00:00:00Z"),
    *(" 2013-01-01T00:00:00Z", "2013-01-01T00:00:00Z ", "2013-01-01T00:00:00Z\n", "\n2013-01-01T00:00:00Z"),
    *("2013-01-01T00:00:00Z\r", "2013-01-01T00:00:00Z\u2028", "2013-01-01T00:00:00Z\n\n", "\uff12013-01-01T00:00:00Z"),
)
ODD_NUMBERS = (
    *("0", "-0", "+0", "0.0", "-0.0", "-.0", "00012", "+5", "-5", ".5", "5.", "-.5", "+.5e1", "1e3", "1E-3", "1e+5"),
    *("1e99", "-1e99", "1e-99", "9.9e99", "1e00", "1e100", "1e", "e5", ".", "-", "+", "--1", "1.2.3"),
    *("0.1", "0.30000000000000004", "2.5e-5", "123456789.123456789", "9007199254740993", "1.7976931348623157"),
    *("99999999999999999999", "123456789012345678901", "0.12345678901234567890", "0.123456789012345678901"),
    # The limits themselves, and one step beyond.
    *("100", "100.00000000000001", "-0.00000000000001", "140", "140.00000000000003", "-76", "-76.00000000000001"),
    *("252.77380100214747", "252.7738010021475", "253", "870", "869.9999999999999", "1085", "1085.0000000000002"),
    # No numbers.
    *("", " ", "na", "N/A", "NaN", "nan", "Infinity", "-Infinity", "inf", "-inf", "null", "NULL", "None", "true"),
    *("1,5", "1_000", "1 000", " 5", "5 ", "5\n", "\n5", "5\r", "5\u2028", "\t5", "0x10", "1d", "1f", "1L", "½"),
    *("\uff15", "\u0663", "5\u0085", "5\u00a0", "\u22125", "1e5\n", "x" * 4_000, "9" * 4_000, "5°", "🌡️"),
    *("'", '"', "\\", ";", "--", ":number", "{0}", "%s"),
)
_MEASURES = ("temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust", "precip", "pressure", "visib")


def bronze_rows() -> pa.Table:
    """The rows, the same ones every time, with the columns of the bronze table."""
    generator = random.Random(_SEED)  # noqa: S311 - keeps no secret
    readings = [*_each_oddity(), *(_any_reading(generator) for _ in range(_ROWS)), *_ties()]
    rows = [{**one, **_provenance(generator, number)} for number, one in enumerate(readings)]
    # A file that was loaded twice under two names, and rows that agree in everything.
    rows += [{**row, "_source_file": "again.csv.gz"} for row in generator.sample(rows, 50)]
    rows += generator.sample(rows, 50)
    return pa.Table.from_pylist(rows, schema=_schema())


def _each_oddity() -> list[Reading]:
    ordinary = "2013-02-14T12:00:00Z"
    return [
        *(reading(station, ordinary) for station in ODD_STATIONS),
        *(reading("EWR", time) for time in ODD_TIMES),
        *(
            reading(f"S{number}", ordinary, **{name: text})
            for name in _MEASURES
            for number, text in enumerate(ODD_NUMBERS)
        ),
    ]


def _any_reading(generator: random.Random) -> Reading:
    """Few stations and hours, so that many rows give the same key; sometimes something odd."""
    at = datetime(2012, 12, 28, tzinfo=UTC) + timedelta(hours=generator.randrange(0, 24 * 125, 7))
    values = {name: generator.choice(("NA", "50", f"{generator.uniform(-10, 120):.2f}")) for name in _MEASURES}
    if generator.random() < 0.4:
        values[generator.choice(_MEASURES)] = generator.choice(ODD_NUMBERS)
    station = generator.choice(ODD_STATIONS if generator.random() < 0.1 else STATIONS)
    time = generator.choice(ODD_TIMES) if generator.random() < 0.1 else f"{at:%Y-%m-%dT%H:%M:%SZ}"
    return reading(station, time, **values)


def _ties() -> list[Reading]:
    """Rows of one key that only the last of the columns to order by tells apart, in text as well as in number."""
    texts = ("9", "10", "1e1", "10.0", "NA", "09", "9.5", "+9")
    return [
        reading("TIE", f"2013-01-15T{hour:02}:00:00Z", **{name: text})
        for hour, name in enumerate(_MEASURES)
        for text in texts
    ]


def _provenance(generator: random.Random, number: int) -> dict[str, object]:
    file = f"file-{generator.choice(('a', 'B', 'ä', '10', '9'))}.csv.gz"
    # Few files and times: ties in both are common.
    modified_at = datetime(2014, 1, 1, tzinfo=UTC) + timedelta(milliseconds=generator.choice((0, 1, 999, 1000)))
    return {
        "_source_file": file,
        "_source_sha256": hashlib.sha256(file.encode()).hexdigest(),
        "_source_modified_at": modified_at,
        "_ingested_at": datetime(2014, 1, 2, tzinfo=UTC) + timedelta(microseconds=number),
    }


def month_of_text(time_hour: str) -> str:
    """The month of a time as files have it, read here by Python; `unreadable` where there is none."""
    if _INSTANT.fullmatch(time_hour) is None:
        return "unreadable"
    try:
        return datetime.fromisoformat(time_hour).strftime("%Y-%m")
    except ValueError:
        return "unreadable"


def _schema() -> pa.Schema:
    text = [pa.field(name, pa.string()) for name in (*COLUMNS, "_source_file", "_source_sha256")]
    return pa.schema([*text, pa.field("_source_modified_at", _TIMESTAMP), pa.field("_ingested_at", _TIMESTAMP)])


def with_months(rows: pa.Table) -> pa.Table:
    """The rows with `_month`, as ingestion adds it."""
    periods = [month_of_text(time) for time in rows.column("time_hour").to_pylist()]
    return rows.append_column("_month", pa.array(periods, pa.string()))
