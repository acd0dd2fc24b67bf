import hashlib
import json
from collections.abc import Mapping

import dagster as dg
from platform_runtime.automation import Watch

from databricks_delta.assets.asset_context import AssetContext
from databricks_delta.lakehouse.bronze_source import BronzeSource
from databricks_delta.lakehouse.lakehouse import Lakehouse
from databricks_delta.lakehouse.landing import LandingSource
from databricks_delta.lakehouse.table import LakehouseTable

type SeenFiles = dict[str, tuple[str, str]]
"""By file name: a mark that changes when the file is written anew, and the SHA-256 of its content or its refusal."""

_REFUSED = "refused"


def landing_sensor(shared: AssetContext, landed: BronzeSource, watch: Watch) -> dg.SensorDefinition:
    """Requests a bronze run for content that it has not asked for and bronze does not hold; it loads nothing itself."""
    bronze, source = landed.bronze, landed.landing

    @dg.sensor(
        name=f"{source.folder.replace('/', '_').replace('-', '_')}_landing",
        description=f"Requests a load when files with new content land in {source.folder}",
        asset_selection=dg.AssetSelection.assets(shared.key(bronze.full_name)),
        minimum_interval_seconds=watch.every_seconds,
        default_status=watch.status,
        required_resource_keys={shared.resource},
    )
    def watch_landing(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        lakehouse: Lakehouse = getattr(context.resources, shared.resource)
        before = _decode(context.cursor)
        now = _look(lakehouse, source, before)
        new = _new_contents(lakehouse, bronze, before, now)
        requests = [_request(shared.key(bronze.full_name), new)] if new else []
        skipped = None if new else dg.SkipReason(f"{len(now)} files in {source.folder}, none with new content")
        return dg.SensorResult(run_requests=requests, skip_reason=skipped, cursor=json.dumps(now))

    return watch_landing


def _decode(cursor: str | None) -> SeenFiles:
    return {name: (mark, content) for name, (mark, content) in json.loads(cursor).items()} if cursor else {}


def _look(lakehouse: Lakehouse, source: LandingSource, before: SeenFiles) -> SeenFiles:
    """Only files that were written since are read. What is refused counts as content: a run names it once."""
    listing = lakehouse.landed(source)
    marks = {file.name: file.state for file in listing.files}
    unchanged = {name: before[name] for name, mark in marks.items() if name in before and before[name][0] == mark}
    read = lakehouse.content_hashes(source, marks.keys() - unchanged.keys())
    refused = {refusal.file: (_REFUSED, str(refusal)) for refusal in listing.refused}
    return unchanged | {name: (marks[name], str(content)) for name, content in read.items()} | refused


def _new_contents(lakehouse: Lakehouse, bronze: LakehouseTable, before: SeenFiles, now: SeenFiles) -> Mapping[str, str]:
    """File name by SHA-256."""
    asked_for = {content for _, content in before.values()}
    unseen = {content: name for name, (_, content) in sorted(now.items()) if content not in asked_for}
    if not unseen:
        return {}
    loaded = lakehouse.loaded_files(bronze)
    return {content: name for content, name in unseen.items() if content not in loaded}


def _request(bronze: dg.AssetKey, new: Mapping[str, str]) -> dg.RunRequest:
    """One run takes in everything that is new; its key is the contents, so the same ones are never asked for twice."""
    return dg.RunRequest(
        run_key=hashlib.sha256("".join(sorted(new)).encode()).hexdigest(),
        asset_selection=[bronze],
        tags={"landing/files": ", ".join(sorted(new.values()))[:200]},
    )
