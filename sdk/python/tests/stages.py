"""Stages that the tests ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from regua_sdk import ActionKind, ConfigProblem, Decision, Situation, Stage, Wake


class Outcome(StrEnum):
    """The one way out."""

    DONE = "done"


@dataclass(frozen=True)
class Config:
    """Nothing has to be set."""

    wait_days: int = 1


@dataclass(frozen=True)
class Memory:
    """What was counted."""

    count: int = 0
    seen: tuple[str, ...] = field(default_factory=tuple)


class Scripted(Stage[Config, Memory]):
    """Decides what the test says."""

    name = "scripted"
    version = "1.0.0"
    summary = "Decides what the test says"
    proposes = tuple(ActionKind)
    outcomes = Outcome

    script: ClassVar[Callable[[Situation, Config, Memory], Decision]]

    @staticmethod
    def problems(config: Config) -> Iterable[ConfigProblem]:
        """Of a config; none, unless a test says otherwise."""
        del config
        return ()

    def check(self, config: Config) -> Iterable[ConfigProblem]:
        """As the test says."""
        return type(self).problems(config)

    def decide(self, situation: Situation, config: Config, memory: Memory) -> Decision:
        """As the test says."""
        return type(self).script(situation, config, memory)


def stay() -> Decision:
    """The least there is to decide."""
    return Decision.stay(Wake.on_event())


def scripted(script: Callable[[Situation, Config, Memory], Decision]) -> type[Scripted]:
    """A stage that decides by a function."""
    return type("Scripted", (Scripted,), {"script": staticmethod(script)})


def deciding(decision: Decision) -> type[Scripted]:
    """A stage that always decides the same."""
    return scripted(lambda _situation, _config, _memory: decision)
