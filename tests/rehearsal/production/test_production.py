"""Production rehearsed without an account: `make rehearsal`.

The real engine makes stack `dev` on the stand-ins, the three code locations run there with `demo_mode: false`, and what
they leave is what the demo leaves on a laptop.
"""

import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from platform_cli.console import make_console
from platform_cli.landing import land_samples
from platform_contract.local_paths import LocalPaths

from tests.deployments import LOCAL
from tests.fakes.object_storage.object_storage import object_storage
from tests.rehearsal.comparison.compare import Comparison, compare
from tests.rehearsal.comparison.comparison_report import describe_differences, print_comparisons
from tests.rehearsal.production.chosen_stack import chosen_stack
from tests.rehearsal.production.demo_tables import demo_gold
from tests.rehearsal.production.deployment_dev import DeploymentDev, Holdings
from tests.rehearsal.production.dev_stack import DATABRICKS, DevStack, StandIns
from tests.rehearsal.production.operator_shell import OperatorShell, make_checkout
from tests.rehearsal.production.peak_memory import peak_memory
from tests.rehearsal.production.steps import Steps
from tests.rehearsal.snowflake_keys import make_key_pair

if TYPE_CHECKING:
    from tests.fakes.databricks_workspace.workspace import Workspace
    from tests.fakes.snowflake.server import SnowflakeServer

pytestmark = [pytest.mark.rehearsal, pytest.mark.slow, pytest.mark.timeout(1200)]

_COMMAND_SECONDS = 600
_USED_WAREHOUSE = re.compile(r"use\s+warehouse\s+\"?(\w+)", re.IGNORECASE)
# It only ever grows: no file, no version.
_BRONZE = "bronze.weather_readings"


def test_production_holds_what_the_demo_holds(
    databricks: "Workspace",
    snowflake: "SnowflakeServer",
    cloud_network: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps = Steps(make_console())
    stand_ins = StandIns(databricks, snowflake, make_key_pair())
    with peak_memory() as peak, object_storage("lake") as storage, chosen_stack(stand_ins, tmp_path, steps) as stack:
        dev = DeploymentDev(stand_ins, storage, cloud_network)
        # For this process too, which reads what the pipelines have put there.
        for name, value in storage.environment.items():
            monkeypatch.setenv(name, value)
        _rehearse(steps, stack, dev, tmp_path)
    steps.end(peak.most)


def _rehearse(steps: Steps, stack: DevStack, dev: DeploymentDev, folder: Path) -> None:
    workplace = make_checkout(folder / "checkout")
    demo = OperatorShell(workplace, folder / "demo", {}, _COMMAND_SECONDS)
    paths = LocalPaths(demo.local_root, LOCAL)
    # Object storage tells whole seconds.
    arrival = int(time.time())
    land_samples(workplace, paths.landing)
    _arrived_at(paths.landing, arrival)
    with (
        steps.step("Stack dev comes up, while the demo builds its tables on this machine") as facts,
        ThreadPoolExecutor(max_workers=1) as beside,
    ):
        built = beside.submit(demo.platform, "demo")
        facts.append(_told(stack.up()))
        production = OperatorShell(workplace, folder / "production", dev.environment(stack), _COMMAND_SECONDS)
        _check_names(stack, production)
        built.result()
        expected = demo_gold(paths)
        facts.append(f"{len(expected)} gold tables, {sum(len(table.rows) for table in expected.values()):,} rows")
    with steps.step("The input lands in the volume and in object storage") as facts:
        facts.extend(production.platform("land").splitlines())
        assert not [*LocalPaths(production.local_root, DATABRICKS.deployment).landing.rglob("*.csv*")]
        dev.storage.date("", arrival)
    with steps.step("The three code locations run with demo_mode: false") as facts:
        facts.extend(production.platform("materialise").splitlines())
        _check_warehouses(stack, dev)
    with steps.step("Every gold table is compared with the demo's"):
        first = dev.holdings()
        assert set(first.gold) == set(expected)
        _check_gold(steps, [compare(name, table, first.gold[name]) for name, table in expected.items()])
    with steps.step("A second run changes no row") as facts:
        production.platform("materialise")
        facts.append(_check_unchanged(first, dev.holdings()))
    with steps.step("A second `up` changes nothing"):
        assert stack.up() == {}
    with steps.step("Its tables dropped, the stack is destroyed and nothing is left") as facts:
        facts.append(f"{dev.drop_tables()} tables dropped")
        stack.destroy()
        assert stack.remains() == []


def _arrived_at(landing: Path, moment: int) -> None:
    """Let all files have arrived at one moment, as those of production will: rows that say when can be compared."""
    for file in landing.rglob("*"):
        os.utime(file, (moment, moment))


def _told(changes: dict[str, int]) -> str:
    return ", ".join(f"{operation} {count}" for operation, count in changes.items())


def _check_names(stack: DevStack, production: OperatorShell) -> None:
    """What the stack says that dbt needs is what the operator's shell exports."""
    exported = production.exports()
    names = {name: value for name, value in stack.environment().items() if name.startswith("PLATFORM_")}
    assert names.items() <= exported.items()


def _check_warehouses(stack: DevStack, dev: DeploymentDev) -> None:
    """Every warehouse that a session named or turned to is one that the stack has made."""
    queries = dev.stand_ins.snowflake.queries.matching("")
    used = {found for query in queries for found in _USED_WAREHOUSE.findall(query.text)}
    named = {query.warehouse for query in queries}
    assert {name.upper() for name in used | named} <= stack.warehouses()


def _check_gold(steps: Steps, comparisons: list[Comparison]) -> None:
    print_comparisons(comparisons, steps.console)
    differing = [line for comparison in comparisons for line in describe_differences(comparison)]
    assert not differing, "\n".join(differing)


def _check_unchanged(first: Holdings, second: Holdings) -> str:
    assert second.rows == first.rows
    comparisons = [compare(name, table, second.gold[name]) for name, table in first.gold.items()]
    differing = [line for comparison in comparisons for line in describe_differences(comparison)]
    assert not differing, "\n".join(differing)
    assert second.versions[_BRONZE] == first.versions[_BRONZE]
    replaced = [name for name, version in second.versions.items() if version > first.versions[name]]
    return (
        f"{sum(second.rows.values()):,} rows in {len(second.rows)} tables, as before; "
        f"{len(replaced)} Delta tables have a version more, months replaced by equal ones"
    )
