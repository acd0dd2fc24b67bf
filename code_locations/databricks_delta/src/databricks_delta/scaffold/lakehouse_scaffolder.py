from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import override

from platform_contract.domain import Engine
from platform_runtime.new_domain import DomainScaffolder, NewDomain, SharedFile


class LakehouseScaffolder(DomainScaffolder):
    """A lakehouse that loads and runs: `defs.yaml`, its SELECTs, a sample file, and the domain in the platform file."""

    engine = Engine.DATABRICKS
    template = Path(__file__).with_name("template")

    @override
    def further(self, domain: NewDomain, location: Path) -> tuple[Mapping[str, Path], Iterable[SharedFile]]:
        return {}, []
