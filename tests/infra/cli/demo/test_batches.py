import dagster as dg
from platform_cli.demo.batches import Batch, batches


def keys(*names: str) -> frozenset[dg.AssetKey]:
    return frozenset(dg.AssetKey(name) for name in names)


def asset(name: str, *deps: str) -> dg.AssetsDefinition:
    @dg.asset(name=name, deps=list(deps))
    def made() -> None: ...

    return made


def planned(*assets: dg.AssetsDefinition, chosen: frozenset[dg.AssetKey] | None = None) -> list[Batch]:
    graph = dg.Definitions(assets=assets).resolve_asset_graph()
    return batches(graph, graph.materializable_asset_keys if chosen is None else chosen)


def test_without_tables_of_others_there_is_one_batch() -> None:
    assert planned(asset("a"), asset("b", "a")) == [Batch(frozenset(), keys("a", "b"))]


def test_what_depends_on_another_locations_table_waits_and_nothing_else() -> None:
    found = planned(asset("raw", "theirs"), asset("gold", "raw", "own"), asset("own"), asset("other"))
    assert [batch for batch in found if not batch.awaits] == [Batch(frozenset(), keys("own", "other"))]
    assert [batch for batch in found if batch.awaits] == [Batch(keys("theirs"), keys("raw", "gold"))]


def test_what_waits_for_more_is_a_batch_of_its_own_after_what_it_reads() -> None:
    found = planned(asset("a", "first"), asset("b", "a", "second"), asset("c", "second"))
    assert {batch.awaits: batch.assets for batch in found} == {
        keys("first"): keys("a"),
        keys("first", "second"): keys("b"),
        keys("second"): keys("c"),
    }
    order = [batch.assets for batch in found]
    assert order.index(keys("a")) < order.index(keys("b"))


def test_only_what_is_chosen_is_planned() -> None:
    found = planned(asset("raw", "theirs"), asset("own"), chosen=keys("raw"))
    assert found == [Batch(keys("theirs"), keys("raw"))]
