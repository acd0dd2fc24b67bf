import hashlib
import json
from collections.abc import Sequence

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition
from platform_runtime.automation import Watch

from snowflake_medallion.landed_file import LandedFile, content_hash
from snowflake_medallion.landing import Landing
from snowflake_medallion.raw_assets import raw_store_key
from snowflake_medallion.raw_store import RawStore
from snowflake_medallion.raw_table import RawTable


def landing_sensor(
    landing: Landing, tables: Sequence[RawTable], job: UnresolvedAssetJobDefinition, watch: Watch
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
        files = {file.name: file for file in landing.files()}
        states = {name: _state(file) for name, file in files.items()}
        changed = [file for name, file in files.items() if states[name] != seen.get(name)]
        if not changed:
            return dg.SkipReason(f"no new file among {len(files)} in {landing.location}")
        raw_store: RawStore = getattr(context.resources, store)
        loaded = raw_store.loaded_hashes(tables)
        contents = [content for content in map(_content_hash, changed) if content not in loaded]
        if not contents:
            skipped = dg.SkipReason(f"{len(changed)} files are new or changed, and the content of each is loaded")
            return dg.SensorResult(skip_reason=skipped, cursor=json.dumps(states))
        request = dg.RunRequest(run_key=_key(contents), tags={f"{domain}/files": str(len(contents))})
        return dg.SensorResult([request], cursor=json.dumps(states))

    return landed


def _state(file: LandedFile) -> str:
    return f"{file.size}-{file.modified_at.isoformat()}"


def _key(contents: list[str]) -> str:
    return hashlib.sha256("\n".join(sorted(contents)).encode()).hexdigest()


def _content_hash(file: LandedFile) -> str:
    with file.opened() as content:
        return content_hash(content)
