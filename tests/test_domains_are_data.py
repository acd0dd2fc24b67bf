"""No code knows a domain by its name: what it needs follows from the platform file, YAML and SQL."""

import re
from pathlib import Path

from platform_contract.domains import domains
from platform_contract.local_paths import checkout

ROOT = checkout(Path(__file__))
# Examples on the sample files, which they name.
SAMPLES = "architecture_patterns"


def python_files() -> list[Path]:
    sources = (*ROOT.glob("infra/**/*.py"), *ROOT.glob("code_locations/*/src/**/*.py"))
    return [file for file in sources if not {".venv", SAMPLES} & set(file.parts)]


def test_no_python_knows_the_name_of_a_domain() -> None:
    names = "|".join(domain.name for domain in domains())
    spoken = re.compile(rf"(?<![A-Za-z])({names})s?(?![A-Za-z])", re.IGNORECASE)
    assert spoken.search("SHOP_TABLES")
    files = python_files()
    assert len(files) > 300
    found = {
        f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if spoken.search(line)
    }
    assert sorted(found) == []
