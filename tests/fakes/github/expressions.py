"""Expressions of GitHub workflows, as far as the workflows here use them; anything else is an error, never a guess."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<name>[A-Za-z_][\w.-]*)|(?P<member>\.[A-Za-z_][\w-]*)|(?P<sign>==|!=|&&|\|\||[!(),]))"
)
# What an event does not have is null; in every other context a name that is not there is a mistake.
_OPEN_CONTEXTS = ("github.event.", "inputs.")

type Functions = Mapping[str, Callable[..., Any]]


class ExpressionError(ValueError):
    """An expression that this evaluator does not know in full."""


@dataclass(slots=True)
class _Parser:
    tokens: list[tuple[str, str]]
    contexts: Mapping[str, Any]
    functions: Functions

    def expression(self) -> Any:
        value = self._and()
        while self._takes("||"):
            # Both sides are read, so that an unknown name is found wherever it stands.
            other = self._and()
            value = value if truthy(value) else other
        return value

    def end(self) -> None:
        if self.tokens:
            raise ExpressionError(f"unexpected {self.tokens[0][1]!r}")

    def _and(self) -> Any:
        value = self._comparison()
        while self._takes("&&"):
            other = self._comparison()
            value = other if truthy(value) else value
        return value

    def _comparison(self) -> Any:
        left = self._unary()
        for sign, holds in (("==", True), ("!=", False)):
            if self._takes(sign):
                return _equal(left, self._unary()) is holds
        return left

    def _unary(self) -> Any:
        if self._takes("!"):
            return not truthy(self._unary())
        if self._takes("("):
            value = self.expression()
            self._expect(")")
            return value
        return self._operand()

    def _operand(self) -> Any:
        if not self.tokens:
            raise ExpressionError("the expression ends too early")
        kind, text = self.tokens.pop(0)
        if kind == "text":
            return text[1:-1].replace("''", "'")
        if kind != "name":
            raise ExpressionError(f"unexpected {text!r}")
        return self._members(self._call(text)) if self._takes("(") else _look_up(self.contexts, text)

    def _call(self, name: str) -> Any:
        arguments: list[Any] = []
        while not self._takes(")"):
            arguments.append(self.expression())
            if not self._takes(","):
                self._expect(")")
                break
        if name not in self.functions:
            raise ExpressionError(f"unknown function {name}()")
        return self.functions[name](*arguments)

    def _members(self, value: Any) -> Any:
        """The value that names behind a call lead to: `fromJSON(inputs.variables).AWS_REGION`."""
        while self.tokens and self.tokens[0][0] == "member":
            value = _look_up(value, self.tokens.pop(0)[1][1:])
        return value

    def _takes(self, sign: str) -> bool:
        if self.tokens and self.tokens[0] == ("sign", sign):
            self.tokens.pop(0)
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._takes(sign):
            raise ExpressionError(f"expected {sign!r}")


def evaluate(text: str, contexts: Mapping[str, Any], functions: Functions) -> Any:
    """The value of one expression, with or without its `${{ }}`.

    Args:
        text: the expression.
        contexts: `github`, `needs` and so on.
        functions: the functions that may be called.
    """
    stripped = text.strip()
    if stripped.startswith("${{") and stripped.endswith("}}"):
        stripped = stripped[3:-2]
    parser = _Parser(_tokens(stripped), contexts, functions)
    value = parser.expression()
    parser.end()
    return value


def interpolate(text: str, contexts: Mapping[str, Any], functions: Functions) -> str:
    """A text with each `${{ }}` in it replaced by its value."""
    return re.sub(r"\$\{\{(.+?)\}\}", lambda found: _as_text(evaluate(found[1], contexts, functions)), text)


def functions_in(text: str) -> Sequence[str]:
    """The names of the functions that an expression calls."""
    return re.findall(r"([A-Za-z]+)\(", text)


def truthy(value: Any) -> bool:
    """What GitHub takes for true."""
    return value not in (None, False, 0, "")


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    place = 0
    while text[place:].strip():
        found = _TOKEN.match(text, place)
        if found is None:
            raise ExpressionError(f"cannot read {text[place:].strip()!r}")
        tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
        place = found.end()
    return tokens


def _look_up(contexts: Mapping[str, Any], name: str) -> Any:
    value: Any = contexts
    for part in name.split("."):
        if value is None or (isinstance(value, Mapping) and part not in value and name.startswith(_OPEN_CONTEXTS)):
            return None
        if not isinstance(value, Mapping) or part not in value:
            raise ExpressionError(f"there is no {name}")
        value = value[part]
    return value


def _equal(left: Any, right: Any) -> bool:
    """Texts compare without regard to case, as GitHub has it; values of different types are refused."""
    if isinstance(left, str) and isinstance(right, str):
        return left.lower() == right.lower()
    if left is None or right is None or type(left) is type(right):
        return left == right
    raise ExpressionError(f"compares {left!r} with {right!r}")


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)
