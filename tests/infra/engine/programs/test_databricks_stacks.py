"""The Databricks program under the real engine, in one account: dev, then production, then a pull request's stack."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from platform_contract.databricks_names import OPERATIONS_SCHEMA, DatabricksNames, Volume
from platform_contract.deployment import parse_deployment
from platform_contract.layer import Layer
from platform_infra.databricks.deploy_roles import DEPLOY_ROLES

from tests.fakes.pulumi_provider.call_log import Operation
from tests.fakes.pulumi_provider.databricks.authority import Administrator, Operator
from tests.fakes.pulumi_provider.databricks.databricks_cloud import DatabricksCloud
from tests.fakes.pulumi_provider.databricks.store import MemoryLakehouseStore
from tests.fakes.pulumi_provider.databricks.tokens import (
    BUDGET_POLICY,
    CATALOG,
    EXTERNAL_LOCATION,
    GRANTS,
    SERVICE_PRINCIPAL,
    STORAGE_CREDENTIAL,
    VOLUME,
    WORKSPACE_BINDING,
)
from tests.fakes.pulumi_provider.server import serve
from tests.infra.engine.harness.credentials import CREDENTIALS, MARK
from tests.infra.engine.harness.engine_run import EngineRun
from tests.infra.engine.harness.inline_stack import InlineStack
from tests.infra.engine.harness.journey import Arrival, Contents, Departure, Traveller, contents
from tests.infra.engine.harness.program_folder import copy_program
from tests.infra.engine.harness.pulumi_cli import PulumiCli, Stack

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(600)]

# The hosts and ids of the project's own configuration.
WORKSPACES = {
    "example-dev.cloud.databricks.com": "1111111111111111",
    "example-prod.cloud.databricks.com": "2222222222222222",
}
STACKS = ("dev", "prod", "pr-7")
STANDING = ("dev", "prod")
# The changes, counted anew in each run, at which the account fails on the way.
FAULTS = {"dev": (2, 9), "prod": (5,), "pr-7": (1, 8)}
# Seconds: a limit by the minute, met twice; a classic warehouse where the cloud is short of machines.
THROTTLED, SLOW_START = 120, 15 * 60
TRUST = "platform-databricks:storage_trust"


@dataclass(frozen=True)
class FirstSteps:
    """A standing stack before the cloud trusts its storage: made, and asked to go on too early."""

    pending: EngineRun
    outputs: str
    held: Contents
    too_early: EngineRun


@dataclass(frozen=True)
class Journeys:
    """What all stacks went through.

    `optimized` are the catalogs that Databricks keeps, once all are there; `steps` what the provider did about
    isolation; `left` are the catalogs after the last departure.
    """

    first_steps: dict[str, FirstSteps]
    arrivals: dict[str, Arrival]
    departures: dict[str, Departure]
    optimized: list[str]
    steps: list[str]
    left: list[str]


@pytest.fixture(scope="module")
def journeys(engine: Path, environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Journeys:
    workplace = tmp_path_factory.mktemp("databricks")
    store = MemoryLakehouseStore()
    cloud = DatabricksCloud(WORKSPACES, store)
    first_steps: dict[str, FirstSteps] = {}
    arrivals: dict[str, Arrival] = {}
    with serve(cloud) as provider:
        cli = PulumiCli(engine, environment, workplace / "engine", [provider.attachment], CREDENTIALS)
        folder = copy_program("databricks", workplace / "checkout")
        for name in STACKS:
            cloud.account.operator = operator(cloud, name)
            Stack(cli, folder, name).init()
            traveller = Traveller(Stack(cli, folder, name), InlineStack(cli, folder, name), cloud)
            if name in STANDING:
                first_steps[name] = take_first_steps(traveller, cloud, names(name))
            arrivals[name] = traveller.arrive(FAULTS[name], damage(cloud, name))
        optimized = cloud.account.optimized_catalogs()
        departures: dict[str, Departure] = {}
        for name in reversed(STACKS):
            cloud.account.operator = operator(cloud, name)
            departures[name] = Traveller(Stack(cli, folder, name), InlineStack(cli, folder, name), cloud).leave()
    return Journeys(first_steps, arrivals, departures, optimized, cloud.account.steps, store.catalogs())


def names(stack: str) -> DatabricksNames:
    return DatabricksNames(parse_deployment(stack))


def operator(cloud: DatabricksCloud, stack: str) -> Operator:
    """Whom the stack is applied by: the principal of `infra/README.md`, step 3, or dev's for pull requests."""
    if stack in STANDING:
        return Operator(f"deploy-{stack}", frozenset(Administrator(one.role.value) for one in DEPLOY_ROLES))
    (ci,) = [one for one in cloud.inventory.of(SERVICE_PRINCIPAL) if one.attributes["displayName"] == "platform_ci_dev"]
    return Operator(ci.attributes["applicationId"], frozenset())


