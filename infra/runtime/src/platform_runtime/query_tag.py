import json


def query_tag(pipeline: str, asset: str, run_id: str) -> str:
    """What Snowflake's query history notes of a statement, as JSON: who sent it, for which asset, in which Dagster run.

    `parse_json(query_tag):run_id` finds all statements of a run, and what they cost.
    """
    return json.dumps({"pipeline": pipeline, "asset": asset, "run_id": run_id})
