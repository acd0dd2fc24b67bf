"""Who the Snowflake stand-in lets in: each user by the one identity that is its own."""

from cryptography.hazmat.primitives.asymmetric import rsa

from tests.fakes.snowflake.users import Users
from tests.fakes.workload_identity import IdentityIssuer, Trust

AUDIENCE = "snowflakecomputing.com"
JOB = "repo:example-org/data-platform:environment:pull-requests"
POD = "system:serviceaccount:data-platform-pull-requests:data-platform"


def issuer(name: str) -> IdentityIssuer:
    return IdentityIssuer(name, rsa.generate_private_key(public_exponent=65537, key_size=2048))


GITHUB, CLUSTER = issuer("https://token.actions.githubusercontent.com"), issuer("https://cluster.example")


def refusal(users: Users, user: str, token: str) -> str | None:
    login = {"LOGIN_NAME": user, "AUTHENTICATOR": "WORKLOAD_IDENTITY", "PROVIDER": "OIDC", "TOKEN": token}
    return users.refusal(login)


def test_a_jobs_token_is_no_pods_and_a_pods_no_jobs() -> None:
    users = Users()
    users.trust("CI_RUNNER_DEV", Trust(GITHUB, JOB, (AUDIENCE,)))
    users.trust("BRANCH_RUNNER_DEV", Trust(CLUSTER, POD, (AUDIENCE,)))
    job, pod = GITHUB.issue(JOB, AUDIENCE), CLUSTER.issue(POD, AUDIENCE)
    assert refusal(users, "CI_RUNNER_DEV", job) is None
    assert refusal(users, "BRANCH_RUNNER_DEV", pod) is None
    assert "token is invalid" in str(refusal(users, "BRANCH_RUNNER_DEV", job))
    assert "token is invalid" in str(refusal(users, "CI_RUNNER_DEV", pod))
    assert "token is invalid" in str(refusal(users, "BRANCH_RUNNER_DEV", CLUSTER.issue(f"{POD}-other", AUDIENCE)))
    assert "token is invalid" in str(refusal(users, "BRANCH_RUNNER_DEV", CLUSTER.issue(POD, "elsewhere")))


def test_a_user_has_one_identity() -> None:
    users = Users()
    users.trust("CI_RUNNER_DEV", Trust(GITHUB, JOB, (AUDIENCE,)))
    users.trust("CI_RUNNER_DEV", Trust(CLUSTER, POD, (AUDIENCE,)))
    assert "token is invalid" in str(refusal(users, "CI_RUNNER_DEV", GITHUB.issue(JOB, AUDIENCE)))
    assert refusal(users, "CI_RUNNER_DEV", CLUSTER.issue(POD, AUDIENCE)) is None


def test_an_identity_is_no_key() -> None:
    users = Users()
    users.trust("BRANCH_RUNNER_DEV", Trust(CLUSTER, POD, (AUDIENCE,)))
    login = {"LOGIN_NAME": "BRANCH_RUNNER_DEV", "AUTHENTICATOR": "SNOWFLAKE_JWT", "TOKEN": "a.b.c"}
    assert users.refusal(login) == "JWT token is invalid."
