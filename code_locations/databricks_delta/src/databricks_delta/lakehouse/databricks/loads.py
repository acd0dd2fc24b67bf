from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from databricks_delta.lakehouse.bronze_columns import INGESTED_AT, SOURCE_FILE, SOURCE_SHA256
from databricks_delta.lakehouse.databricks.session import Session
from databricks_delta.lakehouse.databricks_sql import sql_text
from databricks_delta.lakehouse.errors import LakehouseError
from databricks_delta.lakehouse.table import LakehouseTable


@dataclass(frozen=True, slots=True)
class Load:
    """What bronze holds of one content.

    Attributes:
        file: the name under which it was loaded.
        times: how often it was loaded; more than once only when a load was sent twice, or two ran at the same time.
        first_at: when it was loaded first.
        rows: rows, of all of those loads.
    """

    file: str
    times: int
    first_at: datetime
    rows: int


def loads(session: Session, bronze: LakehouseTable, contents: Collection[str] | None) -> dict[str, Load]:
    """What bronze holds, by SHA-256: of those contents, or of all for None."""
    only = "" if contents is None else f" WHERE {_among(contents)}"
    rows = session.rows(
        f"SELECT {SOURCE_SHA256} AS sha256, min({SOURCE_FILE}) AS file, count(DISTINCT {INGESTED_AT}) AS times, "  # noqa: S608
        f"min({INGESTED_AT}) AS first_at, count(*) AS n FROM {bronze.full_name}{only} GROUP BY {SOURCE_SHA256}",
        {},
        bronze.full_name,
    )
    return {
        str(row["sha256"]): Load(
            str(row["file"]), int(str(row["times"])), _instant(row["first_at"], bronze), int(str(row["n"]))
        )
        for row in rows
    }


def settle(session: Session, bronze: LakehouseTable, found: Mapping[str, Load]) -> bool:
    """Take away what was loaded a second time; the first load of each content stays.

    A load that is sent again after its answer was lost, or runs beside another of the same file, has a time of its own,
    by which it is told from the first.

    Returns:
        Whether there was anything to take away.
    """
    repeated = {content: load for content, load in found.items() if load.times > 1}
    for content, load in repeated.items():
        session.rows(
            f"DELETE FROM {bronze.full_name} WHERE {SOURCE_SHA256} = :content AND {INGESTED_AT} > :first_at",  # noqa: S608
            {"content": content, "first_at": load.first_at},
            bronze.full_name,
        )
    return bool(repeated)


def remove(session: Session, bronze: LakehouseTable, contents: Collection[str]) -> None:
    """Take contents out of bronze."""
    session.rows(f"DELETE FROM {bronze.full_name} WHERE {_among(contents)}", {}, bronze.full_name)  # noqa: S608


def rows_by_period(session: Session, bronze: LakehouseTable, contents: Collection[str]) -> dict[str, int]:
    """How many rows of those contents bronze holds, by period."""
    if not contents:
        return {}
    period = bronze.period
    counted = f"SELECT {period}, count(*) AS n FROM {bronze.full_name} WHERE {_among(contents)} GROUP BY {period}"  # noqa: S608
    rows = session.rows(counted, {}, bronze.full_name)
    return {str(row[period]): int(str(row["n"])) for row in rows}


def _among(contents: Collection[str]) -> str:
    return f"{SOURCE_SHA256} IN ({', '.join(map(sql_text, sorted(contents)))})"


def _instant(value: object, bronze: LakehouseTable) -> datetime:
    if not isinstance(value, datetime):
        raise LakehouseError(f"{bronze.full_name}: {INGESTED_AT} holds {value!r} where a time belongs")
    return value if value.tzinfo else value.replace(tzinfo=UTC)
