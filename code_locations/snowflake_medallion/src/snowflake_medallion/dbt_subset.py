import dagster as dg
from dagster_dbt.asset_utils import DAGSTER_DBT_UNIQUE_ID_METADATA_KEY, get_manifest_and_translator_from_dbt_assets


def tests_left_out(context: dg.AssetExecutionContext) -> list[str]:
    """The data tests of models that were not asked for, as dbt selects them.

    dbt runs every test of which one model is selected, also one that reads a model that nobody has built yet: a run of
    some models would fail by a test of another one.
    """
    models = context.assets_def
    manifest, _, _ = get_manifest_and_translator_from_dbt_assets([models])
    asked = context.selected_asset_check_keys
    ids = [
        spec.metadata[DAGSTER_DBT_UNIQUE_ID_METADATA_KEY]
        for spec in models.node_check_specs_by_output_name.values()
        if spec.key not in asked and spec.asset_key in models.node_keys_by_output_name.values()
    ]
    # A unit test goes with its model alone, and is no node.
    return sorted(".".join(manifest["nodes"][unique_id]["fqn"]) for unique_id in ids if unique_id in manifest["nodes"])
