"""What pipelines rely on, seen through the Snowflake connector and Dagster's resource."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import pytest

from tests.rehearsal.hosts import SNOWFLAKE_ACCOUNT
from tests.rehearsal.snowflake.conftest import DATABASE, USER, Connect, Query
from tests.rehearsal.snowflake_keys import KeyPair, make_key_pair

if TYPE_CHECKING:
    from tests.fakes.snowflake.server import SnowflakeServer
    from tests.rehearsal.declared_account import DeclaredAccount

pytestmark = pytest.mark.slow

FORMAT = "file_format = (type = csv skip_header = 1 field_optionally_enclosed_by = '\"' empty_field_as_null = true)"


@pytest.fixture
def staged(query: Query, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A file in a folder of the stage of its own, and an empty table T."""
    query("CREATE OR REPLACE TABLE t (id TEXT, name TEXT)")
    file = tmp_path / "a.csv"
    file.write_text('id,name\n1,"one, two"\n2,\n')
    folder = f"@{DATABASE}.SHOP.LANDING/{request.node.name}"
    ((source, target, *_, status, _),) = query(f"PUT 'file://{file}' {folder} AUTO_COMPRESS = TRUE OVERWRITE = TRUE")
    assert (source, target, status) == ("a.csv", "a.csv.gz", "UPLOADED")
    return folder


def listed(query: Query) -> list[str]:
    """The files of the whole stage: fakesnow lists no folder of one."""
    return [row[0] for row in query(f"LIST @{DATABASE}.SHOP.LANDING")]


def test_a_staged_file_is_listed_and_copied_once(query: Query, staged: str) -> None:
    name = f"landing/{staged.rpartition('/')[2]}/a.csv.gz"
    assert name in listed(query)
    copy = f"COPY INTO t FROM {staged}/a.csv.gz {FORMAT}"
    assert query(copy)[0][1:4] == ("LOADED", 2, 2)
    query("CREATE TABLE IF NOT EXISTS t (id TEXT, name TEXT)")
    assert query(copy)[0][1] == "LOAD_SKIPPED"
    assert query("SELECT * FROM t ORDER BY id") == [("1", "one, two"), ("2", None)]
    assert query(f"{copy} FORCE = TRUE PURGE = TRUE")[0][1:4] == ("LOADED", 2, 2)
    assert query("SELECT count(*) FROM t") == [(4,)]
    assert name not in listed(query)


def stage(query: Query, file: Path, folder: str, content: str) -> str:
    """Put a file of another content where that file was; the statement that copies it."""
    file.write_text(content)
    query(f"PUT 'file://{file}' {folder} AUTO_COMPRESS = TRUE OVERWRITE = TRUE")
    return f"COPY INTO t FROM {folder}/{file.name}.gz {FORMAT}"


def test_the_load_history_tells_files_by_path_and_content(
    query: Query, staged: str, tmp_path: Path, snowflake: "SnowflakeServer"
) -> None:
    file = tmp_path / "a.csv"
    same = file.read_text()
    copy = stage(query, file, staged, same)
    assert query(copy)[0][1] == "LOADED"
    stage(query, file, staged, same)
    assert query(copy)[0][1] == "LOAD_SKIPPED"
    stage(query, file, staged, f"{same}3,three\n")
    assert query(copy)[0][1:4] == ("LOADED", 3, 3)
    assert query(stage(query, tmp_path / "b.csv", staged, same))[0][1] == "LOADED"
    assert query(f"COPY INTO t FROM {staged}/none.csv.gz {FORMAT}") == [("Copy executed with 0 files processed.",)]
    for emptied in ("TRUNCATE TABLE t", "CREATE OR REPLACE TABLE t (id TEXT, name TEXT)"):
        query(emptied)
        assert query(copy)[0][1] == "LOADED"
        assert query(copy)[0][1] == "LOAD_SKIPPED"
    snowflake.loads.age(timedelta(days=64))
    assert query(copy)[0][1] == "LOADED"


