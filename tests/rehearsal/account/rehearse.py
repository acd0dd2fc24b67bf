import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from platform_cli.landing import land_samples
from platform_contract.databricks_names import DatabricksNames
from platform_contract.deployment import Deployment
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.local_paths import LocalPaths
from platform_contract.snowflake_names import SnowflakeNames

from tests.deployments import LOCAL
from tests.rehearsal.account import storage
from tests.rehearsal.account.clients import databricks_client, snowflake_connection
from tests.rehearsal.account.histories import calls_since
from tests.rehearsal.account.place import Place
from tests.rehearsal.account.trace import Call, count, differences, write
from tests.rehearsal.comparison.compare import compare
from tests.rehearsal.comparison.compared_table import ComparedTable
from tests.rehearsal.comparison.comparison_report import describe_differences, print_comparisons
from tests.rehearsal.production.demo_tables import demo_gold
from tests.rehearsal.production.production_tables import AccountTables, LakehouseTables, object_storage_gold
from tests.rehearsal.production.steps import Steps

_OF_THE_DEPLOYMENT = (EnvironmentVariable.PLATFORM_DEPLOYMENT, EnvironmentVariable.PLATFORM_DEMO_MODE)


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the deployment holds: its gold tables whole, and how many rows every table has."""

    gold: Mapping[str, ComparedTable]
    rows: Mapping[str, int]


def rehearse(place: Place, steps: Steps, on_stand_ins: Sequence[Call], kept: Path | None) -> list[str]:
    """Make the deployment, fill it, and hold it against the demo and the stand-ins.

    Args:
        place: where; nothing of the deployment is there yet.
        steps: tells a person what happens.
        on_stand_ins: what a rehearsal there asked, and was answered.
        kept: where to keep what this one asked and was answered, None for nowhere.

    Returns:
        A line for each difference; nothing where all is alike.
    """
    began = time.time()
    shell, deployment = place.operator(), place.deployment
    with steps.step(f"Stack {deployment} comes up"):
        shell.platform("up", "--stack", deployment.name, "--yes")
    with steps.step("The input lands in the volume and in object storage") as facts:
        facts.extend(shell.platform("land").splitlines())
    with steps.step("The demo builds its tables on this machine, from files that arrived when those did") as facts:
        expected = _demo(place)
        facts.append(f"{len(expected)} gold tables")
    with steps.step("The three code locations run with demo_mode: false"):
        shell.platform("materialise")
    with steps.step("Every gold table is compared with the demo's"):
        first = _holdings(deployment)
        differing = _compared(expected, first.gold, steps)
    with steps.step("A second run changes no row"):
        shell.platform("materialise")
        second = _holdings(deployment)
        differing += _compared(first.gold, second.gold, steps)
        differing += _changed_counts(first.rows, second.rows)
    with steps.step("A look at the clouds finds no drift"):
        shell.platform("preview", "--stack", deployment.name, "--drift")
    with steps.step("What was asked and answered is compared with the stand-ins") as facts:
        asked = calls_since(began, deployment)
        if kept is not None:
            write(kept, asked)
        facts.extend(f"{place}: {number} calls" for place, number in count(asked).items())
        facts.extend(told := differences(on_stand_ins, asked))
        facts.append(f"{len(told)} differences")
    return differing


def _changed_counts(before: Mapping[str, int], after: Mapping[str, int]) -> list[str]:
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    return [f"rows of {name}: {before.get(name)}, then {after.get(name)}" for name in sorted(changed)]


def _demo(place: Place) -> dict[str, ComparedTable]:
    environment = {name: value for name, value in os.environ.items() if name not in _OF_THE_DEPLOYMENT}
    shell = place.shell("demo", environment)
    paths = LocalPaths(shell.local_root, LOCAL)
    land_samples(place.checkout, paths.landing)
    storage.take_over_arrival(place.deployment, paths.landing)
    shell.platform("demo")
    return demo_gold(paths)


@contextmanager
def _tables(deployment: Deployment) -> Iterator[tuple[LakehouseTables, AccountTables]]:
    with databricks_client(deployment) as client, snowflake_connection(deployment) as connection:
        lakehouse = LakehouseTables(client, DatabricksNames(deployment))
        yield lakehouse, AccountTables(connection, SnowflakeNames(deployment))


def _holdings(deployment: Deployment) -> Holdings:
    with _tables(deployment) as (lakehouse, account):
        patterns = object_storage_gold(storage.paths(deployment).patterns)
        return Holdings(
            gold={**lakehouse.gold(), **account.gold(), **patterns},
            rows={**lakehouse.counts(), **account.counts()},
        )


def _compared(expected: Mapping[str, ComparedTable], found: Mapping[str, ComparedTable], steps: Steps) -> list[str]:
    lacking = [f"{name} is not there" for name in sorted(expected.keys() - found.keys())]
    extra = [f"{name} is there, and should not be" for name in sorted(found.keys() - expected.keys())]
    both = [compare(name, table, found[name]) for name, table in expected.items() if name in found]
    print_comparisons(both, steps.console)
    return [*lacking, *extra, *(line for one in both for line in describe_differences(one))]
