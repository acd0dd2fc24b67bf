from io import StringIO

from platform_cli.demo.messages import CheckEvaluated, Failed, Message, TableMaterialised
from platform_cli.demo.outcome import Outcome
from platform_cli.demo.summary import print_summary
from rich.console import Console


def table(name: str, partition: str | None, rows: int | None, rejected: int | None, seconds: float) -> Message:
    return TableMaterialised("rain", name, "silver", partition, rows, rejected, seconds)


def check(name: str, partition: str | None, passed: bool, is_error: bool, description: str = "") -> Message:
    return CheckEvaluated("rain", "rain/silver", "silver", name, partition, passed, is_error, description)


def outcome(*messages: Message) -> Outcome:
    noted = Outcome()
    for message in messages:
        noted.note(message)
    return noted


def printed(of: Outcome) -> str:
    text = StringIO()
    print_summary(of, 12.4, Console(file=text, width=140), "What the demo built")
    return text.getvalue()


def test_a_table_is_the_sum_of_its_partitions() -> None:
    noted = outcome(
        table("rain/silver", "2013-01", 100, 3, 0.5),
        table("rain/silver", "2013-02", 20, 0, 0.25),
        # Written again in the same demo: it replaces, and does not add.
        table("rain/silver", "2013-02", 30, 1, 1.0),
    )
    (silver,) = noted.tables
    assert (silver.rows, silver.rejected, silver.seconds) == (130, 4, 1.5)


def test_what_is_not_counted_is_not_zero() -> None:
    (silver,) = outcome(table("rain/silver", None, None, None, 2.0)).tables
    assert (silver.rows, silver.rejected) == (None, None)


def test_checks_are_counted_by_what_they_mean() -> None:
    noted = outcome(
        check("unique", "2013-01", passed=True, is_error=True),
        check("unique", "2013-02", passed=False, is_error=True),
        check("fresh", None, passed=False, is_error=False),
        check("in_range", None, passed=True, is_error=False),
    )
    (silver,) = noted.tables
    assert (silver.passed, len(silver.failures), silver.warned) == (2, 1, 1)
    assert [failed.partition for failed in noted.failed_checks] == ["2013-02"]


def test_a_warning_does_not_fail_the_demo_and_an_error_does() -> None:
    assert outcome(check("fresh", None, passed=False, is_error=False)).succeeded
    assert not outcome(check("unique", None, passed=False, is_error=True)).succeeded
    assert not outcome(Failed("rain", "step silver", "disk full")).succeeded


def test_the_summary_names_every_failure_with_its_reason() -> None:
    text = printed(
        outcome(
            table("rain/silver", None, 26114, 1, 2.04),
            check("unique", "2013-02", passed=False, is_error=True, description="\x1b[31m2 keys\x1b[0m [twice]"),
            Failed("shop", "step orders", "no [red] file\nsecond line"),
        )
    )
    assert "26,114" in text
    assert "1 tables in 12 s" in text
    assert "0 passed, 1 failed" in text
    assert "rain/silver: check unique failed in 2013-02\n  2 keys [twice]\n" in text
    assert "shop: step orders failed\n  no [red] file\n  second line\n" in text


def test_tables_are_listed_by_location_layer_and_name() -> None:
    written = (("shop", "orders", "gold"), ("rain", "b", "gold"), ("rain", "z", "raw"), ("rain", "a", "gold"))
    others = (("rain", "y", "a_pattern"), ("rain", "x", "silver"))
    noted = outcome(
        *(TableMaterialised(location, name, layer, None, 1, None, 0.1) for location, name, layer in (*written, *others))
    )
    assert [table.table for table in noted.tables] == ["z", "x", "a", "b", "y", "orders"]


def test_a_long_reason_is_cut() -> None:
    text = printed(outcome(Failed("shop", "step orders", "\n".join(f"line {number}" for number in range(1, 31)))))
    assert "  line 12\n  … and 18 lines more\n" in text
    assert "line 13" not in text
