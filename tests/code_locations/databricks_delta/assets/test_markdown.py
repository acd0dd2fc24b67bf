from datetime import UTC, datetime

from databricks_delta.assets.markdown import markdown_table


def test_rows_become_a_table_that_no_value_can_break() -> None:
    rows = [{"a": None, "b": 1 / 3, "c": "x|y\nz", "d": datetime(2013, 1, 1, 6, tzinfo=UTC)}]
    assert markdown_table(rows) == (
        "| a | b | c | d |\n| --- | --- | --- | --- |\n|  | 0.333333 | x\\|y z | 2013-01-01 06:00:00 |"
    )


def test_no_rows_are_said_to_be_none() -> None:
    assert markdown_table([]) == "_no rows_"
