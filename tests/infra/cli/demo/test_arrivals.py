from platform_cli.demo.arrivals import Arrivals
from platform_cli.demo.messages import Message, Planned, TableMaterialised, Waiting


def made(location: str, table: str) -> Message:
    return TableMaterialised(location, table, "silver", None, None, None, 0.1)


def tables(*names: str) -> frozenset[str]:
    return frozenset(names)


def after(*messages: Message) -> Arrivals:
    arrivals = Arrivals(["sea", "till"])
    for message in messages:
        arrivals.note(message)
    return arrivals


TILL_WAITS = (Planned("till", tables("sales")), Waiting("till", tables("levels")))


def test_a_table_is_waited_for_until_it_is_made_and_told_once() -> None:
    arrivals = after(Planned("sea", tables("levels", "tides")), *TILL_WAITS)
    assert arrivals.answers() == {}
    arrivals.note(made("sea", "tides"))
    assert arrivals.answers() == {}
    arrivals.note(made("sea", "levels"))
    assert arrivals.answers() == {"till": tables("levels")}
    assert arrivals.answers() == {}


def test_nobody_knows_who_makes_it_until_all_have_planned() -> None:
    arrivals = after(*TILL_WAITS)
    assert arrivals.answers() == {}
    arrivals.note(Planned("sea", tables("tides")))
    assert arrivals.answers() == {"till": tables("levels")}


def test_whoever_ends_without_it_lets_others_go_on() -> None:
    arrivals = after(Planned("sea", tables("levels")), *TILL_WAITS)
    arrivals.note_end("sea")
    assert arrivals.answers() == {"till": tables("levels")}


def test_whoever_never_loaded_lets_others_go_on() -> None:
    arrivals = after(*TILL_WAITS)
    arrivals.note_end("sea")
    assert arrivals.answers() == {"till": tables("levels")}


def test_only_what_is_there_is_answered() -> None:
    arrivals = after(
        Planned("sea", tables("levels", "tides")), TILL_WAITS[0], Waiting("till", tables("levels", "tides"))
    )
    arrivals.note(made("sea", "tides"))
    assert arrivals.answers() == {"till": tables("tides")}


def test_locations_that_wait_for_each_other_are_not_kept_waiting() -> None:
    arrivals = after(Planned("sea", tables("levels")), *TILL_WAITS, Waiting("sea", tables("sales")))
    assert arrivals.answers() == {"till": tables("levels"), "sea": tables("sales")}
