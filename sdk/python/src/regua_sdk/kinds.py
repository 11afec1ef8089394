"""The contract's plain enumerations, as it has them."""

from __future__ import annotations

from enum import Enum

from regua_sdk.bindings.imports.types import (
    ActionKind,
    CoverKind,
    CustomerKind,
    DeliveryState,
    Disposition,
    EffectState,
    ItemKind,
    Purpose,
    Ruling,
    ServiceChange,
    Weekday,
)

__all__ = [
    "ActionKind",
    "CoverKind",
    "CustomerKind",
    "DeliveryState",
    "Disposition",
    "EffectState",
    "ItemKind",
    "Purpose",
    "Ruling",
    "ServiceChange",
    "Weekday",
    "word",
]


def word(kind: Enum) -> str:
    """The contract's word for it: `send-message`."""
    return kind.name.lower().replace("_", "-")
