from io import StringIO

from platform_cli.diff.markdown import markdown_diff
from platform_cli.diff.report import print_diff
from platform_cli.diff.table_diff import ColumnChange, LargestChange, RowChange, SchemaChange, TableDiff
from rich.console import Console

NOTHING = SchemaChange((), (), ())
TABLES = [
    TableDiff("shop/gold_calendar", ("day",), 4748, 4748, NOTHING, RowChange(0, 0, 0, ())),
    TableDiff(
        "shop/gold_customer_summary",
        ("customer_id",),
        942,
        943,
        SchemaChange(("tier",), (), (("orders", "INTEGER", "BIGINT"),)),
        RowChange(
            1,
            0,
            2,
            (
                ColumnChange(
                    "lifetime_value",
                    2,
                    (LargestChange(("a|b",), 787590.73, 787600.0), LargestChange(("c",), None, 1.5)),
                ),
                ColumnChange("segment", 1, ()),
            ),
        ),
    ),
    TableDiff("weather/gold/old", (), 12, None, NOTHING, None),
]

MARKDOWN = """### What pr-7 does to the data of prod

**shop/gold_customer_summary**: 1 added, 2 changed, of 942 rows before and 943 after

- column tier added
- column orders: INTEGER before, BIGINT after
- lifetime_value: 2 rows
- segment: 1 row

<details><summary>Largest changes</summary>

| measure | customer_id | before | after |
|---|---|--:|--:|
| lifetime_value | a\\|b | 787,590.73 | 787,600 |
| lifetime_value | c | null | 1.5 |

</details>

**weather/gold/old**: only in prod, 12 rows

Unchanged: `shop/gold_calendar`
"""


def test_a_comment_shows_what_differs_and_names_what_does_not() -> None:
    assert markdown_diff(TABLES, "prod", "pr-7") == MARKDOWN


def test_a_comment_says_when_nothing_differs() -> None:
    said = markdown_diff(TABLES[:1], "prod", "pr-7")
    assert "No gold table differs." in said
    assert "Unchanged" not in said


def test_a_person_reads_the_same() -> None:
    text = StringIO()
    print_diff(Console(file=text, width=100), TABLES, "local", "pr-7")
    lines = [" ".join(line.split()) for line in text.getvalue().splitlines()]
    assert lines[0] == "pr-7 compared with local"
    assert "shop/gold_calendar: the same, 4,748 rows" in lines
    assert "shop/gold_customer_summary: 1 added, 2 changed, of 942 rows before and 943 after" in lines
    assert "a|b 787,590.73 787,600" in lines
    assert "c null 1.5" in lines
    assert "weather/gold/old: only in local, 12 rows" in lines
