from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import override

from platform_contract.domain import Engine
from platform_runtime.new_domain import DomainScaffolder, NewDomain, SharedFile

_PROJECT = Path("../../dbt_project")
# What each layer is like, every domain takes from the first one: see the anchors in `dbt_project.yml`.
_SETTINGS = """
    __domain__:
      bronze: { <<: *bronze, +group: __domain__ }
      silver: { <<: *silver, +group: __domain__ }
      gold: { <<: *gold, +group: __domain__ }"""


class MedallionScaffolder(DomainScaffolder):
    """A domain that loads and runs: `defs.yaml`, dbt models, a sample file, and an entry where domains are listed."""

    engine = Engine.SNOWFLAKE
    template = Path(__file__).with_name("template")

    @override
    def further(self, domain: NewDomain, location: Path) -> tuple[Mapping[str, Path], Iterable[SharedFile]]:
        project = (location / _PROJECT).resolve()
        places = {"models": project / "models" / domain.name, "macros": project / "macros" / domain.name}
        return places, [SharedFile(project / "dbt_project.yml", _SETTINGS, before="\nsnapshots:")]
