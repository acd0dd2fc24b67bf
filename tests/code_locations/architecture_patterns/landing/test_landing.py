from pathlib import Path

import dagster as dg
import pytest
from architecture_patterns.landing.landing import EmptyLandingError
from architecture_patterns.landing.local_landing import LocalLanding
from architecture_patterns.landing.object_storage_landing import ObjectStorageLanding
from architecture_patterns.pattern import Pattern
from architecture_patterns.production_settings import ProductionSettings


def test_only_whole_csv_files_count_by_name(tmp_path: Path) -> None:
    (tmp_path / "shop" / "orders").mkdir(parents=True)
    for name in ("b.csv.gz", "a.csv", ".c.csv.arriving-7", ".d.csv", "README.md"):
        (tmp_path / "shop" / "orders" / name).touch()
    assert [file.name for file in LocalLanding(path=str(tmp_path)).files("shop/orders")] == ["a.csv", "b.csv.gz"]


def test_nothing_landed_says_where_and_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(EmptyLandingError, match=f"no CSV file in {tmp_path}/weather: run `make land`"):
        LocalLanding(path=str(tmp_path)).files("weather")


def test_object_storage_is_read_from_the_folder_of_the_deployment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLATFORM_STORAGE_URI", tmp_path.as_uri())
    landed = tmp_path / "dev" / "landing" / "weather" / "a.csv"
    landed.parent.mkdir(parents=True)
    landed.write_bytes(b"id\n1\n")
    settings = ProductionSettings(pattern=Pattern.LAKEHOUSE_PIPELINE, deployment="dev")
    with ObjectStorageLanding(settings=settings).yield_for_execution(dg.build_init_resource_context()) as landing:
        (file,) = landing.files("weather")
        assert file.path.read_bytes() == b"id\n1\n"
        with pytest.raises(EmptyLandingError, match=f"no CSV file in {tmp_path.as_uri()}/dev/landing/shop/orders"):
            landing.files("shop/orders")
    assert not file.path.exists()
