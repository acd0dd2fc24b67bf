from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platform_runtime.files.landing_place import LandingPlace


@dataclass(frozen=True, slots=True)
class LandingReport:
    """What landing did for one source: files that are new in the landing place, and files that were there already."""

    source: str
    landed: int
    kept: int


def land_into(place: LandingPlace, samples: Mapping[Path, Path]) -> list[LandingReport]:
    """Land files, and say for each source what was done. A file that has landed is never overwritten.

    Args:
        place: where to.
        samples: where each file is, by the name that it lands under.
    """
    landed_by_source: dict[str, list[bool]] = {}
    for name, sample in samples.items():
        landed_by_source.setdefault(name.parts[0], []).append(place.add(name.as_posix(), sample))
    return [
        LandingReport(source, landed.count(True), landed.count(False)) for source, landed in landed_by_source.items()
    ]


def describe_landing(report: LandingReport) -> str:
    """One line that says what landing did for a source."""
    kept = f", {report.kept} already there" if report.kept else ""
    return f"{report.source}: {report.landed} files landed{kept}"
