from tests.fakes.databricks_sql.warehouse_power import WarehousePower
from tests.fakes.databricks_workspace.endpoint import Endpoint, Request, Response, error_response, json_response

_WAREHOUSES = "/api/2.0/sql/warehouses"


class WarehousesApi(Endpoint):
    """What the workspace says of its one SQL warehouse, and the way to start and stop it."""

    prefix = _WAREHOUSES

    def __init__(self, warehouse_id: str, power: WarehousePower) -> None:
        self._id = warehouse_id
        self._power = power

    def answer(self, request: Request) -> Response:
        described = {"id": self._id, "name": "platform_sql", "state": self._power.state.value}
        match request.method, request.path.removeprefix(_WAREHOUSES).strip("/").split("/"):
            case "GET", [""]:
                return json_response({"warehouses": [described]})
            case "GET", [self._id]:
                return json_response(described)
            case "POST", [self._id, "start"]:
                self._power.start()
            case "POST", [self._id, "stop"]:
                self._power.stop(refusals=1)
            case _:
                return error_response(404, "RESOURCE_DOES_NOT_EXIST", f"{request.path} does not exist.")
        return json_response({})
