from pathlib import Path
from typing import override

import click
import dagster as dg
from platform_contract.domain import Engine
from platform_runtime.new_domain import NewDomain, NewDomainParams, scaffold_domain

_TEMPLATE = Path(__file__).with_name("template")


class LakehouseScaffolder(dg.Scaffolder[NewDomainParams]):
    """A lakehouse that loads and runs: `defs.yaml`, its SELECTs, a sample file, and the domain in the platform file."""

    @classmethod
    @override
    def get_scaffold_params(cls) -> type[NewDomainParams]:
        return NewDomainParams

    @override
    def scaffold(self, request: dg.ScaffoldRequest[NewDomainParams]) -> None:
        if request.project_root is None:
            raise click.ClickException("run this in the folder of a code location, which has a pyproject.toml")
        domain = NewDomain.requested(request, Engine.DATABRICKS)
        places = {"defs": request.target_path, "sample_data": request.project_root / "sample_data" / domain.name}
        scaffold_domain(domain, _TEMPLATE, places, shared=[])
