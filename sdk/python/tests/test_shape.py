"""JSON and the types that it is read as."""

import json
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated

import pytest

from regua_sdk import AmountByCurrency, Channel, ItemKind, TeamRef
from regua_sdk.refusal import Misfit
from regua_sdk.shape import parse, root_schema, shape_of, to_json


class Tone(StrEnum):
    """How it sounds."""

    KIND = "kind"
    FIRM = "firm"


@dataclass(frozen=True)
class Step:
    """One step."""

    after_days: Annotated[int, "How long to wait.", {"minimum": 1}]
    tone: Tone = Tone.KIND


@dataclass(frozen=True)
class Everything:
    """A setting of each kind."""

    team: TeamRef
    steps: list[Step]
    until: date | None = None
    kinds: tuple[ItemKind, ...] = (ItemKind.INVOICE,)
    words: dict[str, bool] = field(default_factory=dict)
    minimum: AmountByCurrency = field(default_factory=AmountByCurrency)
    channel: Channel = Channel.EMAIL


def pointers(text: str) -> list[str]:
    with pytest.raises(Misfit) as misfit:
        parse(shape_of(Everything), text)
    return [problem.pointer for problem in misfit.value.problems]


def test_every_kind_of_type_is_read() -> None:
    text = """{"team": "north", "steps": [{"after_days": 3, "tone": "firm"}],
        "until": "2025-06-11", "kinds": ["late-fee"], "words": {"a": true}, "channel": "sms"}"""
    read = parse(shape_of(Everything), text)
    assert read.steps == [Step(3, Tone.FIRM)]
    assert (read.team, read.until) == ("north", date(2025, 6, 11))
    assert (read.kinds, read.words) == ((ItemKind.LATE_FEE,), {"a": True})
    assert read.channel == Channel.SMS
    assert isinstance(read.channel, Channel)


def test_what_was_written_is_read_again() -> None:
    step = Step(3, Tone.FIRM)
    assert parse(shape_of(Step), json.dumps(to_json(step))) == step


def test_every_problem_is_told_with_its_pointer() -> None:
    assert pointers("7") == [""]
    assert pointers("{") == [""]
    assert pointers('{"team":"a"}') == [""]
    assert pointers('{"team":7,"steps":{}}') == ["/team", "/steps"]
    assert pointers('{"team":"a","steps":[{"after_days":"3"},{"after_days":true}]}') == [
        "/steps/0/after_days",
        "/steps/1/after_days",
    ]
    assert pointers('{"team":"a","steps":[{}],"a/b~c":1}') == ["/a~1b~0c", "/steps/0"]
    assert pointers('{"team":"a","steps":[],"until":"2025-02-29","channel":"e mail"}') == [
        "/until",
        "/channel",
    ]
    assert pointers('{"team":"a","steps":[{"after_days":1.0,"tone":"loud"}]}') == [
        "/steps/0/after_days",
        "/steps/0/tone",
    ]


def test_text_that_no_json_says_is_a_problem_of_the_whole() -> None:
    for text in ("", "NaN", "[" * 100_000, "9" * 10_000):
        assert pointers(text) == [""]


def test_schema_says_what_is_read() -> None:
    schema = json.loads(root_schema(shape_of(Everything)))
    assert schema["required"] == ["team", "steps"]
    assert schema["description"] == "A setting of each kind."
    assert schema["properties"]["team"]["format"] == "regua-team"
    assert schema["properties"]["kinds"]["default"] == ["invoice"]
    assert schema["properties"]["until"]["anyOf"][1] == {"type": "null"}
    step = schema["properties"]["steps"]["items"]
    assert step["properties"]["after_days"] == {
        "type": "integer",
        "minimum": 1,
        "description": "How long to wait.",
    }
    assert step["properties"]["tone"]["enum"] == ["kind", "firm"]


def test_type_without_a_shape_is_named_with_its_field() -> None:
    @dataclass(frozen=True)
    class Odd:
        ratio: float

    with pytest.raises(TypeError, match=r"Odd\.ratio: JSON cannot be read as <class 'float'>"):
        shape_of(Odd)


def test_floats_are_not_written() -> None:
    with pytest.raises(TypeError, match=r"1\.5 cannot be written as JSON"):
        to_json({"a": 1.5})
