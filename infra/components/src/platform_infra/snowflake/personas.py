"""Who may do what where: personas and the service users that hold them, one row each."""

from dataclasses import dataclass

from platform_contract.deployment import Deployment, DeploymentKind
from platform_contract.layer import Layer
from platform_contract.snowflake_names import Access, Persona, ServiceUser, Warehouse

from platform_infra.snowflake.privilege import Privilege

_DEV = DeploymentKind.DEV
_PROD = DeploymentKind.PROD
_PULL_REQUEST = DeploymentKind.PULL_REQUEST

_READ_EVERYTHING = tuple((layer, Access.READ) for layer in Layer)
_WRITE_ANALYTICS = tuple((layer, Access.WRITE) for layer in (Layer.BRONZE, Layer.SILVER, Layer.GOLD))


@dataclass(frozen=True, slots=True)
class PersonaRow:
    """What a persona may do in deployments of some kinds.

    `data` is held through database roles, `holds` are other personas' roles, `passes_on` are warehouses whose use the
    persona may grant further, `account` are privileges on the account. `held_by` are dev's personas that stand over all
    pull requests and hold this one of each. Who `watches` sees what the stack's objects are, and nothing in them.
    """

    persona: Persona
    kinds: frozenset[DeploymentKind]
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
        frozenset({_DEV, _PROD}),
        "Loads files into RAW",
        data=((Layer.RAW, Access.WRITE),),
        warehouses=(Warehouse.LOADING,),
    ),
    PersonaRow(
        Persona.TRANSFORMER,
        frozenset({_DEV, _PROD}),
        "Runs dbt: reads RAW, writes ANALYTICS",
        data=((Layer.RAW, Access.READ), *_WRITE_ANALYTICS),
        warehouses=(Warehouse.TRANSFORMING,),
    ),
    PersonaRow(
        Persona.TRANSFORMER,
        frozenset({_PULL_REQUEST}),
        "Clones production's tables, loads files into them and runs dbt on the copies: one role owns all",
        data=((Layer.RAW, Access.WRITE), *_WRITE_ANALYTICS),
        warehouses=(Warehouse.CI,),
        holds=(Persona.CLONE_READER,),
        held_by=(Persona.PR_PIPELINES,),
    ),
    PersonaRow(
        Persona.REPORTER,
        frozenset({_DEV, _PROD}),
        "Reads what is meant for people: GOLD",
        data=((Layer.GOLD, Access.READ),),
        warehouses=(Warehouse.REPORTING,),
    ),
    PersonaRow(
        Persona.CI_READER,
        frozenset({_DEV, _PULL_REQUEST}),
        "Compares and checks data in continuous integration",
        data=_READ_EVERYTHING,
        warehouses=(Warehouse.CI,),
    ),
    PersonaRow(
        Persona.CLONE_READER,
        frozenset({_PROD}),
        "Reads production's tables so that pull requests can clone them",
        data=_READ_EVERYTHING,
    ),
    PersonaRow(
        Persona.PR_ADMIN,
        frozenset({_DEV}),
        "Makes and drops what pull requests own, and nothing else: no MANAGE GRANTS",
        passes_on=(Warehouse.CI,),
        account=(Privilege.CREATE_DATABASE, Privilege.CREATE_ROLE),
    ),
    PersonaRow(
        Persona.PR_PIPELINES,
        frozenset({_DEV}),
        "Holds the roles that pipelines of pull requests work as, each given by the pull request's own stack",
    ),
    PersonaRow(
        Persona.WATCHER,
        frozenset({_PROD}),
        "Looks whether production is as declared: sees objects, roles and users, no data, and changes nothing",
        account=(Privilege.MONITOR_ROLE, Privilege.MONITOR_USER, Privilege.RESOLVE_ALL),
        watches=True,
    ),
)


@dataclass(frozen=True, slots=True)
class UserRow:
    """A service user: the personas it holds, and where it starts when it signs in; some need no warehouse."""

    user: ServiceUser
    kinds: frozenset[DeploymentKind]
    purpose: str
    personas: tuple[Persona, ...]
    default_persona: Persona
    default_warehouse: Warehouse | None


USERS = (
    UserRow(
        ServiceUser.DAGSTER,
        frozenset({_DEV, _PROD}),
        "Dagster: loads and dbt",
        (Persona.LOADER, Persona.TRANSFORMER),
        Persona.TRANSFORMER,
        Warehouse.TRANSFORMING,
    ),
    UserRow(
        ServiceUser.REPORTING,
        frozenset({_DEV, _PROD}),
        "The reporting tool",
        (Persona.REPORTER,),
        Persona.REPORTER,
        Warehouse.REPORTING,
    ),
    UserRow(
        ServiceUser.CI,
        frozenset({_DEV}),
        "Continuous integration: the jobs of pull requests",
        (Persona.CI_READER, Persona.PR_ADMIN),
        Persona.CI_READER,
        Warehouse.CI,
    ),
    UserRow(
        ServiceUser.BRANCHES,
        frozenset({_DEV}),
        "Dagster in the branch deployments of pull requests",
        (Persona.PR_PIPELINES,),
        Persona.PR_PIPELINES,
        Warehouse.CI,
    ),
    UserRow(
        ServiceUser.WATCH,
        frozenset({_PROD}),
        "The nightly look at what differs from what is declared",
        (Persona.WATCHER,),
        Persona.WATCHER,
        None,
    ),
)


def personas_of(deployment: Deployment) -> tuple[PersonaRow, ...]:
    """The rows that hold in a deployment, one for each persona it has."""
    return tuple(row for row in PERSONAS if deployment.kind in row.kinds)


def users_of(deployment: Deployment) -> tuple[UserRow, ...]:
    """The service users that a deployment makes; a pull request makes none."""
    return tuple(row for row in USERS if deployment.kind in row.kinds)
