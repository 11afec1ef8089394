"""What became of earlier proposals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from regua_sdk.bindings.imports import types as wit
from regua_sdk.calendar import Timestamp, from_days_maybe
from regua_sdk.channel import Channel
from regua_sdk.kinds import ActionKind, EffectState


@dataclass(frozen=True, slots=True)
class Effect:
    """What became of something proposed earlier in this case."""

    key: str
    """The proposal's key."""
    stage: str
    """The id of the stage that proposed it."""
    kind: ActionKind
    """What was proposed."""
    channel: Channel | None
    """The channel of a message."""
    state: EffectState
    """How far it has come."""
    code: str
    """The answer: `accepted:2` of an offer, `bounced`, a decline code; empty without one."""
    at: Timestamp
    """When it was decided: it never changes."""
    until: date | None
    """The last day of an offer, a hold, a task, a placement."""

    @classmethod
    def from_contract(cls, effect: wit.Effect) -> Self:
        """From the contract's record."""
        return cls(
            effect.key,
            effect.stage,
            effect.kind,
            None if effect.channel is None else Channel.from_contract(effect.channel),
            effect.state,
            effect.code,
            Timestamp(effect.at),
            from_days_maybe(effect.until),
        )


class Effects(tuple[Effect, ...]):
    """Effects, newest first: `situation.effects.by_key("offer").latest()`."""

    __slots__ = ()

    def by_key(self, key: str) -> Effects:
        """Those of a proposal's key."""
        return Effects(effect for effect in self if effect.key == key)

    def by_stage(self, stage: str) -> Effects:
        """Those of a stage."""
        return Effects(effect for effect in self if effect.stage == stage)

    def of_kind(self, kind: ActionKind) -> Effects:
        """Those of a kind."""
        return Effects(effect for effect in self if effect.kind is kind)

    def in_state(self, state: EffectState) -> Effects:
        """Those that have come so far."""
        return Effects(effect for effect in self if effect.state is state)

    def over(self, channel: Channel) -> Effects:
        """Messages over a channel."""
        return Effects(effect for effect in self if effect.channel == channel)

    def since(self, instant: Timestamp) -> Effects:
        """Those that were decided at the instant or later."""
        return Effects(effect for effect in self if effect.at >= instant)

    def latest(self) -> Effect | None:
        """The newest of them."""
        return self[0] if self else None
