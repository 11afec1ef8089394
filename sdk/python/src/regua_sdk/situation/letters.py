"""Writing to a debtor over one channel after another: what became of the letters of this
visit, and whether a channel is left for the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from regua_sdk.channel import Channel
from regua_sdk.kinds import ActionKind, EffectState
from regua_sdk.situation.effect import Effect, Effects
from regua_sdk.situation.trigger import Event, Verdicts

_BOUNCED = "bounced"
"""The code of a confirmed message that came back."""


class Attempt(Enum):
    """How a message has fared."""

    IN_FLIGHT = "in-flight"
    """On its way."""
    SENT = "sent"
    """Handed over, and nothing bad was heard since."""
    FAILED = "failed"
    """The channel does not lead to the customer: it bounced, or could not be handed over."""
    CANCELLED = "cancelled"
    """It no longer held when its time came, because the amount had changed, say. The
    channel is not at fault."""


def attempt(message: Effect, event: Event | None) -> Attempt:
    """How a message has fared, by its effect and by a bounce that a call is about."""
    if message.state is EffectState.CANCELLED:
        return Attempt.CANCELLED
    bounces_now = (
        event is not None and event.kind == "message.bounced" and event.subject == message.key
    )
    if message.state is EffectState.FAILED or bounces_now:
        return Attempt.FAILED
    if message.state is EffectState.QUEUED:
        return Attempt.IN_FLIGHT
    if message.state is EffectState.CONFIRMED and message.code == _BOUNCED:
        return Attempt.FAILED
    return Attempt.SENT


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of one name in this visit, one channel after the other: the notice, say,
    that goes out by letter, and by e-mail where no letter arrives. `Situation.letters` makes
    it.
    """

    name: str
    reachable: tuple[Channel, ...]
    effects_of_visit: Effects
    verdicts: Verdicts
    event: Event | None

    def key(self, channel: Channel) -> str:
        """The key under which to propose the letter over a channel: `notice:email`. One that
        failed or was cancelled may be proposed again under it.
        """
        return f"{self.name}:{channel}"

    def latest(self) -> Attempt | None:
        """How the last of them has fared; none if there was none."""
        latest = self._effects().latest()
        return None if latest is None else attempt(latest, self.event)

    def open_channels(self) -> list[Channel]:
        """The channels over which the next one may go, in the customer's order."""
        return [channel for channel in self.reachable if self.is_open(channel)]

    def is_open(self, channel: Channel) -> bool:
        """Whether the next one may go over a channel: it leads to the customer, nothing
        failed over it in this visit, and the guard has not refused it just now. A deferral
        closes no channel: quiet hours and contact caps are waited for, not got around.
        """
        if channel not in self.reachable:
            return False
        attempts = [attempt(one, self.event) for one in self._effects().over(channel)]
        refused = self.refused()
        return Attempt.FAILED not in attempts and (refused is None or refused[0] != channel)

    def refused(self) -> tuple[Channel, str] | None:
        """The channel over which the guard refused one of them just now, and its rule."""
        for verdict in self.verdicts.refused():
            channel = self._channel_of(verdict.key)
            if channel is not None:
                return channel, verdict.rule
        return None

    def has_key(self, key: str) -> bool:
        """Whether a key is of one of these letters."""
        return self._channel_of(key) is not None

    def _channel_of(self, key: str) -> Channel | None:
        name, colon, channel = key.rpartition(":")
        if not colon or name != self.name:
            return None
        try:
            return Channel(channel)
        except ValueError:
            return None

    def _effects(self) -> Effects:
        messages = self.effects_of_visit.of_kind(ActionKind.SEND_MESSAGE)
        return Effects(effect for effect in messages if self.has_key(effect.key))
