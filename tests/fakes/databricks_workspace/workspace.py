from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.databricks_sql.declared_lakehouse import DeclaredLakehouse
from tests.fakes.databricks_sql.engine_session import EngineSession
from tests.fakes.databricks_sql.failures import Failures
from tests.fakes.databricks_sql.spark_server import SparkServer
from tests.fakes.databricks_sql.statement_log import StatementLog
from tests.fakes.databricks_sql.thrift_endpoint import ThriftEndpoint
from tests.fakes.databricks_sql.unity_names import UnityNames
from tests.fakes.databricks_sql.warehouse import Warehouse
from tests.fakes.databricks_sql.warehouse_power import WarehousePower
from tests.fakes.databricks_workspace.access_tokens import AccessTokens
from tests.fakes.databricks_workspace.files_api import DirectoriesApi, FilesApi
from tests.fakes.databricks_workspace.https_server import serve_https
from tests.fakes.databricks_workspace.jobs_api import JobsApi
from tests.fakes.databricks_workspace.query_history_api import QueryHistoryApi
from tests.fakes.databricks_workspace.serverless_compute import ServerlessCompute
from tests.fakes.databricks_workspace.sign_in import SignIn
from tests.fakes.databricks_workspace.warehouses_api import WarehousesApi
from tests.fakes.tls_certificate import Certificate
from tests.fakes.workload_identity import Trust

WAREHOUSE_ID = "5ta4d1n0000000aa"
CLIENT_ID = "pipeline-client-id"
CLIENT_SECRET = "pipeline-client-secret"  # noqa: S105 - of the stand-in alone


@dataclass(frozen=True, slots=True)
class Workspace:
    """A running Databricks workspace: where clients find it, and what a test may do to it.

    Attributes:
        secrets: the OAuth secret of each service principal, by its client id; a test may add its own.
        trusts: each service principal's federation policies, by its client id; a test may add its own.
        warehouse_ids: what the SQL warehouses are called in their HTTP paths; a test may add its own.
    """

    port: int
    token: str
    tokens: AccessTokens
    secrets: dict[str, str]
    trusts: dict[str, list[Trust]]
    warehouse_ids: set[str]
    unity: UnityNames
    lakehouse: DeclaredLakehouse
    statements: StatementLog
    failures: Failures
    power: WarehousePower
    jobs: JobsApi

    @property
    def http_path(self) -> str:
        """The HTTP path of the SQL warehouse."""
        return f"/sql/1.0/warehouses/{WAREHOUSE_ID}"


@contextmanager
def databricks_workspace(spark: SparkServer, folder: Path, certificate: Certificate) -> Iterator[Workspace]:
    """A workspace on an engine, with files and tables in a folder, until the block is left."""
    tokens, unity, power = AccessTokens(), UnityNames(folder / "lake"), WarehousePower()
    warehouse = Warehouse(spark.url, unity)
    power.on_stop = warehouse.end_sessions
    with ServerlessCompute(spark.url, unity, warehouse.failures, folder / "runs") as compute, _engine(spark) as engine:
        jobs = JobsApi(compute)
        secrets, warehouse_ids = {CLIENT_ID: CLIENT_SECRET}, {WAREHOUSE_ID}
        trusts: dict[str, list[Trust]] = {}
        endpoints = (
            ThriftEndpoint(warehouse_ids, warehouse, power),
            FilesApi(unity),
            DirectoriesApi(unity),
            jobs,
            WarehousesApi(WAREHOUSE_ID, power),
            QueryHistoryApi(warehouse.log),
            SignIn(tokens, secrets, trusts),
        )
        try:
            with serve_https(endpoints, tokens, warehouse.failures, certificate) as port:
                yield Workspace(
                    port,
                    tokens.issue(),
                    tokens,
                    secrets,
                    trusts,
                    warehouse_ids,
                    unity,
                    DeclaredLakehouse(unity, engine),
                    warehouse.log,
                    warehouse.failures,
                    power,
                    jobs,
                )
        finally:
            jobs.cancel_all()
            warehouse.end_sessions()


@contextmanager
def _engine(spark: SparkServer) -> Iterator[EngineSession]:
    session = EngineSession(spark.url)
    try:
        yield session
    finally:
        session.close()
