"""What the clouds themselves remember of a rehearsal: their query histories, and what the state says was made."""

import os
import time
from collections.abc import Iterator
from typing import Any

from platform_cli.stacks.stack import stacks_of
from platform_contract.deployment import Deployment
from platform_contract.environment_variables import EnvironmentVariable

from tests.rehearsal.account.clients import snowflake_connection, workspace_of
from tests.rehearsal.account.trace import Call, call

# docs.snowflake.com, QUERY_HISTORY: at most so many, of the last seven days.
_MOST_QUERIES = 10_000
# docs.databricks.com, list queries: at most so many a page.
_PAGE = 1_000


def calls_since(began: float, deployment: Deployment) -> list[Call]:
    """Every statement that this process's users have sent since then, and every resource that the stacks hold.

    Args:
        began: seconds since the epoch.
        deployment: the rehearsal's own.
    """
    return [*_snowflake(began, deployment), *_databricks(began, deployment), *_resources(deployment)]


def _snowflake(began: float, deployment: Deployment) -> Iterator[Call]:
    seconds = int(time.time() - began) + 1
    with snowflake_connection(deployment) as connection, connection.cursor() as cursor:
        cursor.execute(
            "select query_text, execution_status, error_code, error_message"
            " from table(information_schema.query_history_by_user("
            f"end_time_range_start => dateadd(second, -{seconds}, current_timestamp()), "
            f"result_limit => {_MOST_QUERIES}))"
        )
        for text, status, code, message in cursor.fetchall():
            error = None if status == "SUCCESS" else f"{code} {message}"
            yield call("snowflake", text, error, deployment)


def _databricks(began: float, deployment: Deployment) -> Iterator[Call]:
    from databricks.sdk.service.sql import QueryFilter, TimeRange

    warehouse = os.environ[EnvironmentVariable.DATABRICKS_HTTP_PATH].rpartition("/")[2]
    wanted = QueryFilter(warehouse_ids=[warehouse], query_start_time_range=TimeRange(start_time_ms=int(began * 1000)))
    page: str | None = None
    while True:
        answer = workspace_of(deployment).query_history.list(filter_by=wanted, max_results=_PAGE, page_token=page)
        for one in answer.res or []:
            yield call("databricks", one.query_text or "", one.error_message, deployment)
        page = answer.next_page_token
        if not answer.has_next_page or page is None:
            return


def _resources(deployment: Deployment) -> Iterator[Call]:
    for stack in stacks_of(deployment):
        exported = stack.cli.ask(stack.folder, "stack", "export", "--stack", deployment.name)
        for resource in exported["deployment"].get("resources") or []:
            if resource.get("custom"):
                yield _resource(f"pulumi {stack.program}", resource, deployment)


def _resource(place: str, resource: dict[str, Any], deployment: Deployment) -> Call:
    """What was made, and which outputs the provider gave it, without their values: those are names or secrets."""
    name = resource["urn"].rpartition("::")[2]
    outputs = ", ".join(sorted(resource.get("outputs") or {}))
    return Call(place, call(place, f"{resource['type']} {name}", None, deployment).text, f"outputs: {outputs}")
