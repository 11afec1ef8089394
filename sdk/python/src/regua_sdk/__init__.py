"""Write one rung of a Régua dunning workflow in Python.

A stage is a pure function: the host hands it a `Situation` and the stage answers with a
`Decision`. It has no clock, no network and no files, and never learns who the debtor is. The
host rules on everything it proposes: the stage says what should happen, not whether it may.
"""

from __future__ import annotations

from regua_sdk import log
from regua_sdk.amount import AmountByCurrency, Rounding, share, split, to_decimal
from regua_sdk.calendar import Timestamp
from regua_sdk.channel import Channel
from regua_sdk.decision import Decision
from regua_sdk.decision.charging import Charge, Fee, Interest
from regua_sdk.decision.message import Inline, Message
from regua_sdk.decision.offer import Discount, Plan, PlanOffer
from regua_sdk.decision.people import Custom, Note, Notice, Task
from regua_sdk.decision.recovery import Hold, Placement, Recall, Service, WriteOff
from regua_sdk.decision.wake import Wake
from regua_sdk.kinds import (
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
from regua_sdk.reference import AgencyRef, SegmentRef, TeamRef, TemplateRef, TermsRef
from regua_sdk.refusal import BadConfig, ConfigProblem, Refusal, Unsupported
from regua_sdk.situation import Situation
from regua_sdk.situation.balance import Balance, Item, Items
from regua_sdk.situation.effect import Effect, Effects
from regua_sdk.situation.letters import Attempt, Letters
from regua_sdk.situation.trigger import Answered, Entered, Event, Verdict, Verdicts, Woken
from regua_sdk.stage import Stage

__all__ = [
    "ActionKind",
    "AgencyRef",
    "AmountByCurrency",
    "Answered",
    "Attempt",
    "BadConfig",
    "Balance",
    "Channel",
    "Charge",
    "ConfigProblem",
    "CoverKind",
    "Custom",
    "CustomerKind",
    "Decision",
    "DeliveryState",
    "Discount",
    "Disposition",
    "Effect",
    "EffectState",
    "Effects",
    "Entered",
    "Event",
    "Fee",
    "Hold",
    "Inline",
    "Interest",
    "Item",
    "ItemKind",
    "Items",
    "Letters",
    "Message",
    "Note",
    "Notice",
    "Placement",
    "Plan",
    "PlanOffer",
    "Purpose",
    "Recall",
    "Refusal",
    "Rounding",
    "Ruling",
    "SegmentRef",
    "Service",
    "ServiceChange",
    "Situation",
    "Stage",
    "Task",
    "TeamRef",
    "TemplateRef",
    "TermsRef",
    "Timestamp",
    "Unsupported",
    "Verdict",
    "Verdicts",
    "Wake",
    "Weekday",
    "Woken",
    "WriteOff",
    "log",
    "share",
    "split",
    "to_decimal",
]
