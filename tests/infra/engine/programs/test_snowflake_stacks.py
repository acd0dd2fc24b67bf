"""The Snowflake program under the real engine, in one account: dev, then production, then a pull request's stack."""

import base64
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from platform_contract.deployment import parse_deployment
from platform_contract.domains import domain_named
from platform_contract.layer import Layer
from platform_contract.snowflake_names import LANDING_STAGE, ServiceUser, SnowflakeNames

from tests.deployments import DEV
from tests.fakes.pulumi_provider.call_log import Operation
from tests.fakes.pulumi_provider.server import serve
from tests.fakes.pulumi_provider.snowflake.account import Edition
from tests.fakes.pulumi_provider.snowflake.identifiers import quoted
from tests.fakes.pulumi_provider.snowflake.snowflake_cloud import SnowflakeCloud
from tests.fakes.pulumi_provider.snowflake.store import MemorySnowflakeStore
from tests.fakes.pulumi_provider.snowflake.tokens import (
    DATABASE,
    GRANT_TO_DATABASE_ROLE,
    SCHEMA,
    SERVICE_USER,
    STAGE_INTERNAL,
)
from tests.infra.engine.harness.credentials import CREDENTIALS, MARK
from tests.infra.engine.harness.engine_run import EngineRun
from tests.infra.engine.harness.inline_stack import InlineStack
from tests.infra.engine.harness.journey import Arrival, Departure, Traveller
from tests.infra.engine.harness.program_folder import copy_program
from tests.infra.engine.harness.pulumi_cli import PulumiCli, Stack

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(600)]

# In the order in which they come up: production's stack hands its reader to dev's admin of pull requests.
STACKS = ("dev", "prod", "pr-7")
# The changes, counted anew in each run, at which the account fails on the way.
FAULTS = {"dev": (1, 20, 40), "prod": (10,), "pr-7": (3, 30)}
DAGSTER = "platform-snowflake:users.dagster"


@dataclass(frozen=True)
class Rotation:
    """One step of a key rotation: the run that made it, and the two slots of the user after it."""

    run: EngineRun
    slots: tuple[str, str]


@dataclass(frozen=True)
class Journeys:
    """What all stacks went through; `keys` are Dagster's two, `left` the databases after the last departure."""

    arrivals: dict[str, Arrival]
    departures: dict[str, Departure]
    keys: tuple[str, str]
    rotations: list[Rotation]
    left: list[str]


