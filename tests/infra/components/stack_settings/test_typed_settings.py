from typing import Annotated, Literal

import pytest
from platform_infra.stack_settings.errors import StackSettingsError
from platform_infra.stack_settings.typed_settings import SETTINGS, read_settings
from pydantic import Field
from pydantic.dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class Lamp:
    kind: Literal["lamp"]
    watts: Annotated[int, Field(ge=1)]


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class Candle:
    kind: Literal["candle"]
    hours: int


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class Desk:
    width: int = 120


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class Room:
    name: str
    desk: Desk = Desk()
    lights: dict[str, Annotated[Lamp | Candle, Field(discriminator="kind")]] = Field(default_factory=dict)


def refusal(values: dict[str, object]) -> str:
    with pytest.raises(StackSettingsError) as refused:
        read_settings(Room, values, "house")
    return str(refused.value)


def test_what_is_left_out_keeps_the_default_that_the_type_states() -> None:
    room = read_settings(Room, {"name": "study", "lights": {"left": {"kind": "lamp", "watts": "40"}}}, "house")
    assert room == Room(name="study", desk=Desk(width=120), lights={"left": Lamp(kind="lamp", watts=40)})


def test_an_unknown_key_is_refused_with_the_nearest_known_one_at_every_depth() -> None:
    said = refusal({"nam": "x", "name": "y", "desk": {"widht": 3}, "lights": {"a": {"kind": "candle", "hour": 1}}})
    assert "house:nam is not a setting: did you mean 'name'? known here are desk, lights, name" in said
    assert "house:desk.widht is not a setting: did you mean 'width'?" in said
    assert "house:lights.a.candle.hour is not a setting: did you mean 'hours'?" in said


def test_everything_that_is_wrong_is_said_at_once() -> None:
    said = refusal({"desk": {"width": "wide"}, "lights": {"a": {"kind": "torch"}, "b": {"kind": "lamp", "watts": 0}}})
    assert "house:name is missing" in said
    assert "house:desk.width: Input should be a valid integer" in said
    assert "house:lights.a: Input tag 'torch'" in said
    assert "house:lights.b.lamp.watts: Input should be greater than or equal to 1" in said


def test_the_value_itself_is_never_repeated() -> None:
    assert "hunter2" not in refusal({"name": "x", "desk": {"width": "hunter2"}})
