"""A customer's name in every kind of row and failure, and everything that leaves searched for it."""

import csv
import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from platform_cli.console import make_console
from platform_cli.diff.data_diff import local_diff
from platform_cli.diff.markdown import markdown_diff
from platform_cli.diff.report import print_diff
from platform_contract.deployment import pull_request
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.local_paths import LocalPaths
from snowflake_medallion.dbt_engine import DuckDBEngine
from snowflake_medallion.dbt_manifest import prepare_manifest
from snowflake_medallion.dbt_marks import MarkedColumnShownError, check_marks, dbt_marks
from snowflake_medallion.medallion_project import MedallionProject
from snowflake_medallion.slim_build import slim_build

from tests.code_locations.snowflake_medallion.shop_sandbox import REPOSITORY, load_shop
from tests.deployments import LOCAL
from tests.fakes.shop_story import SAMPLE
from tests.fakes.what_leaves import PERSON, WhatLeaves, what_leaves

pytestmark = pytest.mark.slow

FIRST, LAST = PERSON.split()
CLEAN = "A Customer"

# Models of a later change: what DuckDB says of them quotes the name, and so do previews of rows as wholes.
MODELS = {
    "gold_cast_name.sql": """
        select cast(customer_name as integer) as n from {{ ref('silver_customers') }} where customer_id = '000-zq'
    """,
    "gold_unique_name.sql": """
        select customer_name as n from {{ ref('silver_customers') }} where customer_id in ('000-zq', '000-zr')
    """,
    "gold_whole_rows.sql": """
        select
            c.customer_id, to_json(c) as whole, c as as_struct,
            upper(c.customer_name) as loud, length(c.customer_name) as n
        from {{ ref('silver_customers') }} as c
    """,
    "gold_by_name.sql": """
        select customer_name as who, count(*) as customers from {{ ref('silver_customers') }} group by 1
    """,
    "gold_by_name.yml": """
models:
  - name: gold_by_name
    columns:
      - name: who
        data_tests:
          - unique
          - not_null
          - accepted_values: { name: who_is_known, arguments: { values: [nobody] } }
  - name: gold_unique_name
    config: { contract: { enforced: true } }
    columns:
      - { name: n, data_type: varchar, constraints: [{ type: primary_key, warn_unenforced: false }] }
""",
}
TESTS = {"name_is_a_number.sql": "select * from {{ ref('gold_by_name') }} where cast(who as integer) = 1"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The dbt project with those models and tests."""
    copy = Path(shutil.copytree(REPOSITORY / "dbt_project", tmp_path / "dbt_project"))
    for name, text in MODELS.items():
        (copy / "models" / "shop" / "gold" / name).write_text(text, encoding="utf-8")
    for name, text in TESTS.items():
        (copy / "tests" / name).write_text(text, encoding="utf-8")
    return copy


@pytest.fixture
def left(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Iterator[WhatLeaves]:
    with what_leaves(tmp_path / "dagster", capfd) as found:
        yield found


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalPaths:
    """Stores whose landing folder holds the name in good rows and in every kind of bad one."""
    root = tmp_path / "local_root"
    monkeypatch.setenv(EnvironmentVariable.PLATFORM_LOCAL_ROOT, str(root))
    paths = LocalPaths(root, LOCAL)
    landing = paths.landing / "shop"
    shutil.copytree(SAMPLE, landing)
    lines = {
        "customers/a_good.csv": [["id", "name"], ["000-zq", PERSON], ["000-zr", PERSON], ["000-zs", CLEAN]],
        "customers/b_ragged.csv": [["id", "name"], ["zq-2", PERSON, LAST]],
        "customers/c_no_header.csv": [["zq-3", PERSON], ["zq-4", PERSON]],
        "customers/d_run_together.csv": [["id", f"name{FIRST}", LAST], ["zq-5", PERSON, ""]],
        # Rows that silver rejects.
        "customers/e_without_id.csv": [["id", "name"], ["", PERSON]],
        "stores/f_store.csv": [["id", "name", "opened_at", "tax_rate"], ["s-z", "Rome", "never", "none"]],
    }
    for name, rows in lines.items():
        with (landing / name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(rows)
    (landing / "customers/g_open_quote.csv").write_text(f'id,name\nzq-6,"{PERSON}\n', encoding="utf-8")
    (landing / "customers/h_latin.csv").write_bytes(f"id,name\nzq-7,{PERSON} é\n".encode("latin-1"))
    (landing / "customers/i_truncated.csv.gz").write_bytes(gzip.compress(f"id,name\nzq-8,{PERSON}\n".encode())[:-4])
    return paths


def test_no_name_leaves_a_run_a_build_or_a_comparison(
    project: Path, paths: LocalPaths, left: WhatLeaves, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = load_shop({"project": str(project), "demo_mode": True})
    run = shop.resolve_job_def("shop_refresh").execute_in_process(instance=left.instance, raise_on_error=False)
    assert not run.success
    checks = {check.check_name: check for check in run.get_asset_check_evaluations()}
    refused = [check for check in run.get_asset_check_evaluations() if check.check_name == "landed_files_accepted"]
    assert max(int(str(check.metadata["files_refused"].value)) for check in refused) == 6
    assert not checks["who_is_known"].passed

    # The names are in the tables, and what dbt keeps for itself quotes them: there was something to leave.
    with duckdb.connect(paths.analytics_database, read_only=True) as analytics:
        found = analytics.sql("from gold.gold_customer_summary").filter(f"customer_name = '{PERSON}'").fetchall()
        assert len(found) == 2
        assert PERSON in str(analytics.sql("select row_as_arrived from silver.silver_rejected_rows").fetchall())
    kept = [log.read_text(encoding="utf-8") for log in paths.dbt_state.rglob("dbt.log")]
    assert any(f"Could not convert string '{PERSON}'" in log for log in kept)
    assert any(f'duplicate key \\"{PERSON}' in log for log in kept)

    # The columns are shown, and nothing in them.
    pages = {event.asset_key.to_user_string(): event.metadata for event in materialised(run)}
    preview = str(pages["shop/gold_customer_summary"]["preview"].value)
    assert "customer_name" in preview
    assert "| 000-zq | ••• | 0 |" in preview
    assert "| 000-zq | ••• | ••• | ••• | ••• |" in str(pages["shop/gold_whole_rows"]["preview"].value)
    assert "| ••• | " in str(pages["shop/gold_by_name"]["preview"].value)

    # A pull request's build, on the console.
    monkeypatch.setenv(EnvironmentVariable.PLATFORM_DEPLOYMENT, "pr-7")
    theirs = LocalPaths(paths.root, pull_request(7))
    theirs.raw_database.parent.mkdir(parents=True)
    shutil.copy(paths.raw_database, theirs.raw_database)
    assert not slim_build(MedallionProject(project, DuckDBEngine(theirs, patience_seconds=5)), state=None)

    # Its comparison, on the console and in the comment.
    with duckdb.connect(theirs.analytics_database) as analytics:
        analytics.execute(
            "update gold.gold_customer_summary set lifetime_value = lifetime_value + 5,"
            f" customer_name = customer_name || ' {LAST}' where customer_id like '000-z%'"
        )
        analytics.execute("update gold.gold_whole_rows set n = n + 1")
    tables = list(local_diff(REPOSITORY, paths, theirs))
    comment = markdown_diff(tables, "local", "pr-7")
    assert "| lifetime_value | 000-zq | 0 | 5 |" in comment
    assert "- customer_name: 3 rows" in comment
    left.note(comment)
    print_diff(make_console(), tables, "local", "pr-7")

    assert left.quoting(FIRST, LAST, PERSON.upper()) == []


def materialised(run: dg.ExecuteInProcessResult) -> list[dg.AssetMaterialization]:
    return [event.materialization for event in run.get_asset_materialization_events()]


def test_one_mark_at_the_source_follows_the_name_to_every_table(project: Path, paths: LocalPaths) -> None:
    engine = DuckDBEngine(paths, patience_seconds=5)
    manifest = json.loads((prepare_manifest(project, engine) / "manifest.json").read_text(encoding="utf-8"))
    marked = {unique_id.split(".")[-1]: set(marks.columns) for unique_id, marks in dbt_marks(manifest).items()}
    assert not any(marks.every for marks in dbt_marks(manifest).values())
    assert {table: columns for table, columns in marked.items() if columns} == {
        "customers": {"name"},
        "bronze_customers": {"name"},
        "silver_customers": {"customer_name"},
        "silver_rejected_rows": {"row_as_arrived"},
        "gold_customer_summary": {"customer_name"},
        "gold_customer_history": {"customer_name"},
        "gold_cast_name": {"n"},
        "gold_unique_name": {"n"},
        "gold_whole_rows": {"whole", "as_struct", "loud", "n"},
        "gold_by_name": {"who"},
    }

    # A chart of the name, or a count by it, is refused with the fix.
    manifest["nodes"]["model.platform.gold_by_name"]["config"]["meta"]["chart"] = {"x": "who", "y": "customers"}
    with pytest.raises(MarkedColumnShownError, match=r"gold_by_name: meta shows 'who', .* `meta: \{pii: false\}`"):
        check_marks(manifest)

    # Without its SQL nobody knows which columns of a model hold what it reads.
    del manifest["nodes"]["model.platform.silver_customers"]["compiled_code"]
    silver = dbt_marks(manifest)["model.platform.silver_customers"]
    assert silver.cover("customer_id")
    assert dbt_marks(manifest)["model.platform.gold_store_daily_sales"].cover("store") is False


def test_a_model_that_asks_the_database_while_it_is_compiled_leaves_everything_marked(
    project: Path, paths: LocalPaths
) -> None:
    answer = "{% if execute %}{{ run_query('select 1').columns[0].values()[0] }}{% else %}1{% endif %}"
    asking = f"select {answer} as n, * from {{{{ ref('silver_customers') }}}}"
    (project / "models/shop/gold/gold_asking.sql").write_text(asking, encoding="utf-8")
    engine = DuckDBEngine(paths, patience_seconds=5)
    manifest = json.loads((prepare_manifest(project, engine) / "manifest.json").read_text(encoding="utf-8"))
    marks = dbt_marks(manifest)
    assert marks["model.platform.gold_asking"].every
    assert marks["model.platform.gold_customer_summary"].every
    assert not marks["model.platform.bronze_orders"].exist
