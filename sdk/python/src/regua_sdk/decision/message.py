"""Writing to the debtor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Self

from regua_sdk import checked
from regua_sdk.bindings.imports import types as wit
from regua_sdk.channel import Channel
from regua_sdk.kinds import ActionKind, Purpose


@dataclass(frozen=True, slots=True)
class Inline:
    """Plain text of the stage's own, without a web address."""

    subject: str
    """One line of at most 200 characters."""
    body: str
    """At most 8 KiB."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message to the debtor:
    `Message.demand(Channel.EMAIL).template("first-day-late").var("tone", "kind")`.
    """

    kind: ClassVar[ActionKind] = ActionKind.SEND_MESSAGE

    purpose: Purpose
    """Why the debtor is written to."""
    channel: Channel
    """How."""
    content: str | Inline
    """The name of a template, or text."""
    variables: tuple[tuple[str, str], ...] = ()
    """Further text, by name; see `var`."""

    @staticmethod
    def of(purpose: Purpose, channel: Channel) -> Draft:
        """A message of a purpose."""
        return Draft(purpose, channel)

    @staticmethod
    def reminder(channel: Channel) -> Draft:
        """A message before anything is late."""
        return Draft(Purpose.REMINDER, channel)

    @staticmethod
    def demand(channel: Channel) -> Draft:
        """A message that asks for what is late."""
        return Draft(Purpose.DEMAND, channel)

    @staticmethod
    def legal_notice(channel: Channel) -> Draft:
        """A message with legal consequences."""
        return Draft(Purpose.LEGAL_NOTICE, channel)

    @staticmethod
    def offer(channel: Channel) -> Draft:
        """A message that carries an offer."""
        return Draft(Purpose.OFFER, channel)

    @staticmethod
    def confirmation(channel: Channel) -> Draft:
        """A message that confirms what was agreed or paid."""
        return Draft(Purpose.CONFIRMATION, channel)

    def var(self, name: str, value: str) -> Self:
        """The same with text that the template reads as `vars.<name>`: at most 16, each at
        most 1 KiB and without a web address. The name is a letter and up to 63 letters,
        digits and `_`.
        """
        return replace(self, variables=(*self.variables, (name, value)))

    def record(self) -> wit.Message:
        """To the contract's record."""
        return wit.Message(
            checked.case("the purpose", self.purpose, Purpose),
            Channel(self.channel).to_contract(),
            self._record_of_content(),
            [
                (checked.text("a variable's name", name), checked.text(name, value))
                for name, value in self.variables
            ],
        )

    def to_contract(self) -> wit.Action:
        """To the contract's variant."""
        return wit.Action_SendMessage(self.record())

    def _record_of_content(self) -> wit.Content:
        if isinstance(self.content, Inline):
            subject = checked.text("the subject", self.content.subject)
            body = checked.text("the body", self.content.body)
            return wit.Content_Inline(wit.InlineContent(subject, body))
        return wit.Content_Template(checked.text("the template", self.content))


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that lacks its content."""

    purpose: Purpose
    channel: Channel

    def template(self, template: str) -> Message:
        """By a template that an admin published; the host picks the customer's language."""
        return Message(self.purpose, self.channel, template)

    def inline(self, subject: str, body: str) -> Message:
        """By plain text of the stage's own, without a web address: subject one line of at
        most 200 characters, body at most 8 KiB.
        """
        return Message(self.purpose, self.channel, Inline(subject, body))
