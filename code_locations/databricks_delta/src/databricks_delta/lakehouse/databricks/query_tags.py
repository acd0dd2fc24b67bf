import dagster as dg

_LONGEST_VALUE = 128  # of a tag, in characters


def query_tags(deployment: str) -> dict[str, str | None]:
    """By what the query history finds the statements of a deployment, a run and an asset.

    Outside a run, as in a sensor, the deployment is all there is.
    """
    context = _current_op()
    if context is None:
        return {"deployment": deployment}
    return {"deployment": deployment, "run_id": context.run_id, "op": context.op.name, **_asset(context)}


def _current_op() -> dg.OpExecutionContext | None:
    # Dagster has no question for whether there is one.
    try:
        return dg.OpExecutionContext.get()
    except dg.DagsterInvariantViolationError:
        return None


def _asset(context: dg.OpExecutionContext) -> dict[str, str]:
    keys = context.selected_asset_keys if context.has_assets_def else set()
    named = " ".join(sorted(key.to_user_string() for key in keys))
    return {"asset": named[:_LONGEST_VALUE]} if named else {}
