"""What a stage is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from enum import StrEnum
from inspect import isabstract
from typing import Any, ClassVar, Generic, TypeVar, get_args, get_origin

from regua_sdk.decision import Decision
from regua_sdk.kinds import ActionKind
from regua_sdk.refusal import ConfigProblem
from regua_sdk.shape import Shape, root_schema, shape_of
from regua_sdk.situation import Situation

Config = TypeVar("Config")
Memory = TypeVar("Memory")

_NEEDED = ("name", "version", "summary", "outcomes")


class Stage(ABC, Generic[Config, Memory]):
    """One rung of a dunning workflow: a pure function from a situation to a decision.

    Derive from `Stage[Config, Memory]`. `Config` is a frozen dataclass of what a workflow's
    author sets, `None` for nothing; `Memory` is what the stage remembers within one visit,
    as JSON of at most 4 KiB, `None` for nothing. Which types they may have, `regua_sdk.shape`
    tells.
    """

    name: ClassVar[str]
    """1 to 64 characters of `a-z`, `0-9` and `-`."""
    version: ClassVar[str]
    """Semantic version."""
    summary: ClassVar[str]
    """One line, at most 200 characters."""
    proposes: ClassVar[tuple[ActionKind, ...]] = ()
    """What it may propose. A workflow grants no more than this."""
    listens: ClassVar[tuple[str, ...]] = ()
    """Event kinds it wants to be asked about, e.g. `message.bounced`."""
    outcomes: ClassVar[type[StrEnum]]
    """The ways out; the values are the names that a workflow's `on` has."""
    memory_version: ClassVar[int] = 0
    """Raise it when `Memory` changes its shape: the host then hands over none of what the
    old version left."""

    config_shape: ClassVar[Shape]
    """How the config is read; made from its type."""
    memory_shape: ClassVar[Shape]
    """How the memory is read; made from its type."""
    config_schema: ClassVar[str]
    """JSON Schema 2020-12 of the config; made from its type."""

    def __init_subclass__(cls) -> None:
        """Raises TypeError for a stage that lacks something, and names it."""
        super().__init_subclass__()
        if isabstract(cls):
            return
        missing = [name for name in _NEEDED if not hasattr(cls, name)]
        if missing:
            raise TypeError(f"the stage {cls.__name__} lacks {', '.join(missing)}")
        config, memory = _types_of(cls)
        try:
            cls.config_shape, cls.memory_shape = shape_of(config), shape_of(memory)
            cls.memory_shape.default()
        except TypeError as error:
            raise TypeError(f"the stage {cls.__name__}: {error}") from error
        cls.config_schema = root_schema(cls.config_shape)

    def check(self, config: Config) -> Iterable[ConfigProblem]:
        """What the schema of the config cannot say. Asked when a workflow is published."""
        del config
        return ()

    @abstractmethod
    def decide(self, situation: Situation, config: Config, memory: Memory) -> Decision:
        """Same situation, config and memory, same decision. `memory` is what this visit's
        last `Decision.remember` left, or what `Memory()` makes. Raises `Refusal` for what
        the stage cannot do; whatever else is raised becomes one, of the code `exception`.
        """


def _types_of(stage: type[Stage[Any, Any]]) -> tuple[Any, Any]:
    """What stands in the brackets behind `Stage`."""
    for kind in stage.__mro__:
        for base in getattr(kind, "__orig_bases__", ()):
            args = get_args(base)
            if get_origin(base) is Stage and not any(isinstance(a, TypeVar) for a in args):
                return args[0], args[1]
    raise TypeError(
        f"the stage {stage.__name__} does not say its types: derive it from "
        "Stage[Config, Memory], with None for what it has not"
    )
