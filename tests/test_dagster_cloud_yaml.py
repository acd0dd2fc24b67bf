import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import platform_contract.settings
import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric import rsa
from platform_contract.databricks_names import POD_TOKEN_AUDIENCE
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.local_paths import checkout
from platform_contract.settings import Setting

from tests.fakes.dagster_plus.pod_volumes import Cluster, within_mounts
from tests.fakes.workload_identity import IdentityIssuer, Trust
from tests.rehearsal.requirements import missing_packages, require_tools

ROOT = checkout(Path(__file__))
TEXT = (ROOT / "dagster_cloud.yaml").read_text(encoding="utf-8")
LOCATIONS: dict[str, dict[str, Any]] = {one["location_name"]: one for one in yaml.safe_load(TEXT)["locations"]}
PROCESSES = ("server_k8s_config", "run_k8s_config")
# Where the volume with the pod's own token is mounted: the same in every deployment, so no ConfigMap says it.
TOKEN_FILES = {
    "SNOWFLAKE_TOKEN_FILE_PATH": "/var/run/secrets/snowflake/token",
    "DATABRICKS_OIDC_TOKEN_FILEPATH": "/var/run/secrets/databricks/token",
}
# What each of those tokens is for: Snowflake takes the one word, and the stack's federation policies the other.
AUDIENCES = {
    "SNOWFLAKE_TOKEN_FILE_PATH": "snowflakecomputing.com",
    "DATABRICKS_OIDC_TOKEN_FILEPATH": POD_TOKEN_AUDIENCE,
}
SIGN_INS = {"SNOWFLAKE_USER": "SNOWFLAKE_TOKEN_FILE_PATH", "DATABRICKS_CLIENT_ID": "DATABRICKS_OIDC_TOKEN_FILEPATH"}
each_location = pytest.mark.parametrize("name", LOCATIONS)

# Read where they are set, without being required: a key may have no passphrase, an account no policy of budgets.
OPTIONAL = {
    "SNOWFLAKE_REQUIREMENTS": Setting(EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY_PASSPHRASE, "", secret=True),
    "DATABRICKS_REQUIREMENTS": Setting(EnvironmentVariable.DATABRICKS_BUDGET_POLICY_ID, "", secret=False),
}


@pytest.fixture(autouse=True)
def dagster_cloud() -> None:
    require_tools("dagster-cloud", missing_packages("dagster_cloud"))


def container(name: str, process: str) -> dict[str, Any]:
    return LOCATIONS[name]["container_context"]["k8s"][process]["container_config"]


