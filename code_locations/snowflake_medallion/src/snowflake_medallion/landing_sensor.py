import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition
from platform_runtime.automation import Watch
from platform_runtime.files.folder import Folder
from platform_runtime.files.landed_file import LandedFile, Listing

from snowflake_medallion.raw_assets import raw_store_key
from snowflake_medallion.raw_store import RawStore
from snowflake_medallion.raw_table import RawTable, Versions


def landing_sensor(
    landing: Folder, tables: Sequence[RawTable], job: UnresolvedAssetJobDefinition, watch: Watch
) -> dg.SensorDefinition:
    """A sensor that asks for one run when files have landed that are not loaded; it loads nothing itself.

    The cursor holds the state of every file at the last tick, so that a file is read, and the store asked, only when
    its size or time has changed; the run's key is made of contents, so that the same ones ask for no second run.

    Args:
        landing: where the domain's files arrive.
        tables: all of the domain.
        job: what it asks for.
        watch: whether it runs from the first load, and how often.
    """
    domain = tables[0].domain
    store = raw_store_key(domain)

    @dg.sensor(
        name=f"{domain}_landing",
        job=job,
        minimum_interval_seconds=watch.every_seconds,
        default_status=watch.status,
        description=f"Asks for a run when a file of {domain} has landed whose content is not loaded.",
        required_resource_keys={store},
    )
    def landed(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        seen = json.loads(context.cursor) if context.cursor else {}
        listing = landing.listing()
        states = _states(listing)
        changed = [file for file in listing.files if states[file.name] != seen.get(file.name)]
        # What is refused counts as content: a run names it, once.
        refused = [str(refusal) for refusal in listing.refused if states[refusal.file] != seen.get(refusal.file)]
        if not changed and not refused:
            return dg.SkipReason(f"no new file among {len(states)} in {landing.location}")
        raw_store: RawStore = getattr(context.resources, store)
        contents = [*_arrivals(landing, changed, tables, raw_store.loaded(tables)), *refused]
        if not contents:
            skipped = dg.SkipReason(f"{len(changed)} files are new or changed, and the content of each is loaded")
            return dg.SensorResult(skip_reason=skipped, cursor=json.dumps(states))
        request = dg.RunRequest(run_key=_key(contents), tags={f"{domain}/files": str(len(contents))})
        return dg.SensorResult([request], cursor=json.dumps(states))

    return landed


def _states(listing: Listing) -> dict[str, str]:
    """What changes, by name, when a file is written anew or refused for another reason."""
    files = {file.name: file.state for file in listing.files}
    return files | {refusal.file: str(refusal) for refusal in listing.refused}


def _arrivals(
    landing: Folder, changed: Iterable[LandedFile], tables: Sequence[RawTable], loaded: set[str]
) -> Iterator[str]:
    """What a run is asked for by: each file whose identity is not loaded."""
    for file in changed:
        sha256 = str(landing.hash_of(file))
        table = next((table for table in tables if table.holds(file.name)), None)
        identity = sha256 if table is None else table.identity(file.name, sha256)
        if identity not in loaded:
            # Where the latest version alone is kept, one that comes back is another arrival.
            comes_back = table is not None and table.versions is Versions.LATEST
            yield f"{identity} {file.state}" if comes_back else identity


def _key(contents: list[str]) -> str:
    return hashlib.sha256("\n".join(sorted(contents)).encode()).hexdigest()
