from tests.fakes.databricks_sql.statement_log import StatementLog
from tests.fakes.databricks_workspace.endpoint import Endpoint, Request, Response, error_response, json_response

_HISTORY = "/api/2.0/sql/history/queries"


class QueryHistoryApi(Endpoint):
    """What the workspace remembers of statements (docs.databricks.com, REST API, Query History, list queries)."""

    prefix = _HISTORY

    def __init__(self, statements: StatementLog) -> None:
        self._statements = statements

    def answer(self, request: Request) -> Response:
        if request.method != "GET" or request.path != _HISTORY:
            return error_response(404, "ENDPOINT_NOT_FOUND", f"{request.path} does not exist.")
        ended = [
            {"query_text": text, "status": "FAILED" if error else "FINISHED", "error_message": error}
            for text, error in self._statements.ended()
        ]
        return json_response({"res": ended, "has_next_page": False})
