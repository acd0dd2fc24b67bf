import hashlib
import json

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition
from platform_runtime.automation import Watch

from snowflake_medallion.landed_file import LandedFile, content_hash
from snowflake_medallion.landing import Landing
from snowflake_medallion.raw_store import RawStore
from snowflake_medallion.raw_table import SHOP_TABLES


def landing_sensor(landing: Landing, job: UnresolvedAssetJobDefinition, watch: Watch) -> dg.SensorDefinition:
    """A sensor that asks for one run when files have landed that are not loaded; it loads nothing itself.

    The cursor holds the state of every file at the last tick, so that a file is read, and the store asked, only when
    its size or time has changed; the run's key is made of contents, so that the same ones ask for no second run.
    """

    @dg.sensor(
        name="shop_landing",
        job=job,
        minimum_interval_seconds=watch.every_seconds,
        default_status=watch.status,
        description="Asks for a run when a file of the shop has landed whose content is not loaded.",
    )
    def shop_landing(context: dg.SensorEvaluationContext, raw_store: RawStore) -> dg.SensorResult | dg.SkipReason:
        seen = json.loads(context.cursor) if context.cursor else {}
        files = {file.name: file for file in landing.files()}
        states = {name: _state(file) for name, file in files.items()}
        changed = [file for name, file in files.items() if states[name] != seen.get(name)]
        if not changed:
            return dg.SkipReason(f"no new file among {len(files)} in {landing.location}")
        loaded = raw_store.loaded_hashes(SHOP_TABLES)
        contents = [content for content in map(_content_hash, changed) if content not in loaded]
        if not contents:
            skipped = dg.SkipReason(f"{len(changed)} files are new or changed, and the content of each is loaded")
            return dg.SensorResult(skip_reason=skipped, cursor=json.dumps(states))
        request = dg.RunRequest(run_key=_key(contents), tags={"shop/files": str(len(contents))})
        return dg.SensorResult([request], cursor=json.dumps(states))

    return shop_landing


def _state(file: LandedFile) -> str:
    return f"{file.size}-{file.modified_at.isoformat()}"


def _key(contents: list[str]) -> str:
    return hashlib.sha256("\n".join(sorted(contents)).encode()).hexdigest()


def _content_hash(file: LandedFile) -> str:
    with file.opened() as content:
        return content_hash(content)