def take_first_steps(traveller: Traveller, cloud: DatabricksCloud, own: DatabricksNames) -> FirstSteps:
    """Bring a stack up before the trust is there, in an account that throttles, and leave it ready to go on."""
    cloud.account.throttled, cloud.account.warehouse_start = THROTTLED, SLOW_START
    pending = traveller.stack.up()
    outputs = traveller.stack.outputs()
    held = contents(cloud)
    traveller.stack.configure(TRUST, "established")
    too_early = traveller.inline.up(None, refresh=False)
    cloud.account.trust(own.storage_credential)
    return FirstSteps(pending, outputs, held, too_early)


def damage(cloud: DatabricksCloud, stack: str) -> Callable[[], None]:
    """A comment edited, a privilege added, a volume dropped by hand; and what only a replacement can put right."""
    own = names(stack)

    def by_hand() -> None:
        cloud.tamper(CATALOG, own.catalog, {"comment": "changed by hand"})
        held = cloud.account.privileges["schema", f"{own.catalog}.{Layer.GOLD}"]
        held["intruder@example.com"] = ["SELECT"]
        cloud.account.store.drop_volume(own.catalog, OPERATIONS_SCHEMA, Volume.LANDING)
        token, object_id, changes = irreparable(own)
        cloud.tamper(token, object_id, changes)

    return by_hand


def irreparable(own: DatabricksNames) -> tuple[str, str, dict[str, str]]:
    """Something that cannot be changed back in its place; in production it is none of what is protected."""
    if own.deployment.name == "prod":
        dev_workspace = f"{WORKSPACES['example-dev.cloud.databricks.com']}|catalog|{own.catalog}"
        return WORKSPACE_BINDING, dev_workspace, {"bindingType": "BINDING_TYPE_READ_WRITE"}
    return VOLUME, f"{own.catalog}.{OPERATIONS_SCHEMA}.{Volume.CODE}", {"volumeType": "EXTERNAL"}


@pytest.mark.parametrize("stack", STANDING)
def test_before_the_cloud_trusts_the_storage_there_is_a_credential_and_no_catalog(
    journeys: Journeys, stack: str
) -> None:
    steps = journeys.first_steps[stack]

    steps.pending.succeeded()
    assert (STORAGE_CREDENTIAL, names(stack).storage_credential) in steps.held
    assert (EXTERNAL_LOCATION, names(stack).external_location) not in steps.held
    assert (CATALOG, names(stack).catalog) not in steps.held
    # What the operator has to put into the trust policy.
    assert f"external-id-of-{names(stack).storage_credential}" in steps.outputs


@pytest.mark.parametrize("stack", STANDING)
def test_going_on_before_the_trust_is_there_fails_its_validation(journeys: Journeys, stack: str) -> None:
    journeys.first_steps[stack].too_early.refused("the cloud does not trust it yet")


@pytest.mark.parametrize("stack", STACKS)
def test_a_preview_plans_no_change_but_to_make_and_to_validate(journeys: Journeys, stack: str) -> None:
    changed = journeys.arrivals[stack].preview.succeeded().changed

    assert set(changed) == ({"create", "update"} if stack in STANDING else {"create"})


@pytest.mark.parametrize("stack", STACKS)
def test_an_account_that_fails_half_way_is_finished_by_the_next_up(journeys: Journeys, stack: str) -> None:
    arrival = journeys.arrivals[stack]

    for run in arrival.interrupted:
        run.refused_by_fault()
    arrival.recovered.succeeded()


@pytest.mark.parametrize("stack", STACKS)
def test_up_again_changes_nothing(journeys: Journeys, stack: str) -> None:
    assert journeys.arrivals[stack].again.succeeded().changed == {}


@pytest.mark.parametrize("stack", STACKS)
def test_nothing_has_drifted_when_nobody_touched_it(journeys: Journeys, stack: str) -> None:
    journeys.arrivals[stack].settled.succeeded()


