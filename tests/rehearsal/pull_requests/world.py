"""Everything that pull requests meet: GitHub, both clouds, Dagster+, the state, and a production with data."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from platform_cli.stacks.expiry import EXPIRY_TAG
from platform_contract.databricks_names import DatabricksNames
from platform_contract.deployment import pull_request
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.github_names import MANIFEST_ARTIFACT, Workflow
from platform_contract.local_paths import checkout
from platform_contract.snowflake_names import ServiceUser, SnowflakeNames

from tests.deployments import DEV, PROD
from tests.fakes.container_registry import Image
from tests.fakes.dagster_plus.answers import location_answer
from tests.fakes.dagster_plus.closures import Closure
from tests.fakes.dagster_plus.deployment import HostedDeployment
from tests.fakes.dagster_plus.organisation import PULL_REQUESTER, Organisation, make_repositories
from tests.fakes.dagster_plus.server import ORGANISATION, DagsterPlus, dagster_plus
from tests.fakes.docker import Docker, docker_on_path
from tests.fakes.github.events import Event, is_triggered
from tests.fakes.github.identities import job_identities
from tests.fakes.github.repository import OWNER, FakeRepository
from tests.fakes.github.runner import JobEnvironment, Runner
from tests.fakes.github.server import serve_github
from tests.fakes.github.workflow_run import WorkflowRun, run_workflow
from tests.fakes.key_management import SECRET_ACCESS_KEY, key_management
from tests.fakes.pulumi_provider.server import serve
from tests.github.workflow_files import workflow
from tests.infra.engine.harness.credentials import CREDENTIALS
from tests.infra.engine.harness.pulumi_cli import PulumiCli
from tests.rehearsal.declared_account import DeclaredAccount
from tests.rehearsal.hosts import DATABRICKS_HOST, SNOWFLAKE_ACCOUNT
from tests.rehearsal.production.dev_stack import StandIns
from tests.rehearsal.pull_requests import production_data
from tests.rehearsal.pull_requests.branch_image import build_with_project_of, kept_as_built
from tests.rehearsal.pull_requests.job_actions import SKIPPED, actions
from tests.rehearsal.pull_requests.origin import Origin, make_origin
from tests.rehearsal.pull_requests.standing_clouds import CI_USER, PODS_USER, StandingClouds, bring_up, make_clouds

NUMBER = 7
PULL_REQUEST = pull_request(NUMBER)
_BRANCH = "a-change"
_DATABRICKS_ACCOUNT = "00000000-0000-4000-8000-00000000000b"
_PROGRAMS = ("snowflake", "databricks")
_COMMAND_SECONDS = 600
# The alias that infra/state.yaml names for pull requests.
_STATE_KEY = "alias/example-platform-state-pull-requests"


@dataclass(slots=True)
class World:
    """What there is, and what happens in it; pull request 7 is of a branch of the repository itself."""

    origin: Origin
    github: FakeRepository
    api: str
    plus: DagsterPlus
    clouds: StandingClouds
    cli: PulumiCli
    state: Path
    standing: Path
    docker: Docker
    runner: Runner
    shop_image: Closure
    pull: dict[str, Any] = field(default_factory=dict)
    merged: str = ""

    def push(self, message: str) -> None:
        """What the branch's folder holds is pushed, and GitHub merges it into main tentatively."""
        self.origin.commit(message)
        build_with_project_of(self.shop_image, PULL_REQUEST, self.origin.folder)
        self.merged = self.origin.merge(NUMBER, _BRANCH)

    def happens(self, action: str, lost_after: str | None) -> dict[str, WorkflowRun]:
        """Something happens to the pull request: what each workflow makes of it that it starts."""
        payload = {
            "action": action,
            "pull_request": {"number": NUMBER, "head": {"repo": {"full_name": OWNER}}, "user": {"login": "ada"}},
            "repository": {"default_branch": "main"},
        }
        event = Event("pull_request", payload, sha=self.merged)
        return {name.value: self._run(name, event, lost_after) for name in Workflow if self._starts(name, event)}

    def night(self) -> WorkflowRun:
        """The nightly workflow's turn comes."""
        return self._run(Workflow.NIGHTLY, Event("schedule", {}, sha="main"), None)

    def dispatched(self) -> WorkflowRun:
        """The close workflow runs as somebody has dispatched it last."""
        dispatch = self.github.dispatches[-1]
        assert dispatch["workflow"] == Workflow.CLOSE
        payload = {"repository": {"default_branch": "main"}}
        return self._run(
            Workflow.CLOSE, Event("workflow_dispatch", payload, dispatch["inputs"], sha=dispatch["ref"]), None
        )

    def close(self, at: datetime) -> None:
        """Somebody closes the pull request."""
        closed = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        self.pull |= {"state": "closed", "closed_at": closed, "updated_at": closed}

    def reopen(self) -> None:
        """Somebody opens it, again or for the first time."""
        if not self.pull:
            self.pull = self.github.pull(NUMBER, None, OWNER)
        self.pull |= {"state": "open", "closed_at": None}

    def outlive(self, day: date) -> None:
        """Time goes by until an environment's last day is that one."""
        for program in _PROGRAMS:
            folder = self.standing / "infra" / program
            self._state_cli.run(
                folder, "stack", "tag", "set", EXPIRY_TAG, day.isoformat(), "--stack", PULL_REQUEST.name
            ).succeeded()

    def runs(self) -> dict[str, set[str]]:
        """How the runs in the branch deployment ended, by their jobs."""
        ended: dict[str, set[str]] = {}
        for run in self._branch_deployment.runs.values():
            ended.setdefault(run.job, set()).add(run.status)
        return ended

    def materialised(self, job: str) -> tuple[set[str], set[str]]:
        """What runs of a job in the branch deployment have built, and which checks they have evaluated."""
        deployment = self._branch_deployment
        built: set[str] = set()
        checks: set[str] = set()
        with dg.DagsterInstance.from_config(str(deployment.home)) as instance:
            for run in instance.get_runs(dg.RunsFilter(job_name=job)):
                for event in (record.dagster_event for record in instance.all_logs(run.run_id)):
                    if event is not None and event.is_step_materialization and event.asset_key:
                        built.add(event.asset_key.to_user_string())
                    if event is not None and event.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION:
                        checks.add(event.asset_check_evaluation_data.check_name)
        return built, checks

    def writers(self) -> set[str]:
        """Who has changed a row or a table in Snowflake's databases of the pull request."""
        changing = (
            r"^(?=.*_pr_7\b)\W*(/\*.*?\*/)?\s*(create|insert|merge|delete|update|truncate|copy|alter table|drop)\b"
        )
        return {query.user for query in self.clouds.stand_ins.snowflake.queries.matching(f"(?s){changing}")}

    def automation(self) -> set[tuple[str, bool]]:
        """Each sensor and schedule of the branch deployment, and whether it would run."""
        entries = self._branch_deployment.locations.items()
        answers = [location_answer(name, entry, {}) for name, entry in entries]
        found = [one["locationOrLoadError"]["repositories"](None) for one in answers]
        repositories = [repository for location in found for repository in location]
        return {
            (one["name"], one["defaultStatus"] == "RUNNING")
            for repository in repositories
            for one in (*repository["sensors"], *repository["schedules"])
        }

    @property
    def _branch_deployment(self) -> HostedDeployment:
        (deployment,) = [one for one in self.organisation.deployments.values() if one.branch is not None]
        return deployment

    def remains(self) -> list[str]:
        """What there is of the pull request anywhere, but for the comment on it."""
        suffix = PULL_REQUEST.suffix
        names = SnowflakeNames(PULL_REQUEST)
        account = DeclaredAccount(self.clouds.stand_ins.snowflake.engine)
        workspace, catalog = self.clouds.stand_ins.databricks, DatabricksNames(PULL_REQUEST).catalog
        folders = (workspace.unity.schema_folder(catalog, "any").parent, workspace.unity.volumes_root / catalog)
        return [
            *(
                f"{kind} {name}"
                for kind, name in sorted(self.clouds.held())
                if suffix in name.lower().replace("-", "_")
            ),
            *(f"database {one}" for one in (names.raw_database, names.analytics_database) if account.has_database(one)),
            *([f"catalog {catalog}"] if workspace.lakehouse.has_catalog(catalog) else []),
            *(str(file) for folder in folders for file in folder.rglob("*") if file.is_file()),
            # A bucket, for which the folder stands, has no empty folders.
            *(file for file in production_data.digests(self.state) if PULL_REQUEST.name in file),
            *(f"branch deployment {one.branch}" for one in self.organisation.deployments.values() if one.branch),
        ]

    def production(self) -> dict[str, Any]:
        """Everything of production, to be compared: rows and files of its tables, objects, state, deployments."""
        stand_ins = self.clouds.stand_ins
        suffix = PULL_REQUEST.suffix
        return {
            "warehouse": production_data.warehouse_rows(stand_ins.snowflake, SnowflakeNames(PROD)),
            "weather": production_data.weather_files(stand_ins.databricks),
            "clouds": {one for one in self.clouds.held() if suffix not in one[1].lower().replace("-", "_")},
            "state": production_data.digests(self.cli.backend),
            "deployments": sorted(name for name, one in self.organisation.deployments.items() if one.branch is None),
        }

    @property
    def organisation(self) -> Organisation:
        return self.plus.organisation

    def secrets(self) -> list[str]:
        """What no log may show."""
        of_jobs = [value for one in self.runner.environments.values() for value in one.secrets.values()]
        return [*of_jobs, *self.github.tokens, SECRET_ACCESS_KEY]

    @property
    def _state_cli(self) -> PulumiCli:
        """Pulumi's own command, on the state of pull requests."""
        variables = {"PULUMI_BACKEND_URL": self.state.as_uri()}
        return PulumiCli(self.cli.engine, self.cli.environment, self.cli.scratch, self.cli.providers, variables)

    def _starts(self, name: Workflow, event: Event) -> bool:
        return is_triggered(workflow(name), event)

    def _run(self, name: Workflow, event: Event, lost_after: str | None) -> WorkflowRun:
        return run_workflow(workflow(name), event, self.runner, lost_after)


