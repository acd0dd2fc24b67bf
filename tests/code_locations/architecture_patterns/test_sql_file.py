from pathlib import Path

import pytest
from architecture_patterns.sql_file import SqlFileError, read_sql


def test_a_statement_names_what_it_reads_and_takes_the_names_of_an_engine(tmp_path: Path) -> None:
    (tmp_path / "totals.sql").write_text("select * from $orders join $stores using (id) -- $orders", encoding="utf-8")
    statement = read_sql(tmp_path, "totals", tmp_path / "defs.yaml", ["orders", "stores", "others"])
    assert statement.reads == ["orders", "stores"]
    assert statement.render({"orders": "RAW.SHOP.O", "stores": "S"}) == (
        "select * from RAW.SHOP.O join S using (id) -- RAW.SHOP.O"
    )


def test_a_missing_file_is_named_with_who_asked_and_what_there_is(tmp_path: Path) -> None:
    (tmp_path / "totals.sql").touch()
    with pytest.raises(SqlFileError) as refused:
        read_sql(tmp_path, "total", tmp_path / "defs.yaml", [])
    assert f"{tmp_path}/defs.yaml names 'total', but there is no {tmp_path}/total.sql" in str(refused.value)
    assert "['totals']" in str(refused.value)
