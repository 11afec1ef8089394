"""A friendly note: one e-mail as soon as a case enters the stage; then the case goes on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from regua_sdk import ActionKind, Channel, Decision, Message, Situation, Stage, TemplateRef

NOTE = "note"
"""The name of the note; the proposal's key is `note:email`."""


@dataclass(frozen=True)
class Config:
    """What a workflow's author sets. The JSON Schema in the manifest is made of it."""

    template: Annotated[TemplateRef, "The template of the note."]


class Outcome(StrEnum):
    """How the stage is left: a workflow's `on` says where each leads."""

    SENT = "sent"
    """The note was handed over."""
    UNREACHABLE = "unreachable"
    """No e-mail leads to the customer."""


class FriendlyNote(Stage[Config, None]):
    """One friendly e-mail."""

    name = "@name@"
    version = "1.0.0"
    summary = "One friendly e-mail, then on"
    proposes = (ActionKind.SEND_MESSAGE,)
    outcomes = Outcome

    def decide(self, situation: Situation, config: Config, memory: None) -> Decision:
        """Everything worth remembering is among the effects."""
        del memory
        note = situation.letters(NOTE)
        # Closed where no address is known, or the host refused the note just now.
        if not note.is_open(Channel.EMAIL):
            return Decision.leave(Outcome.UNREACHABLE).because(
                "no-email", "no e-mail leads to the customer"
            )
        balance = situation.balance
        letter = Message.reminder(Channel.EMAIL).template(config.template)
        return (
            Decision.leave(Outcome.SENT)
            .propose(note.key(Channel.EMAIL), letter)
            .because("entered", f"a note about {balance.display(balance.chaseable)}")
        )