def test_a_copy_that_is_rolled_back_was_none(query: Query, staged: str) -> None:
    copy = f"COPY INTO t FROM {staged}/a.csv.gz {FORMAT}"
    query("BEGIN")
    assert query(copy)[0][1] == "LOADED"
    query("ROLLBACK")
    assert query("SELECT count(*) FROM t") == [(0,)]
    assert query(copy)[0][1] == "LOADED"


def test_fields_of_a_file_stay_as_they_are(query: Query, staged: str, tmp_path: Path) -> None:
    query(stage(query, tmp_path / "b.csv", staged, "id,name\n007,2019-01-01T00:00:00\n08,2019-01-02T00:00:00\n"))
    assert query("SELECT * FROM t ORDER BY id") == [("007", "2019-01-01T00:00:00"), ("08", "2019-01-02T00:00:00")]


def test_a_copy_takes_columns_by_position_and_the_time_of_its_own(query: Query, staged: str) -> None:
    query("CREATE OR REPLACE TABLE t (name TEXT, id TEXT, loaded_at DATETIME)")
    source = f"FROM (SELECT $2, $1, current_timestamp()::timestamp_ntz FROM {staged}/a.csv.gz{{}})"
    with pytest.raises(Exception, match="COPY statement only supports simple SELECT"):
        query(f"COPY INTO t (name, id, loaded_at) {source.format(' WHERE $1 = 1')} {FORMAT}")
    before = datetime.now(UTC).replace(tzinfo=None)
    assert query(f"COPY INTO t (name, id, loaded_at) {source.format('')} {FORMAT}")[0][1] == "LOADED"
    assert query("SELECT id, name FROM t ORDER BY id") == [("1", "one, two"), ("2", None)]
    ((at,),) = query("SELECT DISTINCT loaded_at FROM t")
    assert before <= at <= datetime.now(UTC).replace(tzinfo=None)


def test_an_update_keeps_others_waiting_until_its_transaction_ends(connect: Connect, query: Query) -> None:
    query("CREATE OR REPLACE TABLE counted (n INT)")
    query("INSERT INTO counted VALUES (0)")

    def add(_: int) -> None:
        with connect() as session, session.cursor() as cursor:
            for _ in range(3):
                cursor.execute("BEGIN")
                cursor.execute("UPDATE counted SET n = n + 1")
                cursor.execute("SELECT n FROM counted")
                cursor.execute("COMMIT")

    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(add, range(4)))
    assert query("SELECT n FROM counted") == [(12,)]


def test_a_session_that_ends_undoes_its_transaction_and_lets_go(connect: Connect, query: Query) -> None:
    query("CREATE OR REPLACE TABLE held (n INT)")
    query("INSERT INTO held VALUES (0)")
    with connect() as session, session.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("UPDATE held SET n = 1")
        query("INSERT INTO held VALUES (2)")
    query("UPDATE held SET n = n + 10")
    assert query("SELECT n FROM held ORDER BY n") == [(10,), (12,)]


def test_a_change_of_a_table_commits_what_is_open(query: Query) -> None:
    query("CREATE OR REPLACE TABLE whole (id INT)")
    query("BEGIN")
    query("INSERT INTO whole VALUES (1)")
    query("CREATE OR REPLACE TABLE other (id INT)")
    query("ROLLBACK")
    assert query("SELECT count(*) FROM whole") == [(1,)]


def test_what_nobody_declared_is_refused(query: Query, account: "DeclaredAccount") -> None:
    for statement in ("CREATE TABLE nowhere.shop.t (a INT)", f"CREATE TABLE {DATABASE}.nowhere.t (a INT)"):
        with pytest.raises(Exception, match="does not exist"):
            query(statement)
    assert not account.has_database("NOWHERE")


