"""What a stage wants done, and when it wants to be asked again."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Self

from regua_sdk import checked
from regua_sdk.bindings.imports import types as wit
from regua_sdk.decision.action import Action
from regua_sdk.decision.wake import Wake
from regua_sdk.refusal import Refusal
from regua_sdk.shape import to_json
from regua_sdk.text import plain

_UNCHANGED = object()


class Decision:
    """What a stage wants done, and where the case goes from there. It begins with the
    latter, which no decision can do without:

        Decision.leave(Outcome.SENT)
            .propose("demand:email", Message.demand(Channel.EMAIL).template("late"))
            .because("late", "one day overdue")
    """

    def __init__(self, onwards: Wake | StrEnum) -> None:
        """Use `stay` or `leave`."""
        self.onwards = onwards
        self.proposals: list[tuple[str, Action]] = []
        self.reasons: list[tuple[str, str]] = []
        self._memory: object = _UNCHANGED

    @classmethod
    def stay(cls, wake: Wake) -> Self:
        """The case stays in the stage, which is asked again at the wake-up or on an event."""
        if not isinstance(wake, Wake):
            raise TypeError(f"a stage stays until a Wake, which {wake!r} is not")
        return cls(wake)

    @classmethod
    def leave(cls, outcome: StrEnum) -> Self:
        """The case leaves by an outcome, once the effects of this decision have been handed
        over. If one of them fails first, the stage is asked again.
        """
        if not isinstance(outcome, StrEnum):
            raise TypeError(f"{outcome!r} is not one of the stage's outcomes")
        return cls(outcome)

    def propose(self, key: str, action: Action) -> Self:
        """Proposes an action under a key of the stage's own: 1 to 64 characters of `a-z`,
        `0-9`, `-`, `.` and `:`. One key is done once per visit; at most 32 are carried out,
        in this order.
        """
        if not callable(getattr(action, "to_contract", None)):
            raise TypeError(f"{key} is {action!r}, not an action: a Fee, a Task, a Message")
        self.proposals.append((checked.text("a key", key), action))
        return self

    def because(self, code: str, text: str) -> Self:
        """Gives a reason in words that a person at the tenant can check: at most 16. Of a
        text 500 characters are kept, for an explanation must not undo a decision.
        """
        self.reasons.append((checked.text("the code of a reason", code), plain(text)))
        return self

    def remember(self, memory: object) -> Self:
        """Leaves something of the stage's memory type for the next call of this visit, as
        JSON of at most 4 KiB. Without it, memory stays as it was.
        """
        self._memory = memory
        return self

    def to_contract(self) -> wit.Decision:
        """To the contract's record. Raises `Refusal` where the memory cannot be written."""
        onwards = self.onwards
        return wit.Decision(
            proposals=[
                wit.Proposal(key, action.to_contract()) for key, action in self.proposals
            ],
            next=wit.Next_Stay(onwards.to_contract())
            if isinstance(onwards, Wake)
            else wit.Next_Leave(onwards.value),
            memory=self._written_memory(),
            reasons=[wit.Reason(code, text) for code, text in self.reasons],
        )

    def _written_memory(self) -> bytes | None:
        if self._memory is _UNCHANGED:
            return None
        try:
            return json.dumps(
                to_json(self._memory),
                ensure_ascii=False,
                separators=(",", ":"),
                allow_nan=False,
            ).encode()
        except (TypeError, ValueError) as error:
            raise Refusal("memory-unwritable", str(error)) from error

    def __repr__(self) -> str:
        """All of it, for tests that fail."""
        rest = f"proposals={self.proposals!r}, reasons={self.reasons!r}"
        return f"Decision({self.onwards!r}, {rest})"
