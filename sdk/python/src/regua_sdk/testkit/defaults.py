"""The situation that a builder begins with."""

from __future__ import annotations

from regua_sdk.bindings.imports import types as wit
from regua_sdk.calendar import to_days
from regua_sdk.kinds import CustomerKind, Weekday
from regua_sdk.testkit.parts import BUILDER_TODAY

_TODAY = to_days("today", BUILDER_TODAY)
_NOW_MS = _TODAY * 86_400_000 + 13 * 3_600_000
"""10:00 in São Paulo."""


def situation() -> wit.Situation:
    """A new record: what `SituationBuilder` says."""
    return wit.Situation(
        now=wit.Moment(
            at=_NOW_MS,
            local_date=_TODAY,
            local_minute_of_day=600,
            local_weekday=Weekday(BUILDER_TODAY.weekday()),
            is_business_day=True,
            time_zone="America/Sao_Paulo",
        ),
        trigger=wit.Trigger_Entered(),
        stage=wit.StagePosition("stage", _NOW_MS, 0, 0, 0, 0, b""),
        customer=wit.Customer(
            bucket=0,
            kind=CustomerKind.CONSUMER,
            locale="pt-BR",
            jurisdiction="BR-SP",
            segments=[],
            reachable=[wit.Channel_Email()],
            attributes=[],
            methods=[],
        ),
        balance=wit.Balance(
            currency="BRL",
            minor_digits=2,
            outstanding=0,
            past_due=0,
            chaseable=0,
            credit=0,
            anchor=None,
            days_overdue=0,
            items=[],
            items_omitted=0,
            covers=[],
        ),
        history=wit.History(
            customer_since=None,
            invoices_paid=0,
            invoices_paid_late=0,
            average_days_late_centi=0,
            worst_days_late=0,
            promises_kept=0,
            promises_broken=0,
            plans_completed=0,
            plans_broken=0,
            contacts=[],
            last_contact=None,
            last_reply=None,
            last_payment=None,
            last_decline=None,
        ),
        score=None,
        effects=[],
    )
