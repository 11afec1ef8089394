"""The component's side of a stage. `regua_sdk.build` writes the module that uses it; natively
nobody does.
"""

from __future__ import annotations

import builtins
import gc
import io
import os
import random
import sys
import time
import warnings
from collections.abc import Callable
from types import ModuleType
from typing import NoReturn

from componentize_py_types import Err
from regua_sdk import export, log
from regua_sdk.bindings.imports import types as wit
from regua_sdk.export import AnyStage
from regua_sdk.refusal import Refusal, problems_to_contract

# componentize-py seeds it right before it takes its picture of memory. Imported here, it leaves
# what importing leaves behind before `settle`, not after.
assert random

_CLOCK = "a stage has no clock: the time is `situation.now`"
_MISSING: tuple[tuple[ModuleType, tuple[str, ...], str], ...] = (
    (time, ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter"), _CLOCK),
    (time, ("perf_counter_ns", "process_time", "localtime", "gmtime", "sleep"), _CLOCK),
    (os, ("urandom",), "a stage has no randomness: the same situation gives the same decision"),
    (builtins, ("open", "input"), "a stage has no files: its config says what it has to know"),
)
"""What would end in a trap, which has no words."""

_CALLS_DEEP_MAX = 200
"""Calls in each other before RecursionError: fewer than fill the host's native stack."""

_FREED_BLOCKS = (
    (256 << 10, 8),
    (64 << 10, 24),
    (16 << 10, 64),
    (4 << 10, 256),
    (1 << 10, 1024),
)
"""Sizes in bytes, and how many of each are zeroed."""


def world(stage: type[AnyStage]) -> type:
    """The class that componentize-py looks for: the exports of the contract's world."""
    instance = stage()
    manifest = export.describe(instance)

    class Exports:
        def describe(self) -> wit.Manifest:
            return manifest

        def check_config(self, config: str) -> list[wit.ConfigProblem]:
            return problems_to_contract(export.check_config(instance, config))

        def decide(self, situation: wit.Situation, config: str) -> wit.Decision:
            try:
                return export.decide(instance, situation, config)[1]
            except Refusal as refusal:
                raise Err(refusal.to_contract()) from None

    return Exports


def settle() -> None:
    """Readies the memory of which the component is a picture. What a stage does not have
    raises from now on; what importing left behind is overwritten with zeros, which take no
    room in the picture; what is alive is kept out of the garbage collector's way.
    """
    sys.stdout = _Printed(log.info)
    sys.stderr = _Printed(log.warn)
    # A warning shows its line of source, which is in a file.
    warnings.simplefilter("ignore")
    for module, names, words in _MISSING:
        for name in names:
            setattr(module, name, _raising(f"{module.__name__}.{name}: {words}"))
    sys.setrecursionlimit(_CALLS_DEEP_MAX)
    sys.meta_path[:] = [_NoMoreImports()]
    gc.collect()
    gc.freeze()
    for size, count in _FREED_BLOCKS:
        freed = [bytes(size) for _ in range(count)]
        del freed


class _Printed(io.TextIOBase):
    """What is printed goes to the log: a component has no standard output."""

    def __init__(self, write_line: Callable[[str], None]) -> None:
        self._write_line = write_line

    def write(self, text: str) -> int:
        if text.strip():
            self._write_line(text.rstrip("\n"))
        return len(text)


class _NoMoreImports:
    """Modules are in files, of which a component has what was imported when it was made."""

    def find_spec(self, name: str, *_given: object) -> NoReturn:
        text = f"{name} is imported while the stage decides: import it at the top of a module"
        raise ModuleNotFoundError(text, name=name)


def _raising(words: str) -> Callable[..., NoReturn]:
    def missing(*_args: object, **_named: object) -> NoReturn:
        raise RuntimeError(words)

    return missing
