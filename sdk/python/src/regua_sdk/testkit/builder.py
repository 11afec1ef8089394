"""Situations for tests."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date, timedelta
from typing import Self

from regua_sdk.bindings.imports import types as wit
from regua_sdk.calendar import from_days, to_days
from regua_sdk.channel import Channel
from regua_sdk.kinds import CoverKind, CustomerKind, Weekday
from regua_sdk.shape import to_json
from regua_sdk.situation import Situation
from regua_sdk.testkit.counted import counted
from regua_sdk.testkit.defaults import situation as default_situation
from regua_sdk.testkit.parts import EffectBuilder, EventBuilder, ItemBuilder, VerdictBuilder

_DAY_MS = 86_400_000
_WEEKEND = (Weekday.SATURDAY, Weekday.SUNDAY)


class SituationBuilder:
    """Builds a situation; each method gives a changed copy. Unless told otherwise: Wednesday
    2025-06-11, 10:00 in São Paulo; a consumer who reads pt-BR and is reachable by e-mail;
    nothing owed, in BRL; the stage has just been entered. Sums, the anchor and days overdue
    follow from items and covers.
    """

    def __init__(self, record: wit.Situation | None = None) -> None:
        """From the defaults above, or from a record of the contract's."""
        self._record = default_situation() if record is None else record

    def record(self) -> wit.Situation:
        """The contract's record, with sums, anchor and days overdue as the host would count
        them, for a workflow without a tolerance.
        """
        return counted(deepcopy(self._record))

    def build(self) -> Situation:
        """The situation as a stage sees it."""
        return Situation(self.record())

    def currency(self, code: str, minor_digits: int) -> Self:
        """The currency and how many digits its minor unit has."""
        changed = self._copy()
        changed._record.balance.currency = code
        changed._record.balance.minor_digits = minor_digits
        return changed

    def item(self, item: ItemBuilder) -> Self:
        """Adds an item."""
        changed = self._copy()
        changed._record.balance.items.append(item.record())
        return changed

    def invoice(self, key: str, amount_minor: int, days_overdue: int) -> Self:
        """Adds an invoice of so many minor units; negative days overdue: not due yet."""
        return self.item(ItemBuilder.invoice(key, amount_minor).overdue(days_overdue))

    def cover(self, item: str, kind: CoverKind, minor: int, until: date | None = None) -> Self:
        """Covers an item for now, or without its key the whole account: a hold does, and
        takes all there is, whatever its amount.
        """
        changed = self._copy()
        last_day = None if until is None else to_days("the last day of a cover", until)
        changed._record.balance.covers.append(wit.Cover(kind, item, minor, last_day))
        return changed

    def credit(self, minor: int) -> Self:
        """Money received and not yet matched, in minor units."""
        changed = self._copy()
        changed._record.balance.credit = minor
        return changed

    def customer_kind(self, kind: CustomerKind) -> Self:
        """What the law takes the customer for."""
        changed = self._copy()
        changed._record.customer.kind = kind
        return changed

    def living_in(self, locale: str, jurisdiction: str) -> Self:
        """The customer's language and jurisdiction."""
        changed = self._copy()
        changed._record.customer.locale = locale
        changed._record.customer.jurisdiction = jurisdiction
        return changed

    def reachable(self, *channels: Channel) -> Self:
        """The channels that lead to the customer, the preferred first."""
        changed = self._copy()
        changed._record.customer.reachable = [channel.to_contract() for channel in channels]
        return changed

    def segment(self, segment: str) -> Self:
        """Adds the customer to a segment."""
        changed = self._copy()
        segments = changed._record.customer.segments
        changed._record.customer.segments = sorted([*segments, segment])
        return changed

    def attribute(self, name: str, value: str) -> Self:
        """Adds an attribute that the tenant made visible."""
        changed = self._copy()
        attributes = changed._record.customer.attributes
        changed._record.customer.attributes = sorted([*attributes, (name, value)])
        return changed

    def method(self, key: str, kind: str) -> Self:
        """Adds a way to pay on file; the first one is the default."""
        changed = self._copy()
        methods = changed._record.customer.methods
        methods.append(wit.PaymentMethod(key, kind, not methods, None))
        return changed

    def bucket(self, bucket: int) -> Self:
        """The 0 to 9999 by which customers are split into groups."""
        changed = self._copy()
        changed._record.customer.bucket = bucket
        return changed

    def score(self, permille: int) -> Self:
        """The chance of payment in permille."""
        changed = self._copy()
        changed._record.score = wit.Score(permille, "test")
        return changed

    def history(self, **changes: int) -> Self:
        """Fields of the history, by the contract's names: `invoices_paid_late=2`."""
        changed = self._copy()
        for name, value in changes.items():
            if name not in vars(changed._record.history):
                raise TypeError(f"a history has no {name!r}")
            setattr(changed._record.history, name, value)
        return changed

    def days_later(self, days: int) -> Self:
        """So many days later, at the same time of day. Of these, Monday to Friday are counted
        as business days.
        """
        changed = self._copy()
        now, stage = changed._record.now, changed._record.stage
        before = from_days(now.local_date)
        passed = [before + timedelta(days=day) for day in range(1, days + 1)]
        now.at += days * _DAY_MS
        now.local_date += days
        now.local_weekday = Weekday(from_days(now.local_date).weekday())
        now.is_business_day = now.local_weekday not in _WEEKEND
        stage.days_in_stage += days
        stage.business_days_in_stage += sum(
            Weekday(day.weekday()) not in _WEEKEND for day in passed
        )
        return changed

    def business_days_in_stage(self, days: int) -> Self:
        """So many business days since this visit began."""
        changed = self._copy()
        changed._record.stage.business_days_in_stage = days
        return changed

    def visits_before(self, visits: int) -> Self:
        """The stage has been entered this many times before."""
        changed = self._copy()
        changed._record.stage.visits_before = visits
        return changed

    def memory(self, memory: object) -> Self:
        """The memory an earlier call left."""
        return self.memory_bytes(json.dumps(to_json(memory)).encode())

    def memory_bytes(self, memory: bytes) -> Self:
        """The same, as the bytes it is."""
        changed = self._copy()
        changed._record.stage.memory = memory
        return changed

    def effect(self, effect: EffectBuilder) -> Self:
        """Adds what became of an earlier proposal, as the newest."""
        changed = self._copy()
        record = changed._record
        record.effects.insert(0, effect.record(record.stage.id, record.now.at))
        return changed

    def woken(self) -> Self:
        """Asked because a wake-up came, in time."""
        return self._asked(wit.Trigger_Woken(wit.Lateness(self._record.now.at, 0)))

    def event(self, event: EventBuilder) -> Self:
        """Asked because of an event."""
        now = self._record.now
        return self._asked(wit.Trigger_Event(event.record(now.at, now.local_date)))

    def answered(self, *verdicts: VerdictBuilder) -> Self:
        """Asked again because not all of the last decision was allowed; about the event, if
        `event` was called before.
        """
        trigger = self._record.trigger
        event = trigger.value if isinstance(trigger, wit.Trigger_Event) else None
        answer = wit.Answer([verdict.record() for verdict in verdicts], event)
        return self._asked(wit.Trigger_Answered(answer))

    def _asked(self, trigger: wit.Trigger) -> Self:
        changed = self._copy()
        changed._record.trigger = trigger
        changed._record.stage.calls_before += 1
        return changed

    def _copy(self) -> Self:
        return type(self)(deepcopy(self._record))
