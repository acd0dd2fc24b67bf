from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, override

from dagster_dbt import DbtCliInvocation
from platform_runtime.marks.engine_words import duckdb_words, snowflake_words


@dataclass
class DiscreetInvocation(DbtCliInvocation):
    """A dbt process whose every word loses the values of rows that an engine's error quotes, before anybody hears it.

    The library prints what dbt says into the run's compute log, and makes an exception of its errors. What dbt keeps
    for itself, `dbt.log` and `run_results.json`, stays as it is: those files stay where dbt ran.
    """

    @staticmethod
    def of(started: DbtCliInvocation) -> "DiscreetInvocation":
        """The process that the library has started."""
        return DiscreetInvocation(**{one.name: getattr(started, one.name) for one in fields(started) if one.init})

    @override
    def _stream_stdout(self) -> Iterator[str | dict[str, Any]]:
        discreet: list[str] = []
        for said in super()._stream_stdout():
            noted = len(discreet)
            # The library has noted an error's message by now.
            discreet += map(without_values, self._error_messages[noted:])
            self._error_messages[noted:] = discreet[noted:]
            yield _discreet(said)


def without_values(said: str) -> str:
    """What dbt says, without the values of rows that the engine below it quotes."""
    return snowflake_words(duckdb_words(said))


def _discreet(said: Any) -> Any:  # noqa: ANN401 - JSON
    match said:
        case str():
            return without_values(said)
        case dict():
            return {key: _discreet(value) for key, value in said.items()}
        case list():
            return [_discreet(value) for value in said]
        case _:
            return said
