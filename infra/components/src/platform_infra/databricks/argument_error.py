import pulumi


class ArgumentError(pulumi.RunError):
    """Arguments that Databricks would refuse, or take without asking and get wrong; the fix is in the text."""
