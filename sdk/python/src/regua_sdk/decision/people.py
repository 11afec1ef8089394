"""Work for people at the tenant, and word to their systems."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from regua_sdk import checked
from regua_sdk.bindings.imports import types as wit
from regua_sdk.calendar import to_days
from regua_sdk.decision.message import Message
from regua_sdk.kinds import ActionKind
from regua_sdk.shape import to_json


@dataclass(frozen=True, slots=True)
class Task:
    """Work for a team, to be done by the day."""

    kind: ClassVar[ActionKind] = ActionKind.OPEN_TASK

    team: str
    """Whose it is."""
    title: str
    """One line of at most 200 characters."""
    due_on: date
    """By when: not before today."""
    details: str = ""
    """What there is to know about it, at most 4 KiB."""
    priority: int = 5
    """0 (lowest) to 9."""
    draft: Message | None = None
    """A message that is sent, through the guard, when the person approves it."""

    def to_contract(self) -> wit.Action:
        """To the contract's variant."""
        return wit.Action_OpenTask(
            wit.Task(
                checked.text("the title", self.title),
                checked.text("the details", self.details),
                to_days("the day of a task", self.due_on),
                checked.text("the team", self.team),
                checked.whole("the priority", self.priority, 0, 9),
                None if self.draft is None else self.draft.record(),
            )
        )


@dataclass(frozen=True, slots=True)
class Notice:
    """Word to a team."""

    kind: ClassVar[ActionKind] = ActionKind.NOTIFY_TEAM

    team: str
    """The team's name."""
    text: str
    """At most 4 KiB."""

    def to_contract(self) -> wit.Action:
        """To the contract's variant."""
        team, text = checked.text("the team", self.team), checked.text("the text", self.text)
        return wit.Action_NotifyTeam(wit.Notice(team, text))


@dataclass(frozen=True, slots=True)
class Note:
    """A note on the timeline."""

    kind: ClassVar[ActionKind] = ActionKind.ADD_NOTE

    text: str
    """At most 4 KiB."""

    def to_contract(self) -> wit.Action:
        """To the contract's variant."""
        return wit.Action_AddNote(checked.text("the note", self.text))


@dataclass(frozen=True, slots=True)
class Custom:
    """A webhook event of the stage's own."""

    kind: ClassVar[ActionKind] = ActionKind.CUSTOM

    name: str
    """1 to 64 characters of `a-z`, `0-9`, `-` and `.`."""
    value: object
    """What becomes at most 16 KiB of JSON: as in memory."""

    def to_contract(self) -> wit.Action:
        """To the contract's variant."""
        name = checked.text("the name of an event", self.name)
        value = json.dumps(to_json(self.value), separators=(",", ":"), allow_nan=False)
        return wit.Action_Custom(wit.NamedJson(name, value))
