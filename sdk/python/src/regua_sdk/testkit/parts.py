"""Parts of situations for tests. Each method gives a changed copy."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from typing import Self

from regua_sdk.bindings.imports import types as wit
from regua_sdk.calendar import to_days
from regua_sdk.channel import Channel
from regua_sdk.kinds import (
    ActionKind,
    DeliveryState,
    Disposition,
    EffectState,
    ItemKind,
    Ruling,
)

BUILDER_TODAY = date(2025, 6, 11)
"""The builder's default day, a Wednesday."""
_TERM = timedelta(days=14)


class ItemBuilder:
    """An open item; what of it is chaseable follows from the situation's covers."""

    def __init__(self, item: wit.OpenItem) -> None:
        """Use `invoice`."""
        self._item = item

    @classmethod
    def invoice(cls, key: str, minor: int) -> Self:
        """An invoice of so many minor units, due on the builder's default day."""
        return cls(
            wit.OpenItem(
                key=key,
                kind=ItemKind.INVOICE,
                parent=None,
                contract=None,
                issued_on=_days(BUILDER_TODAY - _TERM),
                due_on=_days(BUILDER_TODAY),
                days_overdue=0,
                original=minor,
                outstanding=minor,
                chaseable=minor,
                disposition=Disposition.CHASED,
                is_first=False,
                delivery=DeliveryState.UNKNOWN,
            )
        )

    def overdue(self, days: int) -> Self:
        """Due so many days before the builder's default day; negative: after it."""
        due_on = BUILDER_TODAY - timedelta(days=days)
        return self._with(due_on=_days(due_on), issued_on=_days(due_on - _TERM))

    def outstanding(self, minor: int) -> Self:
        """What is left of it, in minor units."""
        return self._with(outstanding=minor)

    def charged_on(self, parent: str, kind: ItemKind) -> Self:
        """A fee or interest on another item."""
        return self._with(parent=parent, kind=kind)

    def contract(self, contract: str) -> Self:
        """Under a contract."""
        return self._with(contract=contract)

    def placed(self) -> Self:
        """An agency works on it."""
        return self._with(disposition=Disposition.PLACED)

    def first(self) -> Self:
        """The first invoice this customer was ever sent."""
        return self._with(is_first=True)

    def delivery(self, state: DeliveryState) -> Self:
        """What is known of its way to the debtor."""
        return self._with(delivery=state)

    def record(self) -> wit.OpenItem:
        """The contract's record."""
        return deepcopy(self._item)

    def _with(self, **changes: object) -> Self:
        item = deepcopy(self._item)
        vars(item).update(changes)
        return type(self)(item)


class EffectBuilder:
    """What became of an earlier proposal: by the stage that is asked, now, unless told
    otherwise.
    """

    def __init__(
        self,
        key: str,
        kind: ActionKind,
        state: EffectState,
        *,
        channel: Channel | None = None,
        code: str = "",
        until: date | None = None,
        stage: str | None = None,
        at: int | None = None,
    ) -> None:
        """A proposal's key, its kind and how far it has come; a message's channel, the
        answer's code, a last day, another stage, another instant in milliseconds.
        """
        self._stage = stage
        self._at = at
        self._effect = wit.Effect(
            key=key,
            stage="",
            kind=kind,
            channel=None if channel is None else channel.to_contract(),
            state=state,
            code=code,
            at=0,
            until=None if until is None else _days(until),
        )

    @classmethod
    def message(
        cls,
        key: str,
        channel: Channel,
        state: EffectState,
        *,
        code: str = "",
        stage: str | None = None,
        at: int | None = None,
    ) -> Self:
        """A message over a channel."""
        kind = ActionKind.SEND_MESSAGE
        return cls(key, kind, state, channel=channel, code=code, stage=stage, at=at)

    def record(self, stage: str, now: int) -> wit.Effect:
        """The contract's record, for a stage that is asked at an instant."""
        effect = deepcopy(self._effect)
        effect.stage = stage if self._stage is None else self._stage
        effect.at = now if self._at is None else self._at
        return effect


class EventBuilder:
    """An event of a kind, e.g. `message.bounced`, that happens when the stage is asked."""

    def __init__(
        self,
        kind: str,
        subject: str | None = None,
        *,
        amount: int | None = None,
        details: dict[str, str] | None = None,
    ) -> None:
        """The key of the item or of the proposal that it is about, and the money in it in
        minor units.
        """
        pairs = sorted((details or {}).items())
        self._event = wit.Event(kind, subject, amount, 0, 0, pairs)

    def record(self, now: int, today: int) -> wit.Event:
        """The contract's record, for an instant and its day."""
        event = deepcopy(self._event)
        event.at, event.on = now, today
        return event


class VerdictBuilder:
    """What the guard said of a proposal."""

    def __init__(self, verdict: wit.Verdict) -> None:
        """Use the methods below."""
        self._verdict = verdict

    @classmethod
    def allowed(cls, key: str) -> Self:
        """As proposed."""
        return cls(wit.Verdict(key, Ruling.ALLOWED, "allowed", None, None))

    @classmethod
    def reduced(cls, key: str, rule: str, at_most: int) -> Self:
        """At most so many minor units, by a rule."""
        return cls(wit.Verdict(key, Ruling.REDUCED, rule, None, at_most))

    @classmethod
    def deferred(cls, key: str, rule: str, not_before: int) -> Self:
        """Not before an instant in milliseconds, by a rule."""
        return cls(wit.Verdict(key, Ruling.DEFERRED, rule, int(not_before), None))

    @classmethod
    def refused(cls, key: str, rule: str) -> Self:
        """Not at all, by a rule."""
        return cls(wit.Verdict(key, Ruling.REFUSED, rule, None, None))

    def record(self) -> wit.Verdict:
        """The contract's record."""
        return deepcopy(self._verdict)


def _days(day: date) -> int:
    return to_days("a day", day)
