from collections.abc import Mapping
from dataclasses import replace

from databricks_delta.lakehouse import databricks_sql
from databricks_delta.lakehouse.databricks.evolution import keeps_folders
from databricks_delta.lakehouse.databricks.session import Session
from databricks_delta.lakehouse.databricks.stored_table import stored_table
from databricks_delta.lakehouse.table import LakehouseTable

_COUNTED = {"numFilesAdded": "files_written", "numFilesRemoved": "files_joined"}


def maintain_table(session: Session, table: LakehouseTable) -> Mapping[str, int]:
    """Join small files in the order of clustering, then delete the files that retention has passed.

    Returns:
        How many files clustering joined and wrote; of what it deletes Databricks tells no number.
    """
    in_folders = keeps_folders(stored_table(session, table), table)
    as_it_lies = replace(table, liquid=table.liquid and not in_folders)
    optimized = session.rows(databricks_sql.optimize(as_it_lies), {}, table.full_name)
    session.rows(databricks_sql.vacuum(table), {}, table.full_name)
    metrics = optimized[0].get("metrics") if optimized else None
    if not isinstance(metrics, Mapping):
        return {}
    return {ours: int(str(metrics[theirs])) for theirs, ours in _COUNTED.items() if theirs in metrics}