def test_dagsters_resource_signs_in_by_key(account: "DeclaredAccount", key: KeyPair) -> None:
    from dagster_snowflake import SnowflakeResource

    resource = SnowflakeResource(
        account=SNOWFLAKE_ACCOUNT, user=USER, private_key=key.pem, database=DATABASE, schema="SHOP"
    )

    @dg.asset
    def counted(snowflake: SnowflakeResource) -> int:
        with snowflake.get_connection() as connection:
            cursor: Any = connection.cursor()
            cursor.execute("SELECT count(*) FROM (VALUES (1), (2))")
            ((count,),) = cursor.fetchall()
            return count

    result: Any = dg.materialize([counted], resources={"snowflake": resource})
    assert result.output_for_node("counted") == 2


@pytest.mark.parametrize("user", [USER, "SOMEBODY_ELSE"])
def test_another_key_or_user_is_turned_away(account: "DeclaredAccount", key: KeyPair, user: str) -> None:
    from snowflake.connector import connect

    stranger = make_key_pair() if user == USER else key
    with pytest.raises(Exception, match="JWT token is invalid"):
        connect(account=SNOWFLAKE_ACCOUNT, user=user, private_key=stranger.private, login_timeout=10)


def test_either_of_two_keys_signs_in_while_one_is_replaced(snowflake: "SnowflakeServer", key: KeyPair) -> None:
    from snowflake.connector import connect

    fresh = make_key_pair()
    snowflake.users.register(USER, key.public, fresh.public)
    for valid in (key, fresh):
        connect(account=SNOWFLAKE_ACCOUNT, user=USER, private_key=valid.private).close()


def test_statements_are_logged_with_what_they_carried(snowflake: "SnowflakeServer", query: Query) -> None:
    query("ALTER SESSION SET QUERY_TAG = 'shop/bronze' /* by dbt */")
    assert query("SHOW PARAMETERS LIKE 'QUERY_TAG' IN SESSION") == [("QUERY_TAG", "shop/bronze")]
    query("SELECT 1  AS one")
    query("ALTER SESSION UNSET QUERY_TAG")
    query("SELECT 2 AS two")
    ((tagged,), (plain,)) = snowflake.queries.matching("AS one"), snowflake.queries.matching("AS two")
    assert (tagged.text, tagged.user, tagged.role, tagged.warehouse) == ("SELECT 1  AS one", USER, "LOADER", "LOADING")
    assert (tagged.query_tag, plain.query_tag) == ("shop/bronze", "")


def test_merges_in_one_schema_get_on_side_by_side(connect: Connect, query: Query) -> None:
    tables = [f"target_{number}" for number in range(4)]
    for table in tables:
        query(f"CREATE OR REPLACE TABLE {table} (id INT)")

    def merge(table: str) -> int:
        with connect() as session, session.cursor() as cursor:
            for number in range(3):
                cursor.execute(
                    f"MERGE INTO {table} AS d USING (SELECT {number} AS id) AS s ON s.id = d.id "
                    "WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)"
                )
            return cursor.execute(f"SELECT sum(id) FROM {table}").fetchall()[0][0]

    with ThreadPoolExecutor(max_workers=len(tables)) as pool:
        assert list(pool.map(merge, tables)) == [3, 3, 3, 3]


def test_dbts_merge_in_its_transaction_works(query: Query) -> None:
    query("CREATE OR REPLACE TABLE target (id INT, name TEXT)")
    query("INSERT INTO target VALUES (1, 'old'), (2, 'kept')")
    rows = "SELECT * FROM VALUES (1, 'new'), (3, 'added') AS v(id, name)"
    query(f"CREATE OR REPLACE TEMPORARY VIEW {DATABASE}.SHOP.source AS {rows}")
    query("-- what dbt writes\n  begin\n/* by dbt */;")
    query(
        "MERGE INTO target AS d USING source AS s ON s.id = d.id WHEN MATCHED THEN UPDATE SET name = s.name"
        ' WHEN NOT MATCHED THEN INSERT ("ID", "NAME") VALUES ("ID", "NAME")'
    )
    query("COMMIT")
    assert query("SELECT * FROM target ORDER BY id") == [(1, "new"), (2, "kept"), (3, "added")]


