from collections.abc import Callable, Mapping

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.fakes.pulumi_mocks.recorder import RecordedResource, RecordedStack

Run = Callable[..., RecordedStack]


@pytest.fixture(scope="module")
def public_keys() -> list[str]:
    keys = (rsa.generate_private_key(public_exponent=65_537, key_size=2_048) for _ in range(2))
    pem = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return [key.public_key().public_bytes(*pem).decode("ascii") for key in keys]


def body(pem: str) -> str:
    return "".join(line for line in pem.splitlines() if "-----" not in line)


def acting_as(recorded: RecordedStack, resource: RecordedResource) -> str:
    """The role of the provider that makes a resource."""
    return recorded.one("pulumi:providers:snowflake", resource.provider_name).inputs["role"]


def user(recorded: RecordedStack, name: str) -> Mapping[str, object]:
    return recorded.inputs_by_name("ServiceUser")[name]


def test_a_user_that_nothing_vouches_for_is_made_and_stays_disabled(recorded: Mapping[str, RecordedStack]) -> None:
    dagster = user(recorded["prod"], "DAGSTER")
    assert dagster["disabled"] == "true"
    assert not {"rsaPublicKey", "rsaPublicKey2", "defaultWorkloadIdentity", "password"} & dagster.keys()
    steps = recorded["prod"].outputs["next_steps"]
    assert [step for step in steps if step.startswith("DAGSTER is disabled") and "users.dagster" in step]


def test_a_key_pair_fills_one_slot_and_a_rotation_both(run_stack: Run, public_keys: list[str]) -> None:
    first, second = public_keys
    before = user(run_stack("prod", users={"dagster": {"kind": "key_pair", "public_key": first}}), "DAGSTER")
    assert (before["rsaPublicKey"], before.get("rsaPublicKey2"), before["disabled"]) == (body(first), None, "false")
    keys = {"kind": "key_pair", "public_key": first, "public_key_2": second}
    during = user(run_stack("prod", users={"dagster": keys}), "DAGSTER")
    assert (during["rsaPublicKey"], during["rsaPublicKey2"]) == (body(first), body(second))


def test_continuous_integration_signs_in_by_the_identity_that_github_vouches_for(
    recorded: Mapping[str, RecordedStack],
) -> None:
    runner = user(recorded["dev"], "CI_RUNNER_DEV")
    assert runner["defaultWorkloadIdentity"] == {
        "oidc": {
            "issuer": "https://token.actions.githubusercontent.com",
            "subject": "repo:example-org/data-platform:environment:pull-requests",
        }
    }
    assert runner["disabled"] == "false"


def test_pods_of_branch_deployments_sign_in_by_the_identity_of_their_cluster_and_not_by_githubs(
    recorded: Mapping[str, RecordedStack],
) -> None:
    pods = user(recorded["dev"], "BRANCH_RUNNER_DEV")
    assert pods["defaultWorkloadIdentity"] == {
        "oidc": {
            "issuer": "https://oidc.eks.eu-west-1.amazonaws.com/id/example",
            "subject": "system:serviceaccount:data-platform-pull-requests:data-platform",
        }
    }
    assert pods["disabled"] == "false"


@pytest.mark.parametrize(
    ("stated", "sent"),
    [
        (
            {"kind": "aws", "arn": "arn:aws:iam::123456789012:role/dagster"},
            {"aws": {"arn": "arn:aws:iam::123456789012:role/dagster"}},
        ),
        (
            {"kind": "azure", "issuer": "https://login.microsoftonline.com/t/v2.0", "subject": "s"},
            {"azure": {"issuer": "https://login.microsoftonline.com/t/v2.0", "subject": "s"}},
        ),
        ({"kind": "gcp", "subject": "1234"}, {"gcp": {"subject": "1234"}}),
        (
            {"kind": "oidc", "issuer": "https://id.example.org", "subject": "s", "audiences": ["snowflake"]},
            {"oidc": {"issuer": "https://id.example.org", "subject": "s", "oidcAudienceLists": ["snowflake"]}},
        ),
    ],
)
def test_each_platform_can_vouch_for_a_user(run_stack: Run, stated: object, sent: object) -> None:
    assert user(run_stack("prod", users={"dagster": stated}), "DAGSTER")["defaultWorkloadIdentity"] == sent


@pytest.mark.parametrize(
    ("stack", "name", "role", "warehouse"),
    [
        ("prod", "DAGSTER", "TRANSFORMER", "TRANSFORMING"),
        ("prod", "REPORTING_TOOL", "REPORTER", "REPORTING"),
        ("dev", "CI_RUNNER_DEV", "CI_READER_DEV", "CI_DEV"),
        ("dev", "BRANCH_RUNNER_DEV", "PR_PIPELINES_DEV", "CI_DEV"),
    ],
)
def test_a_session_starts_with_the_power_of_one_role(
    recorded: Mapping[str, RecordedStack], stack: str, name: str, role: str, warehouse: str
) -> None:
    starts = user(recorded[stack], name)
    assert (starts["defaultRole"], starts["defaultWarehouse"]) == (role, warehouse)
    assert starts["defaultSecondaryRolesOption"] == "NONE"


@pytest.mark.parametrize("settings", [{}, {"allowed_cidrs": ["192.0.2.0/24"]}])
def test_users_belong_to_the_owner_of_network_policies_whether_there_is_one_or_not(
    run_stack: Run, settings: dict[str, object]
) -> None:
    recorded = run_stack("prod", **settings)
    assert {acting_as(recorded, one) for one in recorded.of_type("ServiceUser")} == {"SECURITYADMIN"}
    assert {acting_as(recorded, one) for one in recorded.of_type("NetworkPolicy")} <= {"SECURITYADMIN"}


def test_a_network_policy_binds_every_user(run_stack: Run) -> None:
    recorded = run_stack("prod", allowed_cidrs=["192.0.2.0/24", "198.51.100.7/32"])
    (policy,) = recorded.of_type("NetworkPolicy")
    assert policy.inputs["name"] == "SERVICE_NETWORK"
    assert policy.inputs["allowedIpLists"] == ["192.0.2.0/24", "198.51.100.7/32"]
    users = recorded.of_type("ServiceUser")
    assert {u.inputs["networkPolicy"] for u in users} == {"SERVICE_NETWORK"}