@pytest.fixture(scope="module")
def journeys(engine: Path, environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Journeys:
    workplace = tmp_path_factory.mktemp("snowflake")
    store = MemorySnowflakeStore()
    cloud = SnowflakeCloud(Edition.ENTERPRISE, store)
    with serve(cloud) as provider:
        cli = PulumiCli(engine, environment, workplace / "engine", [provider.attachment], CREDENTIALS)
        folder = copy_program("snowflake", workplace / "checkout")
        arrivals = {name: arrive(cli, folder, cloud, name) for name in STACKS}
        keys = (public_key(), public_key())
        rotations = rotate(traveller(cli, folder, cloud, "dev"), cloud, keys)
        departures = {name: traveller(cli, folder, cloud, name).leave() for name in reversed(STACKS)}
    return Journeys(arrivals, departures, keys, rotations, store.databases())


def arrive(cli: PulumiCli, folder: Path, cloud: SnowflakeCloud, name: str) -> Arrival:
    Stack(cli, folder, name).init()
    return traveller(cli, folder, cloud, name).arrive(FAULTS[name], lambda: damage(cloud, name))


def traveller(cli: PulumiCli, folder: Path, cloud: SnowflakeCloud, name: str) -> Traveller:
    return Traveller(Stack(cli, folder, name), InlineStack(cli, folder, name), cloud)


def damage(cloud: SnowflakeCloud, name: str) -> None:
    """A comment edited and a stage dropped by hand; and what only a replacement can put right.

    That is a schema made anew as a permanent one, or, in production, where schemas are protected, a grant given anew
    with grant option.
    """
    names = SnowflakeNames(parse_deployment(name))
    raw = names.raw_database
    cloud.tamper(DATABASE, quoted(names.analytics_database), {"comment": "changed by hand"})
    cloud.account.store.drop_stage(raw, names.schema(domain_named("shop"), Layer.RAW), LANDING_STAGE)
    if name == "prod":
        grants = (grant.id for grant in cloud.inventory.of(GRANT_TO_DATABASE_ROLE) if grant.id.startswith(quoted(raw)))
        cloud.tamper(GRANT_TO_DATABASE_ROLE, next(grants), {"withGrantOption": True})
    else:
        cloud.tamper(SCHEMA, silver(names), {"isTransient": "false"})


def silver(names: SnowflakeNames) -> str:
    return quoted(names.database(Layer.SILVER), names.schema(domain_named("shop"), Layer.SILVER))


def public_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    return base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def rotate(dev: Traveller, cloud: SnowflakeCloud, keys: tuple[str, str]) -> list[Rotation]:
    """Dagster's key, then the next one beside it, then the next one alone."""
    first, second = keys
    dev.stack.configure(f"{DAGSTER}.kind", "key_pair")
    dev.stack.configure(f"{DAGSTER}.public_key", first)
    rotations = [rotation(dev, cloud)]
    dev.stack.configure(f"{DAGSTER}.public_key_2", second)
    rotations.append(rotation(dev, cloud))
    dev.stack.configure(f"{DAGSTER}.public_key", second)
    dev.stack.unset(f"{DAGSTER}.public_key_2")
    return [*rotations, rotation(dev, cloud)]


def rotation(dev: Traveller, cloud: SnowflakeCloud) -> Rotation:
    run = dev.inline.up(None, refresh=False)
    user = cloud.account.require(SERVICE_USER, SnowflakeNames(DEV).user(ServiceUser.DAGSTER)).attributes
    return Rotation(run, (user["rsaPublicKey"], user["rsaPublicKey2"]))


@pytest.mark.parametrize("stack", STACKS)
def test_a_preview_plans_to_make_everything(journeys: Journeys, stack: str) -> None:
    arrival = journeys.arrivals[stack]

    arrival.preview.succeeded()
    assert set(arrival.preview.changed) == {"create"}
    assert arrival.preview.changed["create"] == arrival.again.succeeded().events.summary["same"]


@pytest.mark.parametrize("stack", STACKS)
def test_an_account_that_fails_half_way_is_finished_by_the_next_up(journeys: Journeys, stack: str) -> None:
    arrival = journeys.arrivals[stack]

    for run in arrival.interrupted:
        run.refused_by_fault()
    arrival.recovered.succeeded()
    assert set(arrival.recovered.changed) == {"create"}


@pytest.mark.parametrize("stack", STACKS)
def test_up_again_changes_nothing(journeys: Journeys, stack: str) -> None:
    assert journeys.arrivals[stack].again.succeeded().changed == {}


@pytest.mark.parametrize("stack", STACKS)
def test_nothing_has_drifted_when_nobody_touched_it(journeys: Journeys, stack: str) -> None:
    journeys.arrivals[stack].settled.succeeded()


@pytest.mark.parametrize("stack", STACKS)
def test_drift_is_seen_and_mended_in_order(journeys: Journeys, stack: str) -> None:
    arrival = journeys.arrivals[stack]

    assert arrival.seen.succeeded().did("update") == ["analytics"]
    assert arrival.seen.did("create") == ["raw.shop.landing"]
    arrival.repaired.succeeded()
    made, gone = (
        [call.name for call in arrival.mending if call.operation is operation]
        for operation in (Operation.CREATE, Operation.DELETE)
    )
    assert set(made) == {"raw.shop.landing", *gone}
    assert len(gone) == len(set(gone)) == arrival.seen.changed["replace"]
    assert arrival.resettled.succeeded().changed == {}


@pytest.mark.parametrize("stack", ["dev", "pr-7"])
def test_a_replaced_schema_goes_after_its_grants_and_is_back_before_them(journeys: Journeys, stack: str) -> None:
    mending = [(call.operation, call.token) for call in journeys.arrivals[stack].mending]
    deleted = [token for operation, token in mending if operation is Operation.DELETE]
    created = [token for operation, token in mending if operation is Operation.CREATE]

    # Two grants on the schema and two on its future objects, for readers and for writers, at the least.
    assert deleted.count(GRANT_TO_DATABASE_ROLE) >= 4
    assert deleted[-1] == SCHEMA
    assert next(token for token in created if token != STAGE_INTERNAL) == SCHEMA
    assert mending.index((Operation.DELETE, SCHEMA)) < mending.index((Operation.CREATE, SCHEMA))


def test_a_replaced_grant_is_revoked_before_it_is_granted_again(journeys: Journeys) -> None:
    mending = journeys.arrivals["prod"].mending

    # Two grants of the same privileges are one to Snowflake: revoking the old one last would take the new one along.
    operations = [call.operation for call in mending if call.token == GRANT_TO_DATABASE_ROLE]
    assert operations == [Operation.DELETE, Operation.CREATE]


@pytest.mark.parametrize("stack", STACKS)
def test_no_credential_is_in_the_state_or_the_outputs(journeys: Journeys, stack: str) -> None:
    arrival = journeys.arrivals[stack]

    assert "platform:snowflake:Platform" in arrival.stored
    assert MARK not in arrival.stored
    assert MARK not in arrival.outputs
    assert MARK not in arrival.preview.output + arrival.again.output + arrival.settled.output


def test_a_key_is_rotated_through_the_second_slot(journeys: Journeys) -> None:
    first, second = journeys.keys

    for step in journeys.rotations:
        step.run.succeeded()
        assert step.run.changed == {"update": 1}
    assert [step.slots for step in journeys.rotations] == [(first, ""), (first, second), (second, "")]


@pytest.mark.parametrize("stack", ["dev", "pr-7"])
def test_destroy_leaves_nothing_of_the_stack(journeys: Journeys, stack: str) -> None:
    departure = journeys.departures[stack]

    departure.run.succeeded()
    suffix = parse_deployment(stack).suffix.upper()
    assert any(suffix in object_id for _, object_id in departure.before)
    assert not any(suffix in object_id for _, object_id in departure.after)


def test_destroying_production_deletes_nothing(journeys: Journeys) -> None:
    departure = journeys.departures["prod"]

    departure.run.refused("cannot be deleted")
    assert departure.after == departure.before


def test_only_production_is_left_when_all_stacks_are_destroyed(journeys: Journeys) -> None:
    prod = SnowflakeNames(parse_deployment("prod"))

    assert journeys.left == sorted([prod.analytics_database, prod.raw_database])