@contextmanager
def make_world(
    engine: Path, stand_ins: StandIns, network: Mapping[str, str], closures: Mapping[str, Closure], folder: Path
) -> Iterator[World]:
    """The world before pull request 7 is opened.

    Args:
        engine: the folder of the Pulumi CLI.
        stand_ins: the clouds' engines.
        network: how clouds are found.
        closures: what the images hold.
        folder: an empty one.
    """
    repository = checkout(Path(__file__))
    environment = repository / ".venv"
    (folder / "origin").mkdir()
    (folder / "standing").mkdir()
    origin = make_origin(repository, folder / "origin")
    origin.check_out("main", 1, folder / "standing")
    (folder / "standing" / ".venv").symlink_to(environment)
    github = FakeRepository({})
    with ExitStack() as open_until_the_end:
        enter = open_until_the_end.enter_context
        enter(kept_as_built(closures["snowflake_medallion"], folder / "image_of_the_shop"))
        identities, api = enter(job_identities()), enter(serve_github(github))
        plus = enter(dagster_plus(folder / "dagster_plus"))
        cluster = plus.organisation.agents["branch"].cluster
        clouds = make_clouds(stand_ins, [identities.issuer, cluster.issuer])
        providers = [enter(serve(one)).attachment for one in (clouds.snowflake, clouds.databricks)]
        cli = PulumiCli(engine, environment, folder / "engine", providers, CREDENTIALS)
        bring_up(cli, folder / "standing")
        open_until_the_end.callback(_forget, clouds)
        clouds.let_in()
        _fill_production(clouds.stand_ins, network, folder, github)
        make_repositories(plus.organisation, "data-platform")
        images = plus.organisation.images
        docker = enter(docker_on_path(folder / "docker", images, lambda given: _image(closures, given)))
        state = folder / "state-of-pull-requests"
        state.mkdir()
        _give_to_agent(plus.organisation, clouds, network)
        runner = Runner(
            folder=folder / "jobs",
            repository=github,
            identities=identities,
            environments=_environments(plus, clouds, state),
            variables=_variables(cli, docker, api, network, folder),
            actions=actions(origin, environment, enter(key_management(_STATE_KEY))),
            skipped=SKIPPED,
            after_line=clouds.let_in,
        )
        origin.branch(_BRANCH)
        yield World(
            origin,
            github,
            api,
            plus,
            clouds,
            cli,
            state,
            folder / "standing",
            docker,
            runner,
            closures["snowflake_medallion"],
        )


