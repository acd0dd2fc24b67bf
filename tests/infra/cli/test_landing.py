import os
from pathlib import Path

import pytest
from platform_cli.landing import land_samples
from platform_cli.landing_report import LandingReport, describe_landing
from platform_contract.errors import ContractError


def sample(checkout: Path, name: str, content: bytes) -> Path:
    file = checkout / "code_locations" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_every_sample_lands_under_its_source(tmp_path: Path) -> None:
    sample(tmp_path, "rain/sample_data/gauges/2013-01.csv.gz", b"\x1f\x8b january")
    sample(tmp_path, "rain/sample_data/gauges/2013-02.csv.gz", b"\x1f\x8b february")
    sample(tmp_path, "shop/sample_data/orders/2018/09.csv", b"september")
    reports = land_samples(tmp_path, tmp_path / "landing")
    assert contents(tmp_path / "landing") == {
        "gauges/2013-01.csv.gz": b"\x1f\x8b january",
        "gauges/2013-02.csv.gz": b"\x1f\x8b february",
        "orders/2018/09.csv": b"september",
    }
    assert reports == [LandingReport("gauges", 2, 0), LandingReport("orders", 1, 0)]


def test_a_readme_does_not_land(tmp_path: Path) -> None:
    sample(tmp_path, "rain/sample_data/README.md", b"about all")
    sample(tmp_path, "rain/sample_data/gauges/README.md", b"about gauges")
    sample(tmp_path, "rain/sample_data/gauges/2013-01.csv", b"january")
    land_samples(tmp_path, tmp_path / "landing")
    assert contents(tmp_path / "landing") == {"gauges/2013-01.csv": b"january"}


def test_a_landed_file_is_never_overwritten(tmp_path: Path) -> None:
    shipped = sample(tmp_path, "rain/sample_data/gauges/2013-01.csv", b"january")
    land_samples(tmp_path, tmp_path / "landing")
    landed = tmp_path / "landing" / "gauges" / "2013-01.csv"
    landed.write_bytes(b"corrected by hand")
    os.utime(landed, (1, 1))
    shipped.write_bytes(b"a newer sample")
    sample(tmp_path, "rain/sample_data/gauges/2013-02.csv", b"february")
    assert land_samples(tmp_path, tmp_path / "landing") == [LandingReport("gauges", 1, 1)]
    assert landed.read_bytes() == b"corrected by hand"
    assert landed.stat().st_mtime == 1


def test_two_samples_of_one_name_are_refused(tmp_path: Path) -> None:
    sample(tmp_path, "rain/sample_data/gauges/2013-01.csv", b"january")
    sample(tmp_path, "snow/sample_data/gauges/2013-01.csv", b"january, too")
    with pytest.raises(ContractError, match=r"rain.*2013-01\.csv and .*snow.*2013-01\.csv would both land as gauges"):
        land_samples(tmp_path, tmp_path / "landing")
    assert not (tmp_path / "landing").exists()


def test_a_report_says_what_is_new_and_what_was_there() -> None:
    assert describe_landing(LandingReport("gauges", 2, 0)) == "gauges: 2 files landed"
    assert describe_landing(LandingReport("gauges", 0, 12)) == "gauges: 0 files landed, 12 already there"
