"""A run that is ended ends its statement."""

import _thread
import threading
import time

import pytest
from databricks_delta.lakehouse.statement import Statement

from tests.code_locations.databricks_delta.lakehouse.databricks.on_databricks import OnDatabricks
from tests.rehearsal.databricks.client import ENDLESS

pytestmark = pytest.mark.slow


def test_whoever_is_interrupted_cancels_what_he_waits_for(on_databricks: OnDatabricks) -> None:
    def interrupt() -> None:
        on_databricks.workspace.statements.wait_for("CROSS JOIN", 30)
        time.sleep(2)  # until the warehouse has told the client the statement's handle
        _thread.interrupt_main()

    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        on_databricks.lakehouse.query(Statement(ENDLESS, "an endless question", {}), None)
    assert on_databricks.workspace.statements.cancelled == [ENDLESS]
    assert len(on_databricks.sent("CROSS JOIN")) == 1
    assert on_databricks.rows("SELECT 1 AS one") == [{"one": 1}]
