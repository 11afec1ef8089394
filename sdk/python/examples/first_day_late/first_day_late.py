"""The first rung: on the first late day the customer gets one friendly letter about everything
that is overdue and may be chased. It decides as the plugin `first-day-late-email`, word for
word; that one's README tells why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from regua_sdk import (
    ActionKind,
    AmountByCurrency,
    Attempt,
    Channel,
    ConfigProblem,
    Decision,
    Message,
    Situation,
    Stage,
    TemplateRef,
    Wake,
)

DEMAND = "demand"
"""The name of the demand: `demand:email`."""
IN_FLIGHT_MINUTES = 60
"""How soon to look again at a demand that is on its way."""


@dataclass(frozen=True)
class Config:
    """What a workflow's author sets."""

    template: Annotated[
        TemplateRef, "The template of the demand, with the parts `subject`, `text` and `short`."
    ]
    minimum: Annotated[
        AmountByCurrency,
        "The least chaseable balance that is worth a letter, by currency; any amount where a\n"
        "currency is not named.",
    ] = field(default_factory=AmountByCurrency)
    channels: Annotated[
        tuple[Channel, ...],
        "The channels that may be used. Their order does not matter: the customer's does.",
        {"minItems": 1},
    ] = (Channel.EMAIL, Channel.SMS, Channel.WHATSAPP)


class Outcome(StrEnum):
    """How the stage is left."""

    SENT = "sent"
    """The demand was handed over."""
    UNREACHABLE = "unreachable"
    """No allowed channel leads to the customer."""


class FirstDayLate(Stage[Config, None]):
    """One demand for the whole balance on the first late day."""

    name = "first-day-late-python"
    version = "1.0.0"
    summary = "One friendly demand for the whole overdue balance on the first late day"
    proposes = (ActionKind.SEND_MESSAGE,)
    # A bounce sends the stage to the next channel; the others can lift the balance above the
    # minimum on a day that no calendar tells.
    listens = (
        "message.bounced",
        "dispute.resolved",
        "item.added",
        "payment.failed",
        "payment.reversed",
        "plan.broken",
        "promise.broken",
    )
    outcomes = Outcome

    def check(self, config: Config) -> Iterable[ConfigProblem]:
        """A stage without a channel could do nothing."""
        if not config.channels:
            yield ConfigProblem("/channels", "no channel is left to write over")

    def decide(self, situation: Situation, config: Config, memory: None) -> Decision:
        """Everything worth remembering is among the effects."""
        del memory
        demands = situation.letters(DEMAND)
        match demands.latest():
            case Attempt.SENT:
                return Decision.leave(Outcome.SENT).because(
                    "already-sent", "the demand of this visit was handed over"
                )
            case Attempt.IN_FLIGHT:
                return Decision.stay(Wake.after_minutes(IN_FLIGHT_MINUTES)).because(
                    "in-flight", "the demand of this visit is on its way"
                )

        balance = situation.balance
        minimum = config.minimum.of(balance) or 0
        if balance.chaseable == 0 or balance.chaseable < minimum:
            return Decision.stay(next_look(situation)).because(
                "below-minimum",
                f"{balance.display(balance.chaseable)} may be chased, "
                f"and letters start at {balance.display(minimum)}",
            )

        usable = [channel for channel in demands.open_channels() if channel in config.channels]
        if not usable:
            return Decision.leave(Outcome.UNREACHABLE).because(
                "unreachable", "no allowed channel is left that leads to the customer"
            )
        return demand(situation, config, usable[0])


def demand(situation: Situation, config: Config, channel: Channel) -> Decision:
    """The one demand. Asked again because it was deferred, the stage proposes the same: the
    host then keeps the case here until the deferral ends. Going to another channel to get
    around quiet hours or a cap would be the opposite of what they are for.
    """
    balance = situation.balance
    text = (
        f"{balance.days_overdue} days overdue, {balance.display(balance.chaseable)} may be "
        f"chased; {channel} is the first channel left"
    )
    key = situation.letters(DEMAND).key(channel)
    return (
        Decision.leave(Outcome.SENT)
        .propose(key, Message.demand(channel).template(config.template))
        .because("late", text)
    )


def next_look(situation: Situation) -> Wake:
    """The day on which the calendar brings a change; else an event has to."""
    change = situation.balance.next_change_after(situation.today)
    return Wake.on_event() if change is None else Wake.on(change)
