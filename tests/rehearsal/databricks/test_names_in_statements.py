from pathlib import Path

import pytest

from tests.fakes.databricks_sql.catalog_names import name_edits
from tests.fakes.databricks_sql.sql_error import SqlError
from tests.fakes.databricks_sql.sql_text import apply_edits
from tests.fakes.databricks_sql.unity_names import Namespace, UnityNames
from tests.fakes.databricks_sql.volume_paths import volume_edits


@pytest.fixture
def unity(tmp_path: Path) -> UnityNames:
    names = UnityNames(tmp_path)
    names.declare_catalog("lake")
    names.declare_catalog("other")
    for schema in ("silver", "gold"):
        names.declare_schema("lake", schema)
    names.declare_schema("other", "gold")
    names.declare_volume("lake", "silver", "files")
    return names


def in_spark(sql: str, unity: UnityNames, namespace: Namespace | None = None) -> str:
    return apply_edits(sql, name_edits(sql, namespace or Namespace("lake", "silver"), unity))


T, U, OTHER = "`lake__silver`.`t`", "`lake__gold`.`u`", "`other__gold`.`u`"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select  *\nfrom silver.t -- silver.t", f"select  *\nfrom {T} -- silver.t"),
        ("SELECT t.a FROM Lake.Silver.t AS t, gold.u", f"SELECT t.a FROM {T} AS t, {U}"),
        ("SELECT lake.silver.t.a FROM lake.silver.t", f"SELECT {T}.a FROM {T}"),
        ("SELECT 'silver.t', `silver.t` FROM `lake`.`silver`.`t`", f"SELECT 'silver.t', `silver.t` FROM {T}"),
        ("WITH c AS (SELECT * FROM silver.t) SELECT * FROM c", f"WITH c AS (SELECT * FROM {T}) SELECT * FROM c"),
        ("SELECT * FROM (silver.t JOIN gold.u USING (a))", f"SELECT * FROM ({T} JOIN {U} USING (a))"),
        ("SELECT extract(day FROM x.y) FROM silver.t AS x", f"SELECT extract(day FROM x.y) FROM {T} AS x"),
        (
            "SELECT 1 FROM silver.t x WHERE x.a IS NOT DISTINCT FROM x.b",
            f"SELECT 1 FROM {T} x WHERE x.a IS NOT DISTINCT FROM x.b",
        ),
        (
            "SELECT a FROM silver.t WHERE EXISTS (SELECT 1 FROM gold.u)",
            f"SELECT a FROM {T} WHERE EXISTS (SELECT 1 FROM {U})",
        ),
        (
            "INSERT INTO gold.u REPLACE WHERE m = '1' SELECT * FROM silver.t",
            f"INSERT INTO {U} REPLACE WHERE m = '1' SELECT * FROM {T}",
        ),
        ("INSERT OVERWRITE TABLE gold.u VALUES (1)", f"INSERT OVERWRITE TABLE {U} VALUES (1)"),
        (
            "MERGE INTO gold.u AS t USING silver.t AS s ON t.k = s.k WHEN MATCHED THEN UPDATE SET t.a = s.a",
            f"MERGE INTO {U} AS t USING {T} AS s ON t.k = s.k WHEN MATCHED THEN UPDATE SET t.a = s.a",
        ),
        (
            "CREATE TABLE IF NOT EXISTS silver.t (a INT) USING delta",
            f"CREATE TABLE IF NOT EXISTS {T} (a INT) USING delta",
        ),
        (
            "CREATE OR REPLACE TABLE silver.t SHALLOW CLONE other.gold.u VERSION AS OF 1",
            f"CREATE OR REPLACE TABLE {T} SHALLOW CLONE {OTHER} VERSION AS OF 1",
        ),
        ("CREATE TABLE silver.t LIKE gold.u", f"CREATE TABLE {T} LIKE {U}"),
        ("ALTER TABLE gold.u ADD CONSTRAINT c CHECK (u.a > 0)", f"ALTER TABLE {U} ADD CONSTRAINT c CHECK (u.a > 0)"),
        ("COMMENT ON COLUMN lake.silver.t.a IS 'silver.t'", f"COMMENT ON COLUMN {T}.a IS 'silver.t'"),
        ("DESCRIBE HISTORY silver.t LIMIT 1", f"DESCRIBE HISTORY {T} LIMIT 1"),
        ("OPTIMIZE silver.t WHERE m = '1' ZORDER BY (a)", f"OPTIMIZE {T} WHERE m = '1' ZORDER BY (a)"),
        ("RESTORE TABLE silver.t TO VERSION AS OF 3", f"RESTORE TABLE {T} TO VERSION AS OF 3"),
        ("VACUUM lake.silver.t RETAIN 168 HOURS", f"VACUUM {T} RETAIN 168 HOURS"),
        ("SHOW TABLES IN lake.gold", "SHOW TABLES IN `lake__gold`"),
        ("SELECT * FROM silver.t ORDER BY a DESC, t.b", f"SELECT * FROM {T} ORDER BY a DESC, t.b"),
        ("SELECT * FROM table_changes('silver.t', 1)", "SELECT * FROM table_changes('`lake__silver`.`t`', 1)"),
        (
            "SELECT * FROM IDENTIFIER(CAST('silver.t' AS STRING))",
            "SELECT * FROM IDENTIFIER(CAST('`lake__silver`.`t`' AS STRING))",
        ),
        ("SELECT current_catalog(), current_schema()", "SELECT 'lake', 'silver'"),
        (
            "SELECT * FROM csv.`/Volumes/lake/silver/files/a.csv`",
            "SELECT * FROM csv.`/Volumes/lake/silver/files/a.csv`",
        ),
        ("SELECT * FROM t", "SELECT * FROM t"),
    ],
)
def test_names_are_put_as_spark_knows_them_and_all_else_stays(unity: UnityNames, sql: str, expected: str) -> None:
    assert in_spark(sql, unity) == expected


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT * FROM nowhere.silver.t", r"\[NO_SUCH_CATALOG_EXCEPTION\] Catalog 'nowhere'"),
        ("SELECT * FROM lake.bronze.t", r"\[SCHEMA_NOT_FOUND\] The schema `lake`.`bronze`"),
        ("INSERT INTO bronze.t VALUES (1)", r"\[SCHEMA_NOT_FOUND\] The schema `lake`.`bronze`"),
        ("SELECT * FROM lake__silver.t", r"\[SCHEMA_NOT_FOUND\] The schema `lake`.`lake__silver`"),
    ],
)
def test_what_nobody_declared_is_refused_in_databricks_words(unity: UnityNames, sql: str, message: str) -> None:
    with pytest.raises(SqlError, match=message):
        in_spark(sql, unity)


