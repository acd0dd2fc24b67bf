class ContractError(ValueError):
    """A name or setting that the contract refuses; the message says which, and the fix."""