@pytest.mark.parametrize("stack", STACKS)
def test_drift_is_seen_and_mended_in_order(journeys: Journeys, stack: str) -> None:
    arrival = journeys.arrivals[stack]
    assert {step.token for step in arrival.seen.succeeded().events.steps if step.operation == "update"} == {
        CATALOG,
        GRANTS,
    }
    arrival.repaired.succeeded()
    made, gone = (
        {(call.token, call.name) for call in arrival.mending if call.operation is operation}
        for operation in (Operation.CREATE, Operation.DELETE)
    )
    # The volume that was dropped by hand, with what was granted on it; and what was replaced.
    assert {name for token, name in made - gone} == {"ops.landing"}
    assert gone < made
    assert arrival.resettled.succeeded().changed == {}


@pytest.mark.parametrize("stack", STACKS)
def test_what_is_replaced_goes_before_its_like_is_made(journeys: Journeys, stack: str) -> None:
    replaced, _, _ = irreparable(names(stack))
    mending = journeys.arrivals[stack].mending
    (twice,) = {call.name for call in mending if call.token == replaced and call.operation is Operation.DELETE}

    order = [(call.operation, call.token) for call in mending if call.name == twice]
    made_anew = [(Operation.DELETE, replaced), (Operation.CREATE, replaced)]
    on_it = [(Operation.DELETE, GRANTS), *made_anew, (Operation.CREATE, GRANTS)]
    # In dev something is granted on the volume, which goes with it and is granted on the new one.
    assert order == (on_it if stack == "dev" else made_anew)


def test_databricks_keeps_the_tables_of_what_stands_and_no_pull_request_s(journeys: Journeys) -> None:
    assert journeys.optimized == [names(stack).catalog for stack in STANDING]


def test_a_destroyed_stack_s_principals_are_gone_and_not_deactivated(journeys: Journeys) -> None:
    def principals(contents: Contents) -> set[str]:
        return {object_id for token, object_id in contents if token == SERVICE_PRINCIPAL}

    departure = journeys.departures["dev"]
    # Dev's pipeline and CI go; production's pipeline stays.
    assert (len(principals(departure.before)), len(principals(departure.after))) == (3, 1)


@pytest.mark.parametrize("stack", STACKS)
def test_what_is_isolated_is_made_then_isolated_then_bound_to_its_own_workspace(journeys: Journeys, stack: str) -> None:
    own = names(stack)
    workspace = WORKSPACES[f"example-{'prod' if stack == 'prod' else 'dev'}.cloud.databricks.com"]
    made = [("catalog", own.catalog)]
    if stack in STANDING:
        made = [("storage_credential", own.storage_credential), ("external_location", own.external_location), *made]
    wanted = [f"bind {kind} {name} to {workspace}" for kind, name in made]
    assert [step for step in journeys.steps if step in wanted][: len(wanted)] == wanted
    for kind, name in made:
        first, isolated = (journeys.steps.index(f"{verb} {kind} {name}") for verb in ("make", "isolate"))
        assert first < isolated < journeys.steps.index(f"bind {kind} {name} to {workspace}")


@pytest.mark.parametrize("stack", STANDING)
def test_the_policy_of_serverless_jobs_is_in_the_outputs(journeys: Journeys, stack: str) -> None:
    (policy,) = {object_id for token, object_id in journeys.departures[stack].before if token == BUDGET_POLICY} & set(
        re.findall(r"budget-policy-[0-9]+", journeys.arrivals[stack].outputs)
    )
    assert policy


@pytest.mark.parametrize("stack", STACKS)
def test_no_credential_is_in_the_state_or_the_outputs(journeys: Journeys, stack: str) -> None:
    arrival = journeys.arrivals[stack]

    assert "platform:databricks:Platform" in arrival.stored
    assert MARK not in arrival.stored
    assert MARK not in arrival.outputs
    assert MARK not in arrival.preview.output + arrival.again.output + arrival.settled.output


@pytest.mark.parametrize("stack", ["dev", "pr-7"])
def test_destroy_leaves_nothing_of_the_stack(journeys: Journeys, stack: str) -> None:
    departure = journeys.departures[stack]
    catalog = names(stack).catalog

    departure.run.succeeded()
    assert (CATALOG, catalog) in departure.before
    assert not any(catalog in object_id for _, object_id in departure.after)


def test_destroying_production_deletes_nothing(journeys: Journeys) -> None:
    departure = journeys.departures["prod"]

    departure.run.refused("cannot be deleted")
    assert departure.after == departure.before


def test_only_production_is_left_when_all_stacks_are_destroyed(journeys: Journeys) -> None:
    assert journeys.left == [names("prod").catalog]
