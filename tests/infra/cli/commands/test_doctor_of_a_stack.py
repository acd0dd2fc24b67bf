import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import Result
from platform_contract.local_paths import checkout

from tests.fakes.pulumi_command import FakePulumi, install_fake_pulumi

REAL = checkout(Path(__file__))
STATE = "{backend: 's3://our-state', secrets_provider: 'awskms://alias/our-state'}"
SIGN_IN = (
    "SNOWFLAKE_ORGANIZATION_NAME",
    "SNOWFLAKE_ACCOUNT_NAME",
    "SNOWFLAKE_USER",
    "SNOWFLAKE_AUTHENTICATOR",
    "SNOWFLAKE_PRIVATE_KEY",
    "DATABRICKS_CLIENT_ID",
    "DATABRICKS_CLIENT_SECRET",
    "DAGSTER_CLOUD_ORGANIZATION",
    "DAGSTER_CLOUD_API_TOKEN",
)
OF_PULUMI = ("PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE", "DATABRICKS_AUTH_TYPE")
# What a person replaces in the shipped files.
EXAMPLES = {
    "example": "ours",
    "EXAMPLE": "OURS",
    "00000000-0000-4000-8000-00000000000": "9d2c1f60-7c1b-4b5e-8f6a-3a1b2c4d5e6",
    "1111111111111111": "3141592653589793",
    "2222222222222222": "2718281828459045",
    "storage_trust: pending": "storage_trust: established",
}