def _image(closures: Mapping[str, Closure], arguments: Mapping[str, str]) -> Image:
    """What Docker would build: the closure, which is made for the pull request alone."""
    assert arguments["DEPLOYMENTS"] == PULL_REQUEST.name
    return closures[arguments["LOCATION"]].image


def _environments(plus: DagsterPlus, clouds: StandingClouds, state: Path) -> dict[str, JobEnvironment]:
    """The environments of the repository, as infra/README.md has them made."""
    organisation, _, name = SNOWFLAKE_ACCOUNT.partition("-")
    variables = {
        "AWS_REGION": "eu-west-1",
        "AWS_ROLE_ARN": PULL_REQUESTER,
        "DAGSTER_CLOUD_ORGANIZATION": ORGANISATION,
        "DAGSTER_CLOUD_URL": plus.url,
        "DATABRICKS_CLIENT_ID": clouds.application,
        "DATABRICKS_HTTP_PATH": clouds.warehouse_path,
        "DATABRICKS_SERVER_HOSTNAME": DATABRICKS_HOST,
        "DATABRICKS_TOKEN_AUDIENCE": _DATABRICKS_ACCOUNT,
        "PULUMI_BACKEND_URL": state.as_uri(),
        "SNOWFLAKE_ACCOUNT_NAME": name,
        "SNOWFLAKE_ORGANIZATION_NAME": organisation,
        "SNOWFLAKE_USER": CI_USER,
    }
    token = {"DAGSTER_CLOUD_API_TOKEN": plus.organisation.issue_token(may_deploy=True)}
    # Of what stands, only a look at the drift is asked here, and that is not taken.
    watched = {name: JobEnvironment(variables) for name in ("dev", "production-watch")}
    return {"pull-requests": JobEnvironment(variables, token), **watched}


