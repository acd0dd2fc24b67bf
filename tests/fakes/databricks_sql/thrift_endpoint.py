from collections.abc import Collection
from typing import Any

from databricks.sql.thrift_api.TCLIService import TCLIService
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.Thrift import TApplicationException, TMessageType
from thrift.transport.TTransport import TMemoryBuffer

from tests.fakes.databricks_sql.warehouse import Warehouse, is_call
from tests.fakes.databricks_sql.warehouse_power import WarehousePower
from tests.fakes.databricks_workspace.endpoint import Endpoint, Request, Response, error_response

_WAREHOUSES = "/sql/1.0/warehouses/"


class ThriftEndpoint(Endpoint):
    """The HTTP paths of the SQL warehouses, behind all of which is one engine; ids that are added later count."""

    prefix = _WAREHOUSES

    def __init__(self, warehouse_ids: Collection[str], warehouse: Warehouse, power: WarehousePower) -> None:
        self._ids = warehouse_ids
        self._warehouse = warehouse
        self._power = power

    def answer(self, request: Request) -> Response:
        if request.path.removeprefix(_WAREHOUSES).rstrip("/") not in self._ids:
            return error_response(404, "RESOURCE_DOES_NOT_EXIST", f"SQL warehouse {request.path} does not exist.")
        refused = self._power.refusal()
        return refused or Response(200, self._call(request.body), "application/x-thrift")

    def _call(self, body: bytes) -> bytes:
        read = TBinaryProtocol(TMemoryBuffer(body))
        name, _, number = read.readMessageBegin()
        if not is_call(name):
            return _written(name, number, TMessageType.EXCEPTION, _unknown(name))
        arguments = getattr(TCLIService, f"{name}_args")()
        arguments.read(read)
        result = getattr(TCLIService, f"{name}_result")(success=self._warehouse.call(name, arguments.req))
        return _written(name, number, TMessageType.REPLY, result)


def _unknown(name: str) -> TApplicationException:
    return TApplicationException(
        TApplicationException.UNKNOWN_METHOD, f"the stand-in for a SQL warehouse does not answer {name}"
    )


def _written(name: str, number: int, kind: int, content: Any) -> bytes:
    buffer = TMemoryBuffer()
    protocol = TBinaryProtocol(buffer)
    protocol.writeMessageBegin(name, kind, number)
    content.write(protocol)
    protocol.writeMessageEnd()
    return buffer.getvalue()
