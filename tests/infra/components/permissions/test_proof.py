from platform_infra.permissions.access_graph import AccessGraph
from platform_infra.permissions.proof import prove
from platform_infra.permissions.review import review
from platform_infra.permissions.right import Grant, JustifiedRight, Reason, Right

READS = Right("ANALYST", "SELECT", "TABLE", "DB.GOLD.*")
NEED = JustifiedRight(READS, Reason("reports", "reads gold", None))
EXTRA = JustifiedRight(Right("ANALYST", "USAGE", "WAREHOUSE", "BIG"), Reason("platform", "for a while", "somebody"))


def graph(*rights: Right) -> AccessGraph:
    return AccessGraph(Grant(right, "dev", "resource") for right in rights)


def test_needs_and_extras_that_are_granted_leave_nothing() -> None:
    proof = prove(graph(READS, EXTRA.right), "dev", [NEED, EXTRA])
    assert proof.holds


def test_a_need_without_a_grant_is_missing_and_a_grant_without_a_need_in_excess() -> None:
    writes = Right("ANALYST", "INSERT", "TABLE", "DB.GOLD.*")
    proof = prove(graph(writes), "dev", [NEED])
    assert proof.missing == (NEED,)
    assert [one.right for one in proof.excess] == [writes]


def test_a_need_is_met_through_roles_in_roles() -> None:
    nested = graph(
        Right("ANALYST", "MEMBERSHIP", "ROLE", "TEAM"),
        Right("TEAM", "MEMBERSHIP", "ROLE", "READER"),
        Right("READER", "SELECT", "TABLE", "DB.GOLD.*"),
    )
    assert nested.has(READS)
    assert [found.through for found in nested.effective("ANALYST")][-1] == ("TEAM", "READER")


def test_roles_that_hold_each_other_end_somewhere() -> None:
    ring = graph(Right("A", "MEMBERSHIP", "ROLE", "B"), Right("B", "MEMBERSHIP", "ROLE", "A"))
    assert len(ring.effective("A")) == 2


def test_who_owns_a_role_has_what_it_has() -> None:
    owned = graph(Right("ANALYST", "OWNERSHIP", "ROLE", "READER"), Right("READER", "SELECT", "TABLE", "DB.GOLD.*"))
    assert owned.has(READS)


def test_who_makes_tables_owns_its_own_and_reads_none_of_the_others() -> None:
    maker = graph(Right("ANALYST", "CREATE TABLE", "SCHEMA", "DB.GOLD"))
    assert maker.has(Right("ANALYST", "OWNERSHIP", "TABLE", "DB.GOLD.*"))
    assert not maker.has(READS)


def test_the_owner_of_a_catalog_may_do_anything_in_it_and_that_of_a_database_sees_nothing() -> None:
    assert graph(Right("ci", "OWNERSHIP", "CATALOG", "platform")).has(Right("ci", "SELECT", "TABLE", "platform.gold.*"))
    assert not graph(Right("ci", "OWNERSHIP", "CATALOG", "plat")).has(Right("ci", "SELECT", "TABLE", "platform.gold.*"))
    assert not graph(Right("ANALYST", "OWNERSHIP", "DATABASE", "DB")).has(READS)


def test_another_stacks_grants_meet_needs_and_are_not_judged() -> None:
    elsewhere = AccessGraph([Grant(READS, "prod", "resource"), Grant(EXTRA.right, "prod", "resource")])
    assert prove(elsewhere, "dev", [NEED]).holds


def test_a_role_may_hang_below_sysadmin_and_below_no_other_system_role() -> None:
    below = [Right(admin, "MEMBERSHIP", "ROLE", "ANALYST") for admin in ("SYSADMIN", "ACCOUNTADMIN", "PUBLIC")]
    assert [one.right.holder for one in prove(graph(*below), "dev", []).excess] == ["ACCOUNTADMIN", "PUBLIC"]


def test_a_power_of_public_is_always_in_excess() -> None:
    public = Right("PUBLIC", "USAGE", "DATABASE", "DB")
    assert [one.right for one in prove(graph(public), "dev", []).excess] == [public]


def test_a_review_lists_each_holder_once_with_every_reason() -> None:
    again = JustifiedRight(READS, Reason("checks", "compares gold", None))
    writes = Right("ANALYST", "INSERT", "TABLE", "DB.GOLD.*")
    (section,) = review(graph(READS, writes, EXTRA.right), "dev", [NEED, again, EXTRA])
    assert section.holder == "ANALYST"
    shown = {(row.privileges, row.name): [reason.pipeline for reason in row.reasons] for row in section.rows}
    assert shown == {
        (("SELECT",), "DB.GOLD.*"): ["reports", "checks"],
        (("INSERT",), "DB.GOLD.*"): [],
        (("USAGE",), "BIG"): ["platform"],
    }


def test_a_review_follows_a_role_into_another_stack() -> None:
    both = AccessGraph(
        [
            Grant(Right("CLONER", "MEMBERSHIP", "ROLE", "READER"), "pr-7", "resource"),
            Grant(Right("READER", "SELECT", "TABLE", "DB.GOLD.*"), "prod", "resource"),
            Grant(Right("OTHER", "SELECT", "TABLE", "DB.GOLD.*"), "prod", "resource"),
        ]
    )
    assert [(one.holder, one.rows[0].stack) for one in review(both, "pr-7", [])] == [
        ("CLONER", "pr-7"),
        ("READER", "prod"),
    ]