def imported_requirements(name: str) -> Iterator[str]:
    """What the location's own code asks the contract for, by the names that it imports."""
    for file in (ROOT / "code_locations" / name / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "platform_contract.settings":
                yield from (alias.name for alias in node.names if alias.name.endswith("_REQUIREMENTS"))
            if isinstance(node, ast.ImportFrom) and node.module == "platform_runtime.clean_up.sensor":
                yield "CLEAN_UP_REQUIREMENTS"


def needed_settings(name: str) -> dict[str, Setting]:
    requirements = set(imported_requirements(name))
    assert requirements, f"{name} asks for nothing"
    settings = [
        setting
        for found in requirements
        for requirement in getattr(platform_contract.settings, found)
        for alternative in requirement.alternatives
        for setting in alternative
    ]
    optional = [setting for required, setting in OPTIONAL.items() if required in requirements]
    return {setting.variable.value: setting for setting in (*settings, *optional)}


def test_the_command_and_the_schema_of_the_agents_accept_it() -> None:
    from dagster_cloud.workspace.config_schema import validate_workspace_location  # noqa: PLC0415

    command = [str(Path(sys.executable).with_name("dagster-cloud")), "ci", "check"]
    checked = subprocess.run(
        [*command, "--dagster-cloud-connect-check", "skip"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    for name, location in LOCATIONS.items():
        served = {key: value for key, value in location.items() if key != "build"}
        assert validate_workspace_location(served) == [], name


@each_location
def test_each_location_says_all_of_it_since_the_cli_applies_no_defaults(name: str) -> None:
    assert "defaults" not in yaml.safe_load(TEXT)
    location = LOCATIONS[name]
    assert location["code_source"] == {"module_name": f"{name}.definitions"}
    assert location["build"] == {"directory": ".", "registry": "registry.example.com/data-platform/release"}
    # Only a digest says which one: `platform deploy` names it.
    assert "image" not in location
    assert location["agent_queue"] == "data-platform"
    for process in PROCESSES:
        resources = container(name, process)["resources"]
        assert resources["requests"].keys() == {"cpu", "memory"}
        assert resources["limits"].keys() == {"memory"}


@each_location
def test_no_container_may_be_root_gain_rights_or_write_outside_its_volumes(name: str) -> None:
    context = LOCATIONS[name]["container_context"]["k8s"]["security_context"]
    user = (ROOT / "Dockerfile").read_text(encoding="utf-8").rpartition("USER ")[2].split()[0]
    assert context == {
        "runAsNonRoot": True,
        "runAsUser": int(user),
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    }


@each_location
@pytest.mark.parametrize("process", PROCESSES)
def test_exactly_what_the_contract_asks_for_is_handed_over_secrets_by_name(name: str, process: str) -> None:
    entries = {entry["name"]: entry for entry in container(name, process)["env"]}
    constants = {variable: entry["value"] for variable, entry in entries.items() if "value" in entry}
    assert constants == {file: TOKEN_FILES[file] for who, file in SIGN_INS.items() if who in entries}
    handed = {variable: entry for variable, entry in entries.items() if variable not in constants}
    needed = {variable: setting for variable, setting in needed_settings(name).items() if variable not in constants}
    assert handed.keys() == needed.keys()
    for variable, setting in needed.items():
        assert handed[variable].keys() == {"name", "valueFrom"}
        ((kind, reference),) = handed[variable]["valueFrom"].items()
        assert kind == ("secretKeyRef" if setting.secret else "configMapKeyRef"), variable
        # Absent values leave the definitions loadable; a run says what it lacks.
        assert (reference["key"], reference["optional"]) == (variable, True)


@each_location
def test_whoever_signs_in_finds_a_token_of_its_service_account_for_that_alone(name: str, tmp_path: Path) -> None:
    kubernetes = LOCATIONS[name]["container_context"]["k8s"]
    cluster = Cluster(IdentityIssuer("https://cluster.example", rsa.generate_private_key(65537, 2048)))
    mounts = cluster.mounts(kubernetes, "a-namespace", tmp_path)
    variables = [entry["name"] for entry in container(name, "run_k8s_config")["env"]]
    files = {file: TOKEN_FILES[file] for who, file in SIGN_INS.items() if who in variables}
    assert {str(Path(file).parent) for file in files.values()} == mounts.keys() - {"/scratch"}
    for variable, file in within_mounts(files, mounts).items():
        subject = "system:serviceaccount:a-namespace:data-platform"
        trust = Trust(cluster.issuer, subject, (AUDIENCES[variable],))
        assert trust.accepts(Path(file).read_text(encoding="utf-8"))


def test_a_secret_belongs_to_one_system() -> None:
    holders: dict[str, set[str]] = {}
    for name in LOCATIONS:
        for entry in container(name, "run_k8s_config")["env"]:
            reference = entry.get("valueFrom", {}).get("secretKeyRef")
            if reference is not None:
                holders.setdefault(reference["name"], set()).add(entry["name"].partition("_")[0])
    assert holders == {
        "data-platform-databricks": {"DATABRICKS"},
        "data-platform-snowflake": {"SNOWFLAKE"},
        "data-platform-clean-up": {"PLATFORM"},
    }


def test_settings_and_alerts_are_known_to_dagster_plus() -> None:
    from tests.fakes.dagster_plus.documents import alert_policy_errors, settings_errors  # noqa: PLC0415

    settings = yaml.safe_load((ROOT / ".dagster_plus" / "deployment_settings.yaml").read_text(encoding="utf-8"))
    alerts = yaml.safe_load((ROOT / ".dagster_plus" / "alert_policies.yaml").read_text(encoding="utf-8"))
    assert settings_errors(settings) == []
    assert alert_policy_errors(alerts) == []
    local = yaml.safe_load((ROOT / "infra/runtime/src/platform_runtime/dagster.yaml").read_text(encoding="utf-8"))
    assert settings["concurrency"]["pools"] == local["concurrency"]["pools"]
