from platform_contract.errors import ContractError


class UnreadableGrantError(ContractError):
    """Something grants a power that the proof does not understand, and so cannot vouch for."""


class DeclarationError(ContractError):
    """A declared need or extra that is not one; file, row and fix are in the text."""
