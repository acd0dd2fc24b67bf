"""A guest's name in every kind of row and failure of a lakehouse, and everything that leaves searched for it."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from deltalake import DeltaTable, write_deltalake
from platform_cli.console import make_console
from platform_cli.diff.compare import compare_store
from platform_cli.diff.declared_tables import lakehouse_tables
from platform_cli.diff.delta_gold import delta_gold
from platform_cli.diff.markdown import markdown_diff
from platform_cli.diff.report import print_diff
from platform_contract.domains import domain_named

from tests.code_locations.databricks_delta.lakehouse_under_test import (
    LakehouseUnderTest,
    declare,
    evaluations,
    lakehouse_of,
    load_defs,
    materialised,
)
from tests.code_locations.databricks_delta.readings import utc
from tests.fakes.what_leaves import PERSON, WhatLeaves, what_leaves
from tests.platform_domains import declared_domains

FIRST, LAST = PERSON.split()
DEFS = """
type: databricks_delta.components.LakehouseComponent
template_vars_module: platform_runtime.template_variables
attributes:
  demo_mode: "{{ demo_mode }}"
  domain: hotel
  partitioning: { granularity: month, start: "2024-05" }
  sources:
    - folder: hotel
      files: "*.csv"
      key: [room, arrived]
      event_time: try_cast(arrived AS TIMESTAMP)
      columns:
        { room: Number of the room, guest: { description: Full name, pii: true }, arrived: Day, nights: How many }
      bronze: { table: stays, description: As the desk sent them }
  tables:
    - table: silver.stays
      sql: stays.sql
      description: Stays
      constraints: { not_too_long: nights < 100 }
      columns:
        room: { type: string, description: Number of the room, nullable: false }
        who: { type: string, description: Full name }
        # Computed from the name as well, and holds none.
        nights: { type: int, pii: false, description: How many }
      checks:
        - { type: not_null, columns: [who] }
        - { type: unique, columns: [who] }
        - { type: row_conservation }
    - table: silver.stays_rejected
      sql: stays_rejected.sql
      rejects_of: silver.stays
      description: Rows that are none
    - table: gold.guests
      sql: guests.sql
      description: Guests
      columns:
        who: { type: string, description: Full name, nullable: false }
        letters: { type: bigint, description: Letters of the name }
        whole: { type: string, description: All of it as JSON }
        nights: { type: bigint, description: Nights in all }
        initials_kept: { type: boolean, pii: false, description: Whether anything is known of the name }
      checks:
        - { type: unique, columns: [who] }
        - { type: accepted_range, column: letters, max: 3 }
