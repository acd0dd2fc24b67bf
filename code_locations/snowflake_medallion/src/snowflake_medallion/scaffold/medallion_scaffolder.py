from pathlib import Path
from typing import override

import click
import dagster as dg
from platform_contract.domain import Engine
from platform_runtime.new_domain import NewDomain, NewDomainParams, SharedFile, scaffold_domain

_TEMPLATE = Path(__file__).with_name("template")
_PROJECT = Path("../../dbt_project")
# What each layer is like, every domain takes from the first one: see the anchors in `dbt_project.yml`.
_SETTINGS = """
    __domain__:
      bronze: { <<: *bronze, +group: __domain__ }
      silver: { <<: *silver, +group: __domain__ }
      gold: { <<: *gold, +group: __domain__ }"""


class MedallionScaffolder(dg.Scaffolder[NewDomainParams]):
    """A domain that loads and runs: `defs.yaml`, dbt models, a sample file, and an entry where domains are listed."""

    @classmethod
    @override
    def get_scaffold_params(cls) -> type[NewDomainParams]:
        return NewDomainParams

    @override
    def scaffold(self, request: dg.ScaffoldRequest[NewDomainParams]) -> None:
        if request.project_root is None:
            raise click.ClickException("run this in the folder of a code location, which has a pyproject.toml")
        domain, project = NewDomain.requested(request, Engine.SNOWFLAKE), (request.project_root / _PROJECT).resolve()
        places = {
            "defs": request.target_path,
            "sample_data": request.project_root / "sample_data" / domain.name,
            "models": project / "models" / domain.name,
            "macros": project / "macros" / domain.name,
        }
        settings = SharedFile(project / "dbt_project.yml", _SETTINGS, before="\nsnapshots:")
        scaffold_domain(domain, _TEMPLATE, places, [settings])
