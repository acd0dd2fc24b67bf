import difflib
from collections.abc import Mapping
from typing import Any, override

from pydantic import ConfigDict, model_validator

from platform_runtime.declared_schema import DeclaredModel


class DeclarationError(ValueError):
    """Something in a `defs.yaml` that cannot be; the message names the file, the key and the fix."""


class Declaration(DeclaredModel):
    """A mapping of a `defs.yaml`; a key that it does not know is refused with the nearest that it does."""

    model_config = ConfigDict(extra="forbid")

    @classmethod
    @override
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """Its own name: what its checks are read as is nobody's concern who reads an error or a schema."""
        return cls.__name__

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, given: object) -> object:
        if isinstance(given, Mapping):
            unknown = [str(key) for key in given if key not in cls.model_fields]
            if unknown:
                raise ValueError("; ".join(_unknown(key, tuple(cls.model_fields)) for key in unknown))
        return given


def nearest(name: str, known: tuple[str, ...]) -> str:
    """A question whether the nearest of the known names was meant, or nothing when none is near."""
    close = difflib.get_close_matches(name, known, n=1)
    return f", did you mean {close[0]!r}?" if close else ""


def _unknown(key: str, known: tuple[str, ...]) -> str:
    return f"unknown key {key!r}{nearest(key, known)} (known: {', '.join(known)})"