@pytest.fixture
def pulumi(small_checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    """The shipped stack files in a small checkout, a pulumi on PATH, and no credential."""
    for variable in (*SIGN_IN, *OF_PULUMI):
        monkeypatch.delenv(variable, raising=False)
    for file in (REAL / "infra").glob("*/Pulumi*.yaml"):
        (small_checkout / "infra" / file.parent.name).mkdir(parents=True, exist_ok=True)
        shutil.copy(file, small_checkout / "infra" / file.parent.name)
    shutil.copy(REAL / "infra" / "state.yaml", small_checkout / "infra")
    fake = install_fake_pulumi(tmp_path / "bin", sys.executable)
    fake.answer("snowflake stack export --stack dev", {"deployment": {"resources": [account_role("PR_ADMIN_DEV")]}}, 0)
    fake.answer("snowflake stack export --stack prod", {"deployment": {"resources": [{}, {}]}}, 0)
    for program in ("local", "snowflake", "databricks"):
        fake.answer(f"{program} stack export", {"deployment": {"resources": [{}, {}]}}, 0)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return fake


def account_role(name: str) -> dict[str, object]:
    """A role as a state has it."""
    return {"type": "snowflake:index/accountRole:AccountRole", "outputs": {"name": name}}


def make_it_ours(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Go through the bootstrap page."""
    (root / "infra" / "state.yaml").write_text(
        f"dev: {STATE}\nprod: {STATE}\npull_requests: {STATE}\n", encoding="utf-8"
    )
    for file in (root / "infra").glob("*/Pulumi*.yaml"):
        text = file.read_text(encoding="utf-8")
        for example, own in EXAMPLES.items():
            text = text.replace(example, own)
        file.write_text(text, encoding="utf-8")
    for variable in SIGN_IN:
        monkeypatch.setenv(variable, f"value of {variable}")
    # Nobody listens there.
    monkeypatch.setenv("DAGSTER_CLOUD_URL", "http://127.0.0.1:9")


def lines(output: str) -> dict[str, str]:
    """Subject → what is said of it, with its mark and remedy."""
    found: dict[str, str] = {}
    for line in output.splitlines():
        if "→" in line:
            found[next(reversed(found))] += line
        else:
            found[line[2:22].strip()] = line
    return found


@pytest.mark.usefixtures("pulumi")
def test_a_fresh_clone_lacks_every_step_in_the_order_of_the_page(platform: Callable[..., Result]) -> None:
    examined = platform("doctor", "--stack", "prod")
    assert examined.exit_code == 1
    said = lines(examined.output)
    page = (REAL / "infra" / "README.md").read_text(encoding="utf-8")
    table = [
        row.split("|")[3] for row in page.splitlines() if row.startswith("| ") and row.split("|")[1].strip().isdigit()
    ]
    assert list(said) == [name for cell in table for name in cell.split("`")[1::2]]
    for subject in ("state backend", "secrets provider", "Snowflake sign-in", "Databricks sign-in", "Dagster+ token"):
        assert said[subject].startswith("✗"), said[subject]
    assert "workspaces.prod.host" in said["databricks settings"]
    assert "workspaces.dev" not in said["databricks settings"]
    assert "pending" in said["storage trust"]
    assert "DAGSTER, REPORTING_TOOL" in said["service users"]
    assert "DAGSTER_CLOUD_API_TOKEN not set" in said["automation"]
    assert "look at Automation of prod in the UI" in said["automation"]


@pytest.mark.usefixtures("pulumi")
def test_after_the_page_nothing_stands_in_the_way_and_no_value_is_shown(
    platform: Callable[..., Result], small_checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_it_ours(small_checkout, monkeypatch)
    examined = platform("doctor", "--stack", "prod")
    assert examined.exit_code == 0, examined.output
    assert "✗" not in examined.output
    assert "value of" not in examined.output
    assert "2 resources" in lines(examined.output)["snowflake stack"]
    # What no shell can show, and half of which an account admin takes for granted.
    administrators = "account admin, metastore admin, workspace admin, billing admin"
    assert f"who signs in has to be {administrators}" in lines(examined.output)["Databricks sign-in"]


@pytest.mark.usefixtures("pulumi")
def test_one_missing_variable_is_named_with_its_alternative(
    platform: Callable[..., Result], small_checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_it_ours(small_checkout, monkeypatch)
    monkeypatch.delenv("SNOWFLAKE_PRIVATE_KEY")
    monkeypatch.delenv("DATABRICKS_CLIENT_SECRET")
    said = lines(platform("doctor", "--stack", "prod").output)
    assert "not set: SNOWFLAKE_PRIVATE_KEY, or SNOWFLAKE_TOKEN" in said["Snowflake sign-in"]
    assert "not set: DATABRICKS_CLIENT_SECRET, or DATABRICKS_AUTH_TYPE" in said["Databricks sign-in"]


def test_a_run_that_was_cut_short_is_a_problem_with_its_resources(
    platform: Callable[..., Result], pulumi: FakePulumi, small_checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_it_ours(small_checkout, monkeypatch)
    pending = {"resource": {"urn": "urn:pulumi:prod::platform-snowflake::snowflake:index/schema:Schema::raw.shop"}}
    pulumi.answer(
        "snowflake stack export --stack prod", {"deployment": {"resources": [], "pending_operations": [pending]}}, 0
    )
    examined = platform("doctor", "--stack", "prod")
    assert examined.exit_code == 1
    assert "a run was cut short at raw.shop" in lines(examined.output)["snowflake stack"]


@pytest.mark.usefixtures("pulumi")
def test_production_comes_after_the_stack_whose_role_it_signs_in_with(
    platform: Callable[..., Result], small_checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_it_ours(small_checkout, monkeypatch)
    assert lines(platform("doctor", "--stack", "prod").output)["stacks before it"].endswith("PR_ADMIN_DEV of dev")
    assert lines(platform("doctor", "--stack", "dev").output)["stacks before it"].endswith("none")


@pytest.mark.parametrize(
    ("answer", "code", "mark", "said"),
    [
        ("error: no stack named 'dev' found", 255, "✗", "PR_ADMIN_DEV does not exist"),
        ({"deployment": {"resources": [account_role("LOADER_DEV")]}}, 0, "✗", "PR_ADMIN_DEV does not exist"),
        ({"deployment": {}}, 0, "✗", "PR_ADMIN_DEV does not exist"),
        ("error: AccessDenied", 255, "!", "the state of dev cannot be read from here"),
    ],
)
def test_production_before_dev_is_said_before_a_preview_fails_on_it(
    platform: Callable[..., Result],
    pulumi: FakePulumi,
    small_checkout: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    answer: object,
    code: int,
    mark: str,
    said: str,
) -> None:
    make_it_ours(small_checkout, monkeypatch)
    pulumi.answer("snowflake stack export --stack dev", answer, code)
    examined = platform("doctor", "--stack", "prod")
    line = lines(examined.output)["stacks before it"]
    assert line.startswith(mark)
    assert said in line
    assert "make up STACK=dev" in line
    assert examined.exit_code == (1 if mark == "✗" else 0)


def test_an_account_of_its_own_needs_no_stack_before_it(
    platform: Callable[..., Result], pulumi: FakePulumi, small_checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_it_ours(small_checkout, monkeypatch)
    pulumi.answer("snowflake stack export --stack dev", "error: no stack named 'dev' found", 255)
    file = small_checkout / "infra" / "snowflake" / "Pulumi.prod.yaml"
    file.write_text(
        file.read_text(encoding="utf-8") + "  platform-snowflake:clone_production: false\n", encoding="utf-8"
    )
    assert lines(platform("doctor", "--stack", "prod").output)["stacks before it"].endswith("none")


def test_a_pull_request_comes_after_both(
    platform: Callable[..., Result], pulumi: FakePulumi, small_checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_it_ours(small_checkout, monkeypatch)
    line = lines(platform("doctor", "--stack", "pr-7").output)["stacks before it"]
    assert "CLONE_READER does not exist" in line
    assert "make up STACK=prod" in line
    reader = {"deployment": {"resources": [account_role("CLONE_READER")]}}
    pulumi.answer("snowflake stack export --stack prod", reader, 0)
    assert (
        "PR_ADMIN_DEV of dev, CLONE_READER of prod"
        in lines(platform("doctor", "--stack", "pr-7").output)["stacks before it"]
    )


@pytest.mark.usefixtures("pulumi")
def test_somebody_hears_of_what_production_costs(
    platform: Callable[..., Result], small_checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_it_ours(small_checkout, monkeypatch)
    told = lines(platform("doctor", "--stack", "prod").output)["cost notices"]
    assert told.startswith("✓")
    assert "monitors tell OURS_ON_CALL; the account's budget on-call@ours.com" in told
    nobody = lines(platform("doctor", "--stack", "dev").output)["cost notices"]
    assert nobody.startswith("!")
    assert "set notify_users in Pulumi.dev.yaml" in nobody
    file = small_checkout / "infra" / "snowflake" / "Pulumi.prod.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    del content["config"]["platform-snowflake:account_budget"]
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    half = lines(platform("doctor", "--stack", "prod").output)["cost notices"]
    assert half.startswith("!")
    assert "nothing tells of serverless features, clustering and cloud services" in half


@pytest.mark.usefixtures("pulumi")
def test_tags_take_a_warehouse_of_whoever_applies_them(
    platform: Callable[..., Result], small_checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_it_ours(small_checkout, monkeypatch)
    monkeypatch.delenv("SNOWFLAKE_WAREHOUSE", raising=False)
    assert "none needed" in lines(platform("doctor", "--stack", "prod").output)["deploy warehouse"]
    file = small_checkout / "infra" / "snowflake" / "Pulumi.prod.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "  platform-snowflake:tags: true\n", encoding="utf-8")
    lacking = lines(platform("doctor", "--stack", "prod").output)["deploy warehouse"]
    assert lacking.startswith("!")
    assert "DEFAULT_WAREHOUSE" in lacking
    monkeypatch.setenv("SNOWFLAKE_WAREHOUSE", "value of the warehouse")
    assert lines(platform("doctor", "--stack", "prod").output)["deploy warehouse"].startswith("✓")


@pytest.mark.usefixtures("pulumi")
def test_a_setting_that_the_program_refuses_is_a_problem(
    platform: Callable[..., Result], small_checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_it_ours(small_checkout, monkeypatch)
    file = small_checkout / "infra" / "snowflake" / "Pulumi.prod.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("retention:", "retentoin:"), encoding="utf-8")
    said = lines(platform("doctor", "--stack", "prod").output)
    assert "did you mean 'retention'" in said["snowflake settings"]
    assert "not looked at" in said["service users"]


@pytest.mark.usefixtures("pulumi")
def test_a_passphrase_is_asked_for_by_name(
    platform: Callable[..., Result], small_checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_it_ours(small_checkout, monkeypatch)
    state = small_checkout / "infra" / "state.yaml"
    text = state.read_text(encoding="utf-8").replace("awskms://alias/our-state", "passphrase")
    state.write_text(text, encoding="utf-8")
    assert "PULUMI_CONFIG_PASSPHRASE" in lines(platform("doctor", "--stack", "dev").output)["secrets provider"]
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "value of the passphrase")
    examined = platform("doctor", "--stack", "dev")
    assert lines(examined.output)["secrets provider"].startswith("✓")
    assert "value of" not in examined.output


@pytest.mark.usefixtures("pulumi")
def test_this_machines_stack_takes_the_cli_alone(platform: Callable[..., Result]) -> None:
    examined = platform("doctor", "--stack", "local")
    assert examined.exit_code == 0, examined.output
    assert list(lines(examined.output)) == ["Pulumi CLI", "state backend", "local stack"]


def test_without_the_infrastructures_packages_one_line_says_how_to_get_them(
    platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in [name for name in sys.modules if name.startswith(("platform_cli.commands.cost", "platform_infra"))]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "platform_infra", None)
    refused = platform("cost", "--stack", "prod")
    assert refused.exit_code == 2
    assert refused.output == "Error: this needs the infrastructure's packages: run `.ci/setup infra` first\n"
