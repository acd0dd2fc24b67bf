import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from platform_contract.local_paths import checkout

from tests.rehearsal.requirements import missing_packages, require_tools


@pytest.mark.slow
def test_the_published_manifest_names_production_in_snowflake(
    platform: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_tools("dbt on Snowflake", missing_packages("dbt.adapters.snowflake"))
    monkeypatch.chdir(checkout(Path(__file__)))
    written = platform("manifest", "--deployment", "prod", "--into", str(tmp_path / "out"))
    assert written.exit_code == 0, written.output
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["metadata"]["adapter_type"] == "snowflake"
    assert {node["database"] for node in manifest["nodes"].values()} == {"ANALYTICS"}
    assert {source["database"] for source in manifest["sources"].values()} == {"RAW"}
