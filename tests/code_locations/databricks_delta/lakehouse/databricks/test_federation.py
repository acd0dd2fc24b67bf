"""A pod without a secret: a token of its ServiceAccount, which a federation policy trusts, signs it in."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from databricks_delta.lakehouse.databricks.credentials import databricks_settings
from databricks_delta.lakehouse.errors import EngineError, LakehouseError
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.spark_job.workspace_client import workspace_client
from platform_cli.diff.databricks_gold import DatabricksGold
from platform_cli.diff.gold_store import Side
from platform_contract.clone_route import CloneRoute

from tests.code_locations.databricks_delta.lakehouse.databricks.on_databricks import OnDatabricks
from tests.code_locations.databricks_delta.readings import reading, utc
from tests.deployments import PROD
from tests.fakes.workload_identity import IdentityIssuer, Trust

pytestmark = pytest.mark.slow

LANDED = utc(2013, 3, 1, 0)
CLUSTER = "https://oidc.eks.eu-west-1.amazonaws.com/id/example"
PRINCIPAL = "application-of-the-pods"
SUBJECT = "system:serviceaccount:data-platform-prod:data-platform"
AUDIENCE = "databricks"
HOUR = timedelta(hours=1)
ONE = Statement("SELECT 1 AS one", "a question of the test", {})


@dataclass(frozen=True)
class Pod:
    """Where a pod's token lies, and who signs it."""

    databricks: OnDatabricks
    issuer: IdentityIssuer
    file: Path

    def project(self, token: str) -> str:
        """Put a token where the kubelet does; the token."""
        self.file.write_text(f"{token}\n", encoding="utf-8")
        return token

    def asks(self) -> object:
        return self.databricks.lakehouse.query(ONE, None)


@pytest.fixture
def pod(on_databricks: OnDatabricks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pod]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    made = Pod(on_databricks, IdentityIssuer(CLUSTER, key), tmp_path / "token")
    made.project(made.issuer.issue_for(SUBJECT, AUDIENCE, HOUR))
    monkeypatch.delenv("DATABRICKS_TOKEN")
    monkeypatch.setenv("DATABRICKS_CLIENT_ID", PRINCIPAL)
    monkeypatch.setenv("DATABRICKS_OIDC_TOKEN_FILEPATH", str(made.file))
    # As in a job of GitHub, whose variables are of another way in.
    monkeypatch.setenv("DATABRICKS_TOKEN_AUDIENCE", "somebody else")
    on_databricks.workspace.trusts[PRINCIPAL] = [Trust(made.issuer, SUBJECT, (AUDIENCE,))]
    yield made
    del on_databricks.workspace.trusts[PRINCIPAL]


def test_everything_that_signs_in_does_so_and_exchanges_once_for_many_requests(pod: Pod) -> None:
    workspace = pod.databricks.workspace
    pod.databricks.land("a.csv.gz", [reading("EWR", utc(2013, 1, 5, 12))], LANDED)
    before, asked = workspace.tokens.issued, len(workspace.statements.matching(""))
    assert [file.name for file in pod.databricks.ingest().loaded] == ["a.csv.gz"]
    # The session's, and that of the client that lists the volume.
    assert workspace.tokens.issued == before + 2
    assert len(workspace.statements.matching("")) > asked + 5

    lakehouse = pod.databricks.lakehouse
    assert [file.name for file in lakehouse.landed(pod.databricks.blueprint.sources[0].landing).files] == ["a.csv.gz"]
    client = workspace_client(databricks_settings(pod.databricks.catalog))
    assert client.files.get_metadata(f"{lakehouse.landing_volume}/weather/a.csv.gz").content_length
    assert DatabricksGold(lakehouse, CloneRoute(PROD, pod.databricks.deployment), "gold").tables(Side.HEAD) == {}


def test_a_token_in_the_environment_signs_in_as_well(pod: Pod, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABRICKS_OIDC_TOKEN_FILEPATH")
    monkeypatch.setenv("DATABRICKS_OIDC_TOKEN", pod.file.read_text(encoding="utf-8").strip())
    pod.file.unlink()
    assert pod.asks() == [{"one": 1}]


def test_a_token_that_was_replaced_on_disk_is_read_anew_when_the_session_needs_one(pod: Pod) -> None:
    # The client renews 40 seconds before the end: after one second, then.
    pod.project(pod.issuer.issue_for(SUBJECT, AUDIENCE, timedelta(seconds=42)))
    with pod.databricks.lakehouse.reader() as reader:
        assert reader.query(ONE, None) == [{"one": 1}]
        issued = pod.databricks.workspace.tokens.issued
        pod.project(pod.issuer.issue_for(SUBJECT, AUDIENCE, HOUR))
        time.sleep(3)
        assert reader.query(ONE, None) == [{"one": 1}]
        assert reader.query(ONE, None) == [{"one": 1}]
    assert pod.databricks.workspace.tokens.issued == issued + 1


def _expired(pod: Pod) -> str:
    return pod.issuer.issue_for(SUBJECT, AUDIENCE, timedelta(minutes=-1))


def _of_another_service_account(pod: Pod) -> str:
    return pod.issuer.issue_for("system:serviceaccount:data-platform-pull-requests:data-platform", AUDIENCE, HOUR)


def _for_another_audience(pod: Pod) -> str:
    return pod.issuer.issue_for(SUBJECT, "snowflakecomputing.com", HOUR)


def _of_a_job_of_github(pod: Pod) -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    github = IdentityIssuer("https://token.actions.githubusercontent.com", key)
    return github.issue("repo:example-org/data-platform:environment:pull-requests", AUDIENCE)


@pytest.mark.parametrize("token", [_expired, _of_another_service_account, _for_another_audience, _of_a_job_of_github])
def test_a_token_that_no_policy_trusts_is_refused_and_told_to_nobody(pod: Pod, token: Callable[[Pod], str]) -> None:
    presented = pod.project(token(pod))
    for sign_in in (pod.asks, lambda: workspace_client(databricks_settings(pod.databricks.catalog))):
        with pytest.raises(LakehouseError) as refused:
            sign_in()
        assert isinstance(refused.value, EngineError)
        assert "federation policy" in str(refused.value).splitlines()[0]
        assert presented not in str(refused.value)


def test_a_pod_without_the_volume_is_told_to_mount_it(pod: Pod) -> None:
    pod.file.unlink()
    with pytest.raises(EngineError, match=r"^Mount the token of the pod's ServiceAccount"):
        pod.asks()


def test_a_secret_that_was_given_goes_before_the_pods_own_token(pod: Pod, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pod.databricks.workspace.secrets, PRINCIPAL, "of-the-principal")
    monkeypatch.setenv("DATABRICKS_CLIENT_SECRET", "of-the-principal")
    pod.file.unlink()
    assert os.environ["DATABRICKS_OIDC_TOKEN_FILEPATH"]
    assert pod.asks() == [{"one": 1}]
