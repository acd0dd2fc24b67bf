from platform_infra.cost.bound import CostBound


def describe_change(planned: CostBound, deployed: CostBound | None) -> str:
    """What a change of a stack does to the worst month of its cloud, in one line.

    Args:
        planned: the bound as the settings have it now.
        deployed: the bound of what is up; None where nothing is.
    """
    now = f"{planned.cloud} can cost at most ${planned.usd:,.0f} a month by what is capped"
    if deployed is None:
        return f"{now}; nothing is up yet"
    if round(planned.usd) == round(deployed.usd):
        return f"{now}, as before"
    verb = "RAISES" if planned.usd > deployed.usd else "lowers"
    moved = _moved(planned, deployed)
    return f"this change {verb} the bound from ${deployed.usd:,.0f}: {now} ({moved})"


def _moved(planned: CostBound, deployed: CostBound) -> str:
    before = {item.name: item.usd for item in deployed.items}
    after = {item.name: item.usd for item in planned.items}
    names = [
        name for name in dict.fromkeys((*before, *after)) if round(before.get(name, 0)) != round(after.get(name, 0))
    ]
    return "; ".join(f"{name}: ${before.get(name, 0):,.0f} → ${after.get(name, 0):,.0f}" for name in names)
