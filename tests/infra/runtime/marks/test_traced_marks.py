import pytest
import sqlglot
from platform_runtime.marks.marks import ALL_MARKED, NO_MARKS, DeclaredMarks, Marks
from platform_runtime.marks.traced_marks import traced_marks
from sqlglot import exp

TABLES = {"a.people": Marks.of(["Name"]), "a.orders": NO_MARKS, "a.unknown": ALL_MARKED}
ENGINES = ("databricks", "snowflake", "duckdb")


def traced(sql: str, dialect: str) -> Marks:
    query = sqlglot.parse_one(sql, dialect=dialect)
    assert isinstance(query, exp.Query)
    return traced_marks(query, TABLES)


@pytest.mark.parametrize("dialect", ENGINES)
@pytest.mark.parametrize(
    ("sql", "marked"),
    [
        ("select id, upper(NAME) as loud from a.people", {"loud"}),
        ("select * from a.people", {"name"}),
        ("select p.* from a.people as p join a.orders as o on o.id = p.id", {"name"}),
        ("select o.* from a.people as p join a.orders as o on o.id = p.id", set()),
        ("select o.name from a.orders as o join a.people as p on o.id = p.id", set()),
        ("select name from a.orders as o join a.people as p on o.id = p.id", {"name"}),
        ("select count(*) as n, id from a.people group by id", set()),
        ("select id from a.people where name = 'x'", set()),
        ("select case when name is null then 'none' else 'some' end as has from a.people", {"has"}),
        ("select trim(name) as nm, length(nm) as long, id from a.people", {"nm", "long"}),
        ("with q as (select trim(name) as nm, id from a.people) select id, nm as x from q", {"x"}),
        ("select x.c as d from (select name as c, id from a.people) as x", {"d"}),
        ("select id, (select max(name) from a.people) as m from a.orders", {"m"}),
        ("select id from a.orders union all select name from a.people", {"id"}),
        ("select o.id, (select o.id) as i from a.orders as o", set()),
        ("select p.id, (select p.name) as i from a.people as p", {"i"}),
        ("select first_value(id) over (order by name) as f, id from a.people", {"f"}),
        # A row as a whole.
        ("select cast(p as varchar) as whole, p.id from a.people as p", {"whole"}),
        # A table that nobody declares, and one of which nothing is known.
        ("select x from elsewhere.t", {"x"}),
        ("select x from a.unknown", {"x"}),
        # The names of columns are given anew: which is which is not looked into.
        ("select t.x, t.y from (select id, name from a.people) as t (x, y)", {"x", "y"}),
        ("with recursive r as (select 1 as n union all select n + 1 from r) select n from r", set()),
        ("with recursive r as (select name as n from a.people union all select n from r) select n from r", {"n"}),
    ],
)
def test_a_mark_follows_its_values(sql: str, marked: set[str], dialect: str) -> None:
    assert traced(sql, dialect) == Marks.of(marked)


@pytest.mark.parametrize(
    ("dialect", "sql", "marked"),
    [
        ("databricks", "select to_json(struct(*)) as j, id from a.people", {"j"}),
        (
            "databricks",
            "select id, e.word from a.people lateral view explode(split(name, ' ')) e as word",
            {"id", "word"},
        ),
        ("snowflake", "select object_construct(*) as j, id from a.people", {"j"}),
        ("snowflake", "select f.value as v, p.id from a.people as p, lateral flatten(input => p.name) as f", {"v"}),
        ("snowflake", "select name:first::string as first, id from a.people", {"first"}),
        ("duckdb", "select to_json(p) as j, p.id from a.people as p", {"j"}),
    ],
)
def test_it_follows_them_into_what_one_engine_alone_can_do(dialect: str, sql: str, marked: set[str]) -> None:
    assert traced(sql, dialect) == Marks.of(marked)


@pytest.mark.parametrize(
    "sql",
    [
        "select * from a.orders union all select * from a.people",
        # The name comes in where the id stands.
        "select * from a.people union all select name, id from a.people",
        "select upper(name) from a.people",
        "select * from a.people pivot (count(id) for name in ('x', 'y'))",
        "select columns('n.*') from a.people",
    ],
)
def test_where_it_is_lost_every_column_is_marked(sql: str) -> None:
    found = traced(sql, "duckdb")
    assert found.cover("whatever") or found.cover("n.*")


def test_without_any_mark_nothing_is_marked() -> None:
    query = sqlglot.parse_one("select x from elsewhere.t")
    assert isinstance(query, exp.Query)
    assert traced_marks(query, {"a.orders": NO_MARKS}) == NO_MARKS


def test_what_a_table_declares_of_itself_is_right() -> None:
    declared = DeclaredMarks(marked=frozenset(["born"]), cleared=frozenset(["reason"]))
    assert Marks.of(["name", "reason"]).with_declared(declared) == Marks.of(["name", "born"])
    assert ALL_MARKED.with_declared(declared) == ALL_MARKED