def test_a_transaction_is_one(query: Query) -> None:
    query("CREATE OR REPLACE TABLE whole (id INT)")
    query("BEGIN")
    query("INSERT INTO whole VALUES (1)")
    query("ROLLBACK")
    assert query("SELECT count(*) FROM whole") == [(0,)]


def test_what_fakesnow_has_no_word_for_is_accepted(query: Query) -> None:
    query("CREATE OR REPLACE TABLE described (id INT)")
    query("GRANT SELECT ON TABLE described TO ROLE reporter")
    query("ALTER TABLE described ALTER COLUMN id COMMENT $$which one$$")
    query("COMMENT ON TABLE described IS 'what is described'")
    assert query("SHOW GRANTS ON TABLE described") == []


def test_planned_failures_come_as_snowflake_words_them(snowflake: "SnowflakeServer", query: Query) -> None:
    snowflake.failures.deny("INSERT INTO kept", "table 'KEPT'", times=1)
    snowflake.failures.time_out("SELECT 42", seconds=60, times=1)
    query("CREATE OR REPLACE TABLE kept (id INT)")
    with pytest.raises(Exception, match="Insufficient privileges to operate on table 'KEPT'"):
        query("INSERT INTO kept VALUES (1)")
    with pytest.raises(Exception, match="timeout of 60 second"):
        query("SELECT 42")
    snowflake.failures.suspend_by_monitor("LOADING", times=1)
    with pytest.raises(Exception, match="resource monitor has exceeded its quota"):
        query("SELECT 1")
    query("INSERT INTO kept VALUES (1)")
    assert query("SELECT count(*) FROM kept") == [(1,)]


def test_what_fakesnow_cannot_do_fails_at_once(query: Query, connection: Any) -> None:
    query("BEGIN")
    query("CREATE OR REPLACE TABLE first (id INT)")
    with pytest.raises(Exception, match="Conversion Error"):
        query("INSERT INTO first VALUES ('no number')")
    assert query("SELECT 1") == [(1,)]


def test_infrastructure_makes_and_unmakes(account: "DeclaredAccount", query: Query) -> None:
    account.create_database("PASSING", transient=True)
    account.create_schema("PASSING", "SHOP", transient=True)
    account.create_stage("PASSING", "SHOP", "LANDING")
    query("CREATE TABLE PASSING.SHOP.t (a INT)")
    assert (account.schemas("PASSING"), account.tables("PASSING", "SHOP")) == (["PUBLIC", "SHOP"], ["T"])
    assert account.has_stage("PASSING", "SHOP", "LANDING")
    account.drop_stage("PASSING", "SHOP", "LANDING")
    assert not account.has_stage("PASSING", "SHOP", "LANDING")
    account.drop_schema("PASSING", "SHOP")
    account.drop_database("PASSING")
    assert (account.has_database("PASSING"), account.schemas("PASSING")) == (False, [])


def test_half_a_cent_is_rounded_up_as_decimals_are(query: Query) -> None:
    query("CREATE OR REPLACE TABLE spent (amount NUMERIC(12, 2), orders INT)")
    query("INSERT INTO spent VALUES (2.01, 2), (2.03, 2), (-2.01, 2)")
    rounded = query("SELECT CAST(round(amount / orders, 2) AS NUMERIC(12, 2)) FROM spent ORDER BY amount")
    assert [str(amount) for (amount,) in rounded] == ["-1.01", "1.01", "1.02"]


def test_what_a_session_makes_for_itself_goes_with_it(account: "DeclaredAccount", key: KeyPair) -> None:
    from snowflake.connector import connect

    with connect(account=SNOWFLAKE_ACCOUNT, user=USER, private_key=key.private) as session:
        session.cursor().execute(f"CREATE TEMPORARY TABLE {DATABASE}.OTHER.passing (a INT)")
        assert account.tables(DATABASE, "OTHER") == ["PASSING"]
    assert account.tables(DATABASE, "OTHER") == []


