from pathlib import Path

from platform_contract.errors import ContractError
from platform_runtime.files.local_place import LocalPlace

from platform_cli.landing_report import LandingReport, land_into


def land_samples(checkout: Path, landing: Path) -> list[LandingReport]:
    """Copy the sample input of every code location into the landing folder, `<landing>/<source>/<file>`.

    A file that has landed is never overwritten, whatever it holds by now.

    Raises:
        ContractError: when two code locations ship a file of the same name for the same source.
    """
    return land_into(LocalPlace(landing), samples(checkout))


def samples(checkout: Path) -> dict[Path, Path]:
    """Where every sample file of the code locations is, by the name that it lands under: `<source>/<file>`.

    Raises:
        ContractError: when two code locations ship a file of the same name for the same source.
    """
    found: dict[Path, Path] = {}
    for location in sorted(checkout.glob("code_locations/*")):
        for name, file in samples_of(location).items():
            _refuse_second(name, found.get(name), file)
            found[name] = file
    return found


def samples_of(code_location: Path) -> dict[Path, Path]:
    """Where every sample file of one code location is, by the name that it lands under."""
    folder = code_location / "sample_data"
    files = (file for file in sorted(folder.glob("*/**/*")) if file.is_file() and file.name != "README.md")
    return {file.relative_to(folder): file for file in files}


def _refuse_second(name: Path, first: Path | None, second: Path) -> None:
    if first is not None:
        raise ContractError(f"{first} and {second} would both land as {name}: rename one, or keep one copy")
