"""Anything that can be proposed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol

from regua_sdk import checked
from regua_sdk.bindings.imports import types as wit
from regua_sdk.kinds import ActionKind
from regua_sdk.situation.balance import Item


class Action(Protocol):
    """Anything that can be proposed: a `Message`, a `Fee`, a `Task`, ..."""

    kind: ClassVar[ActionKind]
    """What it is."""

    def to_contract(self) -> wit.Action:
        """To the contract's variant. Raises TypeError or ValueError for what does not fit."""
        ...


def key_of(item: Item | str) -> str:
    """The key of an item, which may be named by it."""
    return item.key if isinstance(item, Item) else checked.text("an item", item)


def keys_of(items: Sequence[Item | str]) -> tuple[str, ...]:
    """The keys of items, in their order."""
    if isinstance(items, str):
        raise TypeError(f"{items!r} is one item where several are asked for")
    return tuple(map(key_of, items))
