"""What the lakehouse in Databricks publishes: the same file as on a laptop, in the place that the receiver reads."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from databricks_delta.lakehouse.periods import PeriodRange
from databricks_delta.publish.publication import publish
from platform_contract.domain import Domain, Engine
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.settings import MissingSettingsError
from platform_runtime.object_storage import StorageFolder

from tests.code_locations.databricks_delta.lakehouse.databricks.on_databricks import OnDatabricks
from tests.code_locations.databricks_delta.lakehouse_under_test import SILVER, LakehouseUnderTest
from tests.code_locations.databricks_delta.readings import reading, utc
from tests.fakes.object_storage.object_storage import object_storage

pytestmark = pytest.mark.slow

NOON = utc(2013, 1, 5, 12)
READINGS = [reading("JFK", NOON), reading("EWR", NOON, temp="NA"), reading("EWR", utc(2013, 1, 31, 23), temp="14.5")]
MONTH = PeriodRange("2013-01", "2013-01")
FILE = "weather_readings/2013-01.parquet"


def domain(engine: Engine) -> Domain:
    return Domain("voyages", engine, ("team:voyages",), "voyages_", ())


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with object_storage("lake") as storage:
        for name, value in storage.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv(EnvironmentVariable.PLATFORM_STORAGE_URI, "s3://lake/platform")
        yield "s3://lake/platform"


@pytest.fixture
def computed(on_databricks: OnDatabricks) -> OnDatabricks:
    on_databricks.land("weather_2013_01.csv.gz", READINGS, NOON)
    on_databricks.ingest()
    on_databricks.compute(on_databricks.table(SILVER), "2013-01", "2013-01")
    return on_databricks


def test_a_domain_in_snowflake_finds_in_object_storage_what_a_laptop_would_publish(
    computed: OnDatabricks, weather: LakehouseUnderTest, storage: str, tmp_path: Path
) -> None:
    table, receiver = computed.table(SILVER).table, domain(Engine.SNOWFLAKE)
    assert [one.written for _ in range(2) for one in publish(computed.lakehouse, table, receiver, MONTH)] == [
        True,
        False,
    ]

    weather.land("weather_2013_01.csv.gz", READINGS, NOON)
    weather.ingest()
    weather.compute("2013-01", "2013-01")
    publish(weather.lakehouse, table, receiver, MONTH)
    folder = StorageFolder(f"{storage}/{computed.deployment}/landing/voyages")
    assert [stored.name for stored in folder.objects()] == [FILE]
    folder.fetch(FILE, tmp_path / "fetched")
    assert (tmp_path / "fetched").read_bytes() == (weather.paths.landing / "voyages" / FILE).read_bytes()


def test_a_domain_in_databricks_finds_it_in_the_landing_volume(computed: OnDatabricks) -> None:
    table, receiver = computed.table(SILVER).table, domain(Engine.DATABRICKS)
    assert [one.written for _ in range(2) for one in publish(computed.lakehouse, table, receiver, MONTH)] == [
        True,
        False,
    ]
    assert [path.name for path in (computed.landing.parent / "voyages" / "weather_readings").iterdir()] == [
        "2013-01.parquet"
    ]


def test_without_object_storage_the_setting_is_named(computed: OnDatabricks) -> None:
    with pytest.raises(MissingSettingsError, match="PLATFORM_STORAGE_URI"):
        publish(computed.lakehouse, computed.table(SILVER).table, domain(Engine.SNOWFLAKE), MONTH)
