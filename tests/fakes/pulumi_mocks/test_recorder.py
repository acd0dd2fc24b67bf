import pulumi
import pytest

from tests.fakes.pulumi_mocks.recorder import run_program


def test_a_failure_in_an_output_fails_the_run_though_the_program_has_returned() -> None:
    def program() -> None:
        box = pulumi.CustomResource("shop:index/box:Box", "box", {"name": "a"})
        box.urn.apply(lambda urn: pytest.fail(f"looked into {urn}"))

    with pytest.raises(pytest.fail.Exception, match="looked into urn:pulumi:dev::shop::"):
        run_program(program, "shop", "dev", {})


def test_outputs_are_resolved_and_what_the_cloud_computes_is_known() -> None:
    class Box(pulumi.CustomResource):
        weight: pulumi.Output[int]

        def __init__(self) -> None:
            super().__init__("shop:index/box:Box", "box", {"name": "a", "weight": None})

    def program() -> None:
        pulumi.export("heavier", Box().weight.apply(lambda weight: weight + 1))

    assert run_program(program, "shop", "dev", {}, lambda _type, _inputs: {"weight": 41}).outputs == {"heavier": 42}


def test_two_runs_share_nothing() -> None:
    def program() -> None:
        pulumi.CustomResource("shop:index/box:Box", "box", {})
        pulumi.export("stack", pulumi.get_stack())

    first, second = (run_program(program, "shop", stack, {}) for stack in ("dev", "prod"))
    assert (first.outputs, second.outputs) == ({"stack": "dev"}, {"stack": "prod"})
    assert [len(run.resources) for run in (first, second)] == [1, 1]


def test_a_lookup_in_the_cloud_is_an_error() -> None:
    with pytest.raises(Exception, match="looked something up in the cloud: shop:index:find"):
        run_program(lambda: pulumi.runtime.invoke("shop:index:find", {}) and None, "shop", "dev", {})
