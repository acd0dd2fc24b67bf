from collections.abc import Mapping
from dataclasses import dataclass

from platform_runtime.files.file_format import FileFormat
from platform_runtime.files.refusal import Refusal
from platform_runtime.lakehouse.granularity import Granularity

from databricks_delta.lakehouse.bronze_columns import SourceColumns
from databricks_delta.lakehouse.periods import UNREADABLE_PERIOD
from databricks_delta.lakehouse.statement import ParameterValue, Statement


@dataclass(frozen=True, slots=True)
class LandingSource:
    """A folder where files of one kind arrive, and what stands in them.

    Attributes:
        folder: the folder's name under the landing folder or volume.
        files: pattern of the file names, such as `*.csv.gz`; it minds no case.
        format: how the files are written.
        columns: description and type by column name, in the order of the files.
        key: the columns that tell one thing observed from another.
        event_time: Databricks SQL over the source columns: the instant of a row, null where it has none.
        granularity: how long the period is that a row belongs to by that.
        parameters: the values of the `:names` in that expression.
    """

    folder: str
    files: str
    format: FileFormat
    columns: SourceColumns
    key: tuple[str, ...]
    event_time: str
    granularity: Granularity
    parameters: Mapping[str, ParameterValue]

    def period_of(self, instant: str) -> str:
        """SQL for the period of an instant in SQL, `unreadable` where it is null."""
        return f"coalesce(date_format({instant}, '{self.granularity.sql_format}'), '{UNREADABLE_PERIOD}')"

    @property
    def event_time_statement(self) -> Statement:
        """The expression as a statement of its own, as far as it can be judged without the files."""
        return Statement(f"SELECT {self.event_time} AS event_time", "source.event_time", self.parameters)


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A landing file whose rows were added to bronze."""

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Ingestion:
    """What one look at the landing folder did.

    Attributes:
        loaded: files whose rows were added.
        known: names of files whose content was in bronze before, under whatever name.
        problems: files that were left where they are, because they cannot be loaded.
        ignored: files in the folder that the source's pattern does not match.
        rows_by_period: rows added, by period.
    """

    loaded: tuple[LoadedFile, ...]
    known: tuple[str, ...]
    problems: tuple[Refusal, ...]
    ignored: tuple[str, ...]
    rows_by_period: Mapping[str, int]