def test_a_session_without_catalog_finds_only_whole_names(unity: UnityNames) -> None:
    nowhere = Namespace(None, None)
    assert in_spark("SELECT * FROM lake.silver.t", unity, nowhere) == f"SELECT * FROM {T}"
    with pytest.raises(SqlError, match=r"\[SCHEMA_NOT_FOUND\] The schema `silver`"):
        in_spark("SELECT * FROM silver.t", unity, nowhere)


def test_a_table_without_schema_is_not_written_outside_declared_schemas(unity: UnityNames) -> None:
    assert in_spark("CREATE TABLE t (a INT)", unity) == "CREATE TABLE t (a INT)"
    with pytest.raises(SqlError, match=r"\[SCHEMA_NOT_FOUND\] The schema `default`"):
        in_spark("CREATE TABLE t (a INT)", unity, Namespace("lake", None))


def test_a_forgotten_schema_is_unknown_again(unity: UnityNames) -> None:
    unity.forget_schema("lake", "silver")
    with pytest.raises(SqlError, match="SCHEMA_NOT_FOUND"):
        in_spark("SELECT * FROM lake.silver.t", unity)
    with pytest.raises(SqlError, match="UC_VOLUME_NOT_FOUND"):
        unity.local_path("/Volumes/lake/silver/files/a.csv")


def test_files_of_volumes_are_read_from_the_folder_that_stands_for_them(unity: UnityNames, tmp_path: Path) -> None:
    sql = "SELECT * FROM csv.`dbfs:/Volumes/lake/silver/files/a b.csv`"
    local = tmp_path / "volumes" / "lake" / "silver" / "files" / "a b.csv"
    assert apply_edits(sql, volume_edits(sql, unity)) == f"SELECT * FROM csv.`{local}`"


@pytest.mark.parametrize(
    ("path", "message"),
    [("/Volumes/lake/gold/files", "UC_VOLUME_NOT_FOUND"), ("/etc/hosts", "INSUFFICIENT_PERMISSIONS")],
)
def test_files_outside_declared_volumes_are_refused(unity: UnityNames, path: str, message: str) -> None:
    with pytest.raises(SqlError, match=message):
        volume_edits(f"SELECT * FROM text.`{path}`", unity)


def test_messages_and_paths_of_spark_are_put_back_in_databricks_words(unity: UnityNames, tmp_path: Path) -> None:
    said = "no `spark_catalog`.`lake__silver`.`t`, nor spark_catalog.lake__gold.u, see file:/"
    assert unity.in_databricks_words(f"{said}{str(tmp_path)[1:]}/volumes/lake/silver/files/a.csv") == (
        "no `lake`.`silver`.`t`, nor lake.gold.u, see dbfs:/Volumes/lake/silver/files/a.csv"
    )
    assert unity.in_databricks_words("lake__silver") == "silver"
