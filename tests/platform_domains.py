"""A platform with more domains than the shipped ones, declared in a platform file as a team would."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from platform_contract import domains as contract_domains
from platform_contract.platform_file import platform_file, read_platform_file


@contextmanager
def declared_domains(folder: Path, *lakehouses: str, warehouses: Sequence[str] = ()) -> Iterator[None]:
    """Let the contract read a copy of the platform file that declares these domains as well.

    Args:
        folder: where the copy may be.
        lakehouses: those that are built in Databricks.
        warehouses: those that are built in Snowflake.
    """
    engines = dict.fromkeys(lakehouses, "databricks") | dict.fromkeys(warehouses, "snowflake")
    added = [f'\n[domains.{name}]\nengine = "{at}"\nowners = ["team:{name}"]\n' for name, at in engines.items()]
    copy = folder / "platform.toml"
    copy.write_text(platform_file().text + "".join(added), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        # The file of a process is that of the installed contract: here another one is installed.
        patch.setattr(contract_domains, "platform_file", lambda: read_platform_file(copy))
        contract_domains.domains.cache_clear()
        yield
    contract_domains.domains.cache_clear()