def _variables(cli: PulumiCli, docker: Docker, api: str, network: Mapping[str, str], folder: Path) -> dict[str, str]:
    """What every step finds on a runner, and the network round it."""
    home = folder / "home-of-the-runner"
    home.mkdir()
    return {
        **network,
        "CI": "true",
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "DO_NOT_TRACK": "1",
        "GITHUB_ACTION": "run",
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": api,
        "GITHUB_REPOSITORY": OWNER,
        "GITHUB_RUN_ID": "1",
        "GITHUB_SERVER_URL": "https://github.com",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": f"{docker.programs}:{cli.engine}:/usr/local/bin:/usr/bin:/bin",
        "PULUMI_DEBUG_PROVIDERS": ",".join(cli.providers),
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_HOME": str(home / "pulumi"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


def _give_to_agent(organisation: Organisation, clouds: StandingClouds, network: Mapping[str, str]) -> None:
    """What the namespace of the agent for branch deployments holds, and the network round it."""
    agent = organisation.agents["branch"]
    agent.network = network
    agent.namespace.config_maps["data-platform"] = {
        EnvironmentVariable.DATABRICKS_SERVER_HOSTNAME: DATABRICKS_HOST,
        EnvironmentVariable.DATABRICKS_HTTP_PATH: clouds.warehouse_path,
        EnvironmentVariable.DATABRICKS_CLIENT_ID: clouds.application,
        EnvironmentVariable.DATABRICKS_BUDGET_POLICY_ID: clouds.budget_policy,
        EnvironmentVariable.SNOWFLAKE_ACCOUNT: SNOWFLAKE_ACCOUNT,
        EnvironmentVariable.SNOWFLAKE_USER: PODS_USER,
        EnvironmentVariable.SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER: "OIDC",
    }


def _fill_production(stand_ins: StandIns, network: Mapping[str, str], folder: Path, github: FakeRepository) -> None:
    """Data in production's tables, those of dbt built by dbt itself, and what its release has published."""
    production_data.load_raw(stand_ins.snowflake)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in network.items():
            patch.setenv(name, value)
        production_data.fill_weather(stand_ins.databricks)
    user = SnowflakeNames(PROD).user(ServiceUser.DAGSTER)
    stand_ins.snowflake.users.register(user, stand_ins.key.public)
    environment = {
        **network,
        "DO_NOT_TRACK": "1",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
        EnvironmentVariable.PLATFORM_DEMO_MODE: "false",
        EnvironmentVariable.SNOWFLAKE_ACCOUNT: SNOWFLAKE_ACCOUNT,
        EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY: stand_ins.key.pem,
        EnvironmentVariable.SNOWFLAKE_USER: user,
    }
    standing, published = folder / "standing", folder / "published"
    _platform(standing, environment, "build", "--deployment", PROD.name)
    _platform(standing, environment, "manifest", "--deployment", PROD.name, "--into", str(published))
    stand_ins.snowflake.users.forget(user)
    release = github.run(Workflow.MAIN, "Release", _at(datetime.now(UTC) - timedelta(hours=1)), "success")
    files = {file.name: file.read_text(encoding="utf-8") for file in published.iterdir()}
    github.artifact(release, MANIFEST_ARTIFACT, files, expired=False)


def _platform(folder: Path, environment: Mapping[str, str], *words: str) -> None:
    ended = subprocess.run(
        [str(folder / ".venv" / "bin" / "platform"), *words],
        cwd=folder,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
        timeout=_COMMAND_SECONDS,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def _forget(clouds: StandingClouds) -> None:
    """Leave the stand-ins, which others use as well, as they were."""
    clouds.turn_away()
    account = DeclaredAccount(clouds.stand_ins.snowflake.engine)
    lakehouse = clouds.stand_ins.databricks.lakehouse
    for deployment in (PROD, DEV, PULL_REQUEST):
        names, catalog = SnowflakeNames(deployment), DatabricksNames(deployment).catalog
        for database in (names.raw_database, names.analytics_database):
            account.drop_database(database)
        if lakehouse.has_catalog(catalog):
            lakehouse.drop_catalog(catalog)


def _at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