"""
SQL = {
    "stays.sql": """
        SELECT room, trim(guest) AS who, CASE WHEN nights = 'all' THEN cast(guest AS INT) ELSE cast(nights AS INT) END
          AS nights, _month
        FROM bronze.stays WHERE _month BETWEEN :first_month AND :last_month AND room <> ''
    """,
    "stays_rejected.sql": """
        SELECT *, concat('no room for ', guest) AS _rejection_reason
        FROM bronze.stays WHERE (_month BETWEEN :first_month AND :last_month OR _month = 'unreadable') AND room = ''
    """,
    "guests.sql": """
        SELECT who, max(length(who)) AS letters, to_json(struct(max(who) AS w)) AS whole, sum(nights) AS nights,
          max(who) IS NOT NULL AS initials_kept, _month
        FROM silver.stays WHERE _month BETWEEN :first_month AND :last_month GROUP BY who, _month
    """,
}
HEADER = "room,guest,arrived,nights\n"
BRONZE, SILVER, REJECTED, GOLD = "bronze.stays", "silver.stays", "silver.stays_rejected", "gold.guests"
TABLES = (BRONZE, SILVER, REJECTED, GOLD)
MAY = ("2024-05", "2024-05")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with declared_domains(tmp_path, "hotel"):
        yield declare(tmp_path / "package" / "defs", "hotel", DEFS, SQL)


@pytest.fixture
def left(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Iterator[WhatLeaves]:
    with what_leaves(tmp_path / "dagster", capfd) as found:
        yield found


@pytest.fixture
def hotel(folder: Path, left: WhatLeaves) -> Iterator[LakehouseUnderTest]:
    with lakehouse_of("hotel", folder) as lakehouse:
        lakehouse.__dict__["instance"] = left.instance
        yield lakehouse


def failure_of(run: dg.ExecuteInProcessResult) -> str:
    (failed,) = (event for event in run.all_events if event.is_step_failure)
    assert failed.step_failure_data.error is not None
    cause = failed.step_failure_data.error.cause
    assert cause is not None
    return cause.message


def test_no_name_leaves_the_laptop(hotel: LakehouseUnderTest, left: WhatLeaves, folder: Path) -> None:
    row = f"1,{PERSON},2024-05-01,2\n"
    bad = {
        "ragged.csv": f"{HEADER}{row}1,{PERSON},{LAST},2024-05-02,2\n",
        "headless.csv": row + row,
        "open.csv": f'{HEADER}1,"{PERSON},2024-05-01,2\n',
        "run_together.csv": f"room,guest{FIRST},arrived,{LAST}\n{row}",
    }
    for name, text in bad.items():
        hotel.land(name, text.encode(), utc(2024, 6, 1, 0))
    hotel.land("latin.csv", f"{HEADER}1,{PERSON} é,2024-05-01,2\n".encode("latin-1"), utc(2024, 6, 1, 0))
    good = f"{HEADER}{row}2,{PERSON},2024-05-01,3\n3,,2024-05-03,1\n,{PERSON},2024-05-04,1\n,{PERSON},{PERSON},1\n"
    hotel.land("good.csv", good.encode(), utc(2024, 6, 2, 0))
    run = hotel.run(TABLES, *MAY)
    checks = evaluations(run)
    assert checks[f"{BRONZE}:landing_files_readable"].metadata["files_refused"].value == 5
    assert not checks[f"{SILVER}:unique"].passed
    assert not checks[f"{GOLD}:letters_in_range"].passed
    assert PERSON in {stay["who"] for stay in hotel.rows(SILVER)}

    preview = materialised(run, hotel.key(GOLD))["2024-05"]["preview"]
    assert preview.splitlines()[0] == "| who | letters | whole | nights | initials_kept | _month |"
    assert "| ••• | ••• | ••• | 5 | True | 2024-05 |" in preview
    assert "| 1 | ••• | 2024-05-01 | 2 |" in materialised(run, hotel.key(BRONZE))[None]["preview"]
    rejected = materialised(run, hotel.key(REJECTED))["2024-05"]["preview"]
    assert rejected.count("•••") == 2 * rejected.count("2024-05-04")

    # DuckDB quotes the name that it cannot cast, and delta-rs shows the row that breaks a rule.
    hotel.land("cast.csv", f"{HEADER}4,{PERSON},2024-05-05,all\n".encode(), utc(2024, 6, 3, 0))
    said = failure_of(hotel.run((BRONZE, SILVER), *MAY, succeeds=False))
    assert "stays.sql: Conversion Error: Could not convert string ••• to INT32" in said
    hotel.lakehouse.restore(hotel.blueprint.sources[0].bronze, 1)
    (hotel.paths.landing / "hotel" / "cast.csv").unlink()
    hotel.land("long.csv", f"{HEADER}5,{PERSON},2024-05-06,500\n".encode(), utc(2024, 6, 4, 0))
    said = failure_of(hotel.run((BRONZE, SILVER), *MAY, succeeds=False))
    assert "hotel_silver.stays: delta-rs refuses the rows" in said
    assert "not_too_long (nights < 100)" in said

    # Keys and measures of a pull request's comparison.
    gold = hotel.paths.lakehouse / "hotel_gold"
    theirs = hotel.paths.root / "theirs"
    rows = hotel.delta(GOLD).to_pyarrow_table().to_pandas()
    rows["letters"], rows["nights"] = rows["letters"] + 1, rows["nights"] + 1
    write_deltalake(theirs / "guests", rows)
    assert DeltaTable(theirs / "guests").version() == 0
    with delta_gold(gold, theirs) as store:
        tables = list(compare_store(store, lakehouse_tables(folder.parent, domain_named("hotel"))))
    comment = markdown_diff(tables, "local", "pr-7")
    assert "| nights | ••• | 5 | 6 |" in comment
    assert "- letters: 2 rows" in comment
    assert "| letters |" not in comment
    left.note(comment)
    print_diff(make_console(), tables, "local", "pr-7")
    assert left.quoting(FIRST, LAST) == []


@pytest.mark.parametrize(
    ("declared", "instead", "refusal"),
    [
        (
            "      description: Guests\n",
            "      description: G\n      plot: { title: t, x: nights, y: nights, series: who, label: l, marks: line}\n",
            "gold.guests: the plot shows 'who', which holds marked values",
        ),
        (
            "        - { type: not_null, columns: [who] }\n",
            "        - { type: freshness, column: who, within_days: 4 }\n",
            "silver.stays, check fresh_by_who: it shows the newest 'who', which holds marked values",
        ),
        ("arrived: Day", "arrived: { description: Day, pii: true }", "partitions are named by the period of 'arrived'"),
        ("pii: true", "pi: true", "unknown key 'pi', did you mean 'pii'?"),
    ],
)
def test_what_would_show_a_marked_column_is_refused_when_it_is_loaded(
    folder: Path, declared: str, instead: str, refusal: str
) -> None:
    assert declared in DEFS
    (folder / "hotel" / "defs.yaml").write_text(DEFS.replace(declared, instead, 1), encoding="utf-8")
    with pytest.raises(Exception) as refused:  # noqa: PT011 - Dagster wraps ours in its own
        load_defs(folder)
    chain: list[BaseException] = [refused.value]
    while chain[-1].__cause__ is not None:
        chain.append(chain[-1].__cause__)
    assert refusal in "\n".join(map(str, chain))
