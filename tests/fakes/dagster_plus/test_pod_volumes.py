"""Volumes of the pods that the stand-in for an agent starts."""

from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.fakes.dagster_plus.pod_volumes import Cluster, InvalidPodError, within_mounts
from tests.fakes.workload_identity import IdentityIssuer

CLUSTER = Cluster(IdentityIssuer("https://cluster.example", rsa.generate_private_key(65537, 2048)))
TOKEN = {"serviceAccountToken": {"audience": "snowflakecomputing.com", "path": "token"}}
VOLUMES = [{"name": "id", "projected": {"sources": [TOKEN]}}, {"name": "scratch", "emptyDir": {}}]
MOUNTS = [{"name": "id", "mountPath": "/var/run/id"}, {"name": "scratch", "mountPath": "/scratch"}]


def test_a_pod_finds_the_token_of_its_service_account_for_one_audience(tmp_path: Path) -> None:
    kubernetes = {"service_account_name": "data-platform", "volumes": VOLUMES, "volume_mounts": MOUNTS}
    mounts = CLUSTER.mounts(kubernetes, "branches", tmp_path)
    environment = within_mounts({"TOKEN_FILE": "/var/run/id/token", "OTHER": "/var/run/idle"}, mounts)
    token = Path(environment["TOKEN_FILE"]).read_text(encoding="utf-8")
    key = CLUSTER.issuer.key.public_key()
    claims = jwt.decode(token, key, algorithms=["RS256"], audience="snowflakecomputing.com")
    assert (claims["iss"], claims["sub"]) == (
        "https://cluster.example",
        "system:serviceaccount:branches:data-platform",
    )
    assert environment["OTHER"] == "/var/run/idle"
    assert list(mounts["/scratch"].iterdir()) == []


@pytest.mark.parametrize(
    ("kubernetes", "fault"),
    [
        ({"volume_mounts": MOUNTS}, "Not found: 'id'"),
        ({"volumes": [{"name": "id", "hostPath": {"path": "/"}}], "volume_mounts": MOUNTS}, "hostPath is not known"),
    ],
)
def test_a_pod_that_kubernetes_would_refuse_is_refused(kubernetes: dict, fault: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidPodError, match=fault):
        CLUSTER.mounts(kubernetes, "branches", tmp_path)
