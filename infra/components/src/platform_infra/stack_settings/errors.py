import pulumi


class StackSettingsError(pulumi.RunError):
    """A setting or stack name that a program refuses; Pulumi prints the message alone, without a stack trace."""
