from platform_cli.diff.declared_tables import LAKEHOUSES, lakehouse_tables
from platform_contract.domains import domain_named


def test_a_lakehouse_table_is_told_by_its_unique_check() -> None:
    assert {
        name: (table.asset, table.key) for name, table in lakehouse_tables(LAKEHOUSES, domain_named("weather")).items()
    } == {
        "station_daily_summary": ("weather/gold/station_daily_summary", ("station", "day")),
        "temperature_anomalies": ("weather/gold/temperature_anomalies", ("station", "observed_at")),
    }