def test_a_timestamp_that_is_null_is_null(query: Query) -> None:
    noon = datetime(2018, 9, 1, 12, 0, 0, 250000)  # noqa: DTZ001 - a time without a time zone is what is meant
    rows = query("SELECT column1 FROM VALUES ('2018-09-01 12:00:00.25'::timestamp_ntz), (NULL) ORDER BY 1")
    assert rows == [(noon,), (None,)]


def test_decimals_are_taken_as_parameters(account: "DeclaredAccount", key: KeyPair) -> None:
    from snowflake.connector import connect

    settings: dict[str, Any] = {"account": SNOWFLAKE_ACCOUNT, "user": USER, "private_key": key.private}
    with connect(**settings, database=DATABASE, schema="OTHER", paramstyle="qmark", login_timeout=10) as session:
        cursor: Any = session.cursor()
        cursor.execute("CREATE TABLE amounts (amount DECIMAL(12, 2))")
        cursor.executemany("INSERT INTO amounts VALUES (?)", [(Decimal("1.25"),), (Decimal(3),), (None,)])
        cursor.execute("SELECT sum(amount), count(*) FROM amounts")
        assert cursor.fetchall() == [(Decimal("4.25"), 3)]
        cursor.execute("DROP TABLE amounts")


def test_a_timestamp_is_what_the_session_says(query: Query) -> None:
    for mapping in ("TIMESTAMP_LTZ", "TIMESTAMP_NTZ"):
        query(f"ALTER SESSION SET TIMESTAMP_TYPE_MAPPING = '{mapping}'")
        query("CREATE OR REPLACE TABLE told (a TIMESTAMP, b DATETIME, c TIMESTAMP_NTZ, timestamped TEXT)")
        query("INSERT INTO told SELECT '2018-09-01'::timestamp, '2018-09-01', '2018-09-01', 'timestamp'")
        ((a, b, c, text),) = query("SELECT * FROM told")
        assert (a.tzinfo is None, b.tzinfo, c.tzinfo, text) == (mapping == "TIMESTAMP_NTZ", None, None, "timestamp")


def test_only_its_owner_replaces_drops_or_alters_a_table(query: Query, key: KeyPair) -> None:
    from snowflake.connector import connect

    query("CREATE OR REPLACE TABLE owned (a INT)")
    settings: dict[str, Any] = {"account": SNOWFLAKE_ACCOUNT, "user": USER, "private_key": key.private}
    with connect(**settings, database=DATABASE, schema="SHOP", role="TRANSFORMER", login_timeout=10) as other:
        cursor = other.cursor()
        for statement in (
            "CREATE OR REPLACE TABLE owned (b INT)",
            "CREATE OR REPLACE TRANSIENT TABLE owned CLONE t",
            "DROP TABLE owned",
            "ALTER TABLE owned ADD COLUMN b INT",
        ):
            with pytest.raises(Exception, match="Insufficient privileges to operate on table 'OWNED'"):
                cursor.execute(statement)
        cursor.execute("CREATE TABLE IF NOT EXISTS owned (b INT)")
        cursor.execute("INSERT INTO owned VALUES (1)")
        query("DROP TABLE owned")
        cursor.execute("CREATE OR REPLACE TABLE owned (b INT)")
        cursor.execute("DROP TABLE owned")


def test_a_user_takes_on_no_role_but_its_own(
    snowflake: "SnowflakeServer", account: "DeclaredAccount", key: KeyPair
) -> None:
    from snowflake.connector import connect

    settings: dict[str, Any] = {"account": SNOWFLAKE_ACCOUNT, "user": USER, "private_key": key.private}
    snowflake.users.limit(USER, ["LOADER"])
    connect(**settings, role="LOADER", login_timeout=10).close()
    with pytest.raises(Exception, match="Role 'SYSADMIN' specified in the connect string is not granted to this user"):
        connect(**settings, role="SYSADMIN", login_timeout=10)
    snowflake.users.forget(USER)
