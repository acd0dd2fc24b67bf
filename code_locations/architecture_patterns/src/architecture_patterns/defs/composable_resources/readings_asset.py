import json
from collections.abc import Iterable
from dataclasses import asdict, astuple

import dagster as dg
from platform_runtime.files.landing import Landing

from architecture_patterns.defs.composable_resources.reading import Reading, RejectedReading, read_reading
from architecture_patterns.defs.composable_resources.storage import Storage
from architecture_patterns.landed import WEATHER_COLUMNS, WEATHER_SOURCE, SourceFile, source_files
from architecture_patterns.table_metadata import table_metadata

READINGS = "readings"


def readings_asset(spec: dg.AssetSpec) -> dg.AssetsDefinition:
    """Each landed file as an object of JSON lines."""

    @dg.multi_asset(name=spec.key.to_python_identifier(), specs=[spec])
    def store_readings(composable_landing: Landing, storage: Storage) -> dg.MaterializeResult:
        readings: list[Reading] = []
        rejected: list[RejectedReading] = []
        for file in source_files(composable_landing, WEATHER_SOURCE).all_of_them():
            _store(storage, file, readings, rejected)
        metadata = table_metadata(
            len(readings), ("station", "observed_at", "temp_c"), (astuple(reading) for reading in readings)
        )
        return dg.MaterializeResult(
            metadata={**metadata, "rows_rejected": len(rejected), "location": storage.location(f"{READINGS}/")}
        )

    return store_readings


def _store(storage: Storage, file: SourceFile, readings: list[Reading], rejected: list[RejectedReading]) -> None:
    judged = [read_reading(row) for row in file.rows(WEATHER_COLUMNS)]
    of_file = [reading for reading in judged if isinstance(reading, Reading)]
    rejected_of_file = [reading for reading in judged if isinstance(reading, RejectedReading)]
    month = file.file.name.partition(".")[0]
    storage.write(f"{READINGS}/{month}.jsonl", _json_lines(of_file))
    storage.write(f"rejected/{month}.jsonl", _json_lines(rejected_of_file))
    readings += of_file
    rejected += rejected_of_file


def _json_lines(records: Iterable[Reading | RejectedReading]) -> bytes:
    return "".join(f"{json.dumps(asdict(record))}\n" for record in records).encode()


def stored_readings(storage: Storage) -> list[Reading]:
    """All readings that the storage holds, by object."""
    return [
        Reading(**json.loads(line))
        for key in storage.list_keys(f"{READINGS}/")
        for line in storage.read(key).splitlines()
    ]
