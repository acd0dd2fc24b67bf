from pathlib import Path

from platform_cli.doctor.check import Health
from platform_cli.doctor.machine import DiskSpace


def test_disk_space_is_that_of_the_nearest_folder_there_is(tmp_path: Path) -> None:
    assert DiskSpace(tmp_path / "not" / "there", needed_gigabytes=0).examine().health is Health.RIGHT
    scarce = DiskSpace(tmp_path / "not" / "there", needed_gigabytes=1e9).examine()
    assert scarce.health is Health.PROBLEM
    assert scarce.remedy == "free some: 1e+09 GB are needed"
