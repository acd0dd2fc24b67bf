import json
from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pytest
from platform_contract.deployment import Deployment, pull_request
from platform_infra.component import PlatformComponent
from platform_infra.guardrails.force_destroy import ForceDestroyOutsidePullRequest
from platform_infra.guardrails.guarded_program import run_guarded
from platform_infra.guardrails.guardrail import Guardrail, GuardrailError
from platform_infra.guardrails.provider_inputs import ProviderInputs
from platform_infra.guardrails.unprotected_stateful import UnprotectedStateful

from tests.deployments import DEV, PROD
from tests.fakes.pulumi_mocks.recorder import RecordedStack, run_program

VOLUME = "disk:index/volume:Volume"
STATEFUL = frozenset({VOLUME})


def volume(name: str, opts: pulumi.ResourceOptions | None = None, **inputs: object) -> pulumi.CustomResource:
    return pulumi.CustomResource(VOLUME, name, dict(inputs), opts)


class Rack(PlatformComponent[str]):
    type_token = "platform:disk:Rack"  # noqa: S105 - a resource type, not a secret

    def declare(self, name: str, args: str) -> Mapping[str, Any]:
        volume(name, self.child(), label=args)
        return {}


def run(declare: Callable[[], Mapping[str, Any]], *guardrails: Guardrail) -> RecordedStack:
    return run_program(lambda: run_guarded(declare, guardrails), "disk", "prod", {})


def declared(*resources: object) -> dict[str, Any]:
    return {"made": len(resources)}


def test_a_program_that_keeps_the_rules_exports_its_outputs() -> None:
    protected = pulumi.ResourceOptions(protect=True)
    recorded = run(lambda: declared(volume("a", protected)), UnprotectedStateful(PROD, STATEFUL))
    assert recorded.outputs == {"made": 1}


def test_prod_refuses_what_holds_data_and_is_not_protected_however_deep_it_is_declared() -> None:
    with pytest.raises(GuardrailError, match=r"Volume 'inner': holds data in prod and is not protected\. Fix: declare"):
        run(lambda: declared(Rack("inner", "left", None)), UnprotectedStateful(PROD, STATEFUL))


def test_protection_is_inherited_from_the_parent() -> None:
    def declare() -> Mapping[str, Any]:
        parent = volume("parent", pulumi.ResourceOptions(protect=True))
        return declared(volume("child", pulumi.ResourceOptions(parent=parent)))

    assert run(declare, UnprotectedStateful(PROD, STATEFUL)).outputs == {"made": 1}


def test_other_deployments_may_lose_what_they_hold() -> None:
    assert run(lambda: declared(volume("a")), UnprotectedStateful(DEV, STATEFUL)).outputs == {"made": 1}


@pytest.mark.parametrize("deployment", [DEV, PROD])
def test_force_destroy_is_refused_outside_a_pull_request(deployment: Deployment) -> None:
    with pytest.raises(GuardrailError, match=r"Volume 'a': force_destroy in stack .* Fix: remove force_destroy"):
        run(lambda: declared(volume("a", force_destroy=True)), ForceDestroyOutsidePullRequest(deployment))


def test_force_destroy_that_a_cloud_computes_is_refused_as_well() -> None:
    def declare() -> Mapping[str, Any]:
        return declared(volume("a", force_destroy=pulumi.Output.from_input(True).apply(lambda value: value)))

    with pytest.raises(GuardrailError, match="force_destroy"):
        run(declare, ForceDestroyOutsidePullRequest(PROD))


def test_a_pull_request_may_force_destroy() -> None:
    rule = ForceDestroyOutsidePullRequest(pull_request(7))
    assert run(lambda: declared(volume("a", force_destroy=True)), rule).outputs == {"made": 1}


def test_a_credential_in_a_provider_is_refused_without_repeating_it() -> None:
    def declare() -> Mapping[str, Any]:
        return declared(pulumi.ProviderResource("disk", "main", {"role": "ADMIN", "password": "hunter2"}))

    with pytest.raises(GuardrailError, match=r"disk 'main': the input\(s\) password would be stored in state") as said:
        run(declare, ProviderInputs(frozenset({"role"}), {}))
    assert "hunter2" not in str(said.value)


@pytest.mark.parametrize("features", [["ONE", "OTHER"], ["OTHER"], []])
def test_a_fixed_input_of_a_provider_has_its_one_value(features: list[str]) -> None:
    rule = ProviderInputs(frozenset({"role"}), {"features": '["ONE"]'})

    def declare(stated: list[str]) -> Mapping[str, Any]:
        return declared(pulumi.ProviderResource("disk", "main", {"role": "ADMIN", "features": json.dumps(stated)}))

    assert run(lambda: declare(["ONE"]), rule).outputs == {"made": 1}
    with pytest.raises(GuardrailError, match=r"disk 'main': features has another value .* Fix: set it to \[\"ONE\"\]"):
        run(lambda: declare(features), rule)


def test_everything_that_is_refused_is_said_at_once() -> None:
    def declare() -> Mapping[str, Any]:
        return declared(volume("a", force_destroy=True), volume("b"))

    with pytest.raises(GuardrailError) as said:
        run(declare, UnprotectedStateful(PROD, STATEFUL), ForceDestroyOutsidePullRequest(PROD))
    assert str(said.value).startswith("3 guardrail violation(s)")
    assert [line.split(":")[0].strip() for line in str(said.value).splitlines()[1:]] == [
        "Volume 'a'",
        "Volume 'b'",
        "Volume 'a'",
    ]
