"""Who may do what where: personas and the service users that hold them, one row each."""

from dataclasses import dataclass

from platform_contract.deployment import Deployment, Trait
from platform_contract.layer import Layer
from platform_contract.snowflake_names import Access, Persona, ServiceUser, Warehouse

from platform_infra.snowflake.privilege import Privilege

_READ_EVERYTHING = tuple((layer, Access.READ) for layer in Layer)
_WRITE_ANALYTICS = tuple((layer, Access.WRITE) for layer in (Layer.BRONZE, Layer.SILVER, Layer.GOLD))


@dataclass(frozen=True, slots=True)
class PersonaRow:
    """What a persona may do in deployments that have one of `traits`.

    `data` is held through database roles, `holds` are other personas' roles, `passes_on` are warehouses whose use the
    persona may grant further, `account` are privileges on the account. `held_by` are personas of the host that
    stand over all pull requests and hold this one of each. Who `watches` sees what the stack's objects are, and nothing
    in them.
    """

    persona: Persona
    traits: frozenset[Trait]
    purpose: str
    data: tuple[tuple[Layer, Access], ...] = ()
    warehouses: tuple[Warehouse, ...] = ()
    passes_on: tuple[Warehouse, ...] = ()
    holds: tuple[Persona, ...] = ()
    account: tuple[Privilege, ...] = ()
    held_by: tuple[Persona, ...] = ()
    watches: bool = False


PERSONAS = (
    PersonaRow(
        Persona.LOADER,
        frozenset({Trait.STANDING}),
        "Loads files into RAW",
        data=((Layer.RAW, Access.WRITE),),
        warehouses=(Warehouse.LOADING,),
    ),
    PersonaRow(
        Persona.TRANSFORMER,
        frozenset({Trait.STANDING}),
        "Runs dbt: reads RAW, writes ANALYTICS",
        data=((Layer.RAW, Access.READ), *_WRITE_ANALYTICS),
        warehouses=(Warehouse.TRANSFORMING,),
    ),
    PersonaRow(
        Persona.TRANSFORMER,
        frozenset({Trait.PULL_REQUEST}),
        "Clones production's tables, loads files into them and runs dbt on the copies: one role owns all",
        data=((Layer.RAW, Access.WRITE), *_WRITE_ANALYTICS),
        warehouses=(Warehouse.CI,),
        holds=(Persona.CLONE_READER,),
        held_by=(Persona.PR_PIPELINES,),
    ),
    PersonaRow(
        Persona.REPORTER,
        frozenset({Trait.STANDING}),
        "Reads what is meant for people: GOLD",
        data=((Layer.GOLD, Access.READ),),
        warehouses=(Warehouse.REPORTING,),
    ),
    PersonaRow(
        Persona.CI_READER,
        frozenset({Trait.HOSTS_PULL_REQUESTS, Trait.PULL_REQUEST}),
        "Compares and checks data in continuous integration",
        data=_READ_EVERYTHING,
        warehouses=(Warehouse.CI,),
    ),
    PersonaRow(
        Persona.CLONE_READER,
        frozenset({Trait.CLONED}),
        "Reads production's tables so that pull requests can clone them",
        data=_READ_EVERYTHING,
    ),
    PersonaRow(
        Persona.PR_ADMIN,
        frozenset({Trait.HOSTS_PULL_REQUESTS}),
        "Makes and drops what pull requests own, and nothing else: no MANAGE GRANTS",
        passes_on=(Warehouse.CI,),
        account=(Privilege.CREATE_DATABASE, Privilege.CREATE_ROLE),
    ),
    PersonaRow(
        Persona.PR_PIPELINES,
        frozenset({Trait.HOSTS_PULL_REQUESTS}),
        "Holds the roles that pipelines of pull requests work as, each given by the pull request's own stack",
    ),
    PersonaRow(
        Persona.WATCHER,
        frozenset({Trait.APPROVAL}),
        "Looks whether production is as declared: sees objects, roles and users, no data, and changes nothing",
        account=(Privilege.MONITOR_ROLE, Privilege.MONITOR_USER, Privilege.RESOLVE_ALL),
        watches=True,
    ),
)


@dataclass(frozen=True, slots=True)
class UserRow:
    """A service user of deployments that have one of `traits`: the personas it holds, and where it starts.

    Some need no warehouse.
    """

    user: ServiceUser
    traits: frozenset[Trait]
    purpose: str
    personas: tuple[Persona, ...]
    default_persona: Persona
    default_warehouse: Warehouse | None


USERS = (
    UserRow(
        ServiceUser.DAGSTER,
        frozenset({Trait.STANDING}),
        "Dagster: loads and dbt",
        (Persona.LOADER, Persona.TRANSFORMER),
        Persona.TRANSFORMER,
        Warehouse.TRANSFORMING,
    ),
    UserRow(
        ServiceUser.REPORTING,
        frozenset({Trait.STANDING}),
        "The reporting tool",
        (Persona.REPORTER,),
        Persona.REPORTER,
        Warehouse.REPORTING,
    ),
    UserRow(
        ServiceUser.CI,
        frozenset({Trait.HOSTS_PULL_REQUESTS}),
        "Continuous integration: the jobs of pull requests",
        (Persona.CI_READER, Persona.PR_ADMIN),
        Persona.CI_READER,
        Warehouse.CI,
    ),
    UserRow(
        ServiceUser.BRANCHES,
        frozenset({Trait.HOSTS_PULL_REQUESTS}),
        "Dagster in the branch deployments of pull requests",
        (Persona.PR_PIPELINES,),
        Persona.PR_PIPELINES,
        Warehouse.CI,
    ),
    UserRow(
        ServiceUser.WATCH,
        frozenset({Trait.APPROVAL}),
        "The nightly look at what differs from what is declared",
        (Persona.WATCHER,),
        Persona.WATCHER,
        None,
    ),
)


def personas_of(deployment: Deployment) -> tuple[PersonaRow, ...]:
    """The rows that hold in a deployment, one for each persona it has."""
    return tuple(row for row in PERSONAS if deployment.has(*row.traits))


def users_of(deployment: Deployment) -> tuple[UserRow, ...]:
    """The service users that a deployment makes; a pull request makes none."""
    return tuple(row for row in USERS if deployment.has(*row.traits))
