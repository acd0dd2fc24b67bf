import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from platform_contract.errors import ContractError


@dataclass(frozen=True, slots=True)
class LandingReport:
    """What landing did for one source: files that are new in the landing folder, and files that were there already."""

    source: str
    landed: int
    kept: int


def land_samples(checkout: Path, landing: Path) -> list[LandingReport]:
    """Copy the sample input of every code location into the landing folder, `<landing>/<source>/<file>`.

    A file that has landed is never overwritten, whatever it holds by now.

    Raises:
        ContractError: when two code locations ship a file of the same name for the same source.
    """
    landed_by_source: dict[str, list[bool]] = {}
    for name, sample in _samples(checkout).items():
        landed_by_source.setdefault(name.parts[0], []).append(_land(sample, landing / name))
    return [
        LandingReport(source, landed.count(True), landed.count(False)) for source, landed in landed_by_source.items()
    ]


def describe_landing(report: LandingReport) -> str:
    """One line that says what landing did for a source."""
    kept = f", {report.kept} already there" if report.kept else ""
    return f"{report.source}: {report.landed} files landed{kept}"


def _samples(checkout: Path) -> dict[Path, Path]:
    samples: dict[Path, Path] = {}
    for folder in sorted(checkout.glob("code_locations/*/sample_data")):
        for file in sorted(folder.glob("*/**/*")):
            if file.is_file() and file.name != "README.md":
                name = file.relative_to(folder)
                _refuse_second(name, samples.get(name), file)
                samples[name] = file
    return samples


def _refuse_second(name: Path, first: Path | None, second: Path) -> None:
    if first is not None:
        raise ContractError(f"{first} and {second} would both land as {name}: rename one, or keep one copy")


def _land(sample: Path, landed: Path) -> bool:
    if landed.exists():
        return False
    landed.parent.mkdir(parents=True, exist_ok=True)
    # A sensor may look at any moment: the file appears whole, under its name, or not at all.
    arriving = landed.with_name(f".{landed.name}.arriving-{os.getpid()}")
    shutil.copyfile(sample, arriving)
    arriving.rename(landed)
    return True
