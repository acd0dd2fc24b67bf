from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import batched, groupby

from platform_runtime.files.refusal import Refusal

from databricks_delta.lakehouse.databricks.copy_into import copy_into
from databricks_delta.lakehouse.databricks.credentials import Settings
from databricks_delta.lakehouse.databricks.evolution import ensure_table
from databricks_delta.lakehouse.databricks.failures import StatementError
from databricks_delta.lakehouse.databricks.landed_batch import CheckedFile, checked_batch
from databricks_delta.lakehouse.databricks.landing_volume import LandingVolume
from databricks_delta.lakehouse.databricks.loads import Load, loads, remove, rows_by_period, settle
from databricks_delta.lakehouse.databricks.session import Session
from databricks_delta.lakehouse.databricks.volume_listing import VolumeFolder
from databricks_delta.lakehouse.landing import Ingestion, LandingSource, LoadedFile
from databricks_delta.lakehouse.table import LakehouseTable

_FILES_AT_ONCE = 100
_UNREADABLE = ("MALFORMED_", "FAILED_READ_FILE", "CANNOT_PARSE", "CANNOT_READ", "TASK_WRITE_FAILED")


@dataclass(frozen=True, slots=True)
class VolumeIngestion:
    """Adds to bronze the rows of every file in a volume's folder whose content is not there.

    Attributes:
        settings: what signs in.
        tried: files that this ingestion set out to load, by SHA-256. An attempt that was cut short may have loaded some
            of them, and the next one finds them in bronze: they count as loaded all the same.
    """

    bronze: LakehouseTable
    source: LandingSource
    settings: Settings
    folder: VolumeFolder
    tried: dict[str, CheckedFile] = field(default_factory=dict)

    def run(self, session: Session) -> Ingestion:
        """Look at the folder, load what is new, and tell of it; may be run again at any point."""
        ensure_table(session, self.bronze)
        known = loads(session, self.bronze, None)
        settle(session, self.bronze, known)
        batch = checked_batch(LandingVolume(session, self.settings, self.folder), self.source, known)
        self.tried.update({file.sha256: file for file in batch.new})
        refused = [*self._load(session, batch.new), *self._disagreements(session)]
        held = self._held(session)
        loaded = [file for content, file in self.tried.items() if content in held]
        ours = {file.file.name for file in loaded}
        return Ingestion(
            loaded=tuple(LoadedFile(file.file.name, file.sha256, file.rows) for file in loaded),
            known=tuple(name for name in batch.known if name not in ours),
            problems=(*batch.problems, *refused),
            ignored=tuple(batch.ignored),
            rows_by_period=rows_by_period(session, self.bronze, [file.sha256 for file in loaded]),
        )

    def _load(self, session: Session, files: Sequence[CheckedFile]) -> list[Refusal]:
        """COPY INTO remembers paths, which keeps two runs from loading a file at the same time, and no more than that.

        It passes over a file that was corrected under its own name, and over one whose rows a restore took away: those
        are loaded by force.
        """
        if not files:
            return []
        problems = list(self._copy(session, files, force=False))
        bad = {problem.file for problem in problems}
        held = self._held(session)
        passed_over = [file for file in files if file.sha256 not in held and file.file.name not in bad]
        return problems + list(self._copy(session, passed_over, force=True))

    def _copy(self, session: Session, files: Sequence[CheckedFile], *, force: bool) -> Iterator[Refusal]:
        by_header = groupby(sorted(files, key=lambda file: file.header), key=lambda file: file.header)
        for _, same in by_header:
            for several in batched(same, _FILES_AT_ONCE, strict=False):
                yield from self._copy_together(session, several, force=force)

    def _copy_together(self, session: Session, files: Sequence[CheckedFile], *, force: bool) -> Iterator[Refusal]:
        names = ", ".join(file.file.name for file in files)
        statement = copy_into(self.bronze, self.source, self.folder.path, files, force=force)
        try:
            session.rows(statement, {}, f"{self.bronze.full_name}, {names}")
        except StatementError as error:
            if not error.condition.startswith(_UNREADABLE):
                raise
            if len(files) == 1:
                yield Refusal(names, "", f"the warehouse cannot read it ({error})", "correct it and land it again")
                return
            # One of them is bad: the others are loaded.
            for file in files:
                yield from self._copy_together(session, [file], force=force)

    def _disagreements(self, session: Session) -> list[Refusal]:
        """Files of which the warehouse read other rows than stand in them: they are taken out again."""
        held = self._held(session)
        if settle(session, self.bronze, held):
            held = self._held(session)
        differing = [file for content, file in self.tried.items() if content in held and _differs(file, held[content])]
        if differing:
            remove(session, self.bronze, [file.sha256 for file in differing])
        return [_disagreement(file, held[file.sha256]) for file in differing]

    def _held(self, session: Session) -> dict[str, Load]:
        return loads(session, self.bronze, self.tried.keys()) if self.tried else {}


def _differs(file: CheckedFile, load: Load) -> bool:
    # One that another run is loading at this moment will be put right by the one that ends last.
    return load.times == 1 and load.rows != file.rows


def _disagreement(file: CheckedFile, load: Load) -> Refusal:
    return Refusal(
        file.file.name,
        "",
        f"the warehouse reads {load.rows} rows where {file.rows} stand",
        "quote fields that hold commas, quotes or line breaks, double the quotes within, and land the file again",
    )
