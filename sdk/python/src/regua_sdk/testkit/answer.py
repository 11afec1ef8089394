"""What a stage answered."""

from __future__ import annotations

from copy import deepcopy
from typing import Self, TypeVar

from regua_sdk.bindings.imports import types as wit
from regua_sdk.channel import Channel
from regua_sdk.decision import Decision
from regua_sdk.decision.action import Action
from regua_sdk.decision.message import Message
from regua_sdk.decision.wake import Wake
from regua_sdk.kinds import EffectState
from regua_sdk.testkit.builder import SituationBuilder
from regua_sdk.testkit.parts import EffectBuilder

Kind = TypeVar("Kind")


class Answer:
    """A decision, as its reader sees it. Its `assert_` methods fail with the whole decision,
    and return the answer, so that they chain.
    """

    def __init__(
        self, decision: Decision, record: wit.Decision, situation: wit.Situation
    ) -> None:
        """`testkit.ask` makes it."""
        self.decision = decision
        """As the stage made it."""
        self.record = record
        """As the host gets it."""
        self._situation = situation

    @property
    def outcome(self) -> str | None:
        """The outcome by which the case leaves, if it does."""
        onwards = self.decision.onwards
        return None if isinstance(onwards, Wake) else onwards.value

    @property
    def wake(self) -> Wake | None:
        """The wake-up, if the case stays."""
        onwards = self.decision.onwards
        return onwards if isinstance(onwards, Wake) else None

    @property
    def keys(self) -> list[str]:
        """The proposals' keys, in their order."""
        return [key for key, _ in self.decision.proposals]

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """Codes and texts of the reasons, in their order."""
        return self.decision.reasons

    def action(self, key: str, kind: type[Kind]) -> Kind:
        """The action proposed under a key. Fails where there is none of this kind:
        `answer.action("fee", Fee).amount`.
        """
        actions = [action for name, action in self.decision.proposals if name == key]
        assert actions, f"nothing is proposed under {key!r}: {self!r}"
        action: Action = actions[0]
        assert isinstance(action, kind), f"{key!r} is no {kind.__name__}: {self!r}"
        return action

    def then(self, state: EffectState, code: str = "") -> SituationBuilder:
        """The situation in which this answer's proposals have come so far: for the next
        call.
        """
        builder = SituationBuilder(deepcopy(self._situation))
        if self.record.memory is not None:
            builder = builder.memory_bytes(self.record.memory)
        for key, action in self.decision.proposals:
            channel = Channel(action.channel) if isinstance(action, Message) else None
            effect = EffectBuilder(key, action.kind, state, channel=channel, code=code)
            builder = builder.effect(effect)
        return builder

    def assert_leaves(self, outcome: str) -> Self:
        """The case leaves by the outcome."""
        assert self.outcome == outcome, repr(self)
        return self

    def assert_stays(self, wake: Wake) -> Self:
        """The case stays until the wake-up."""
        assert self.wake == wake, repr(self)
        return self

    def assert_proposes(self, *keys: str) -> Self:
        """These keys are proposed, in this order, and no others."""
        assert self.keys == list(keys), repr(self)
        return self

    def assert_because(self, code: str, text: str | None = None) -> Self:
        """This is among the reasons, with this text where one is given."""
        told = [given for name, given in self.reasons if name == code]
        assert told, f"no reason {code!r}: {self!r}"
        assert text is None or text in told, repr(self)
        return self

    def __repr__(self) -> str:
        """The decision, and memory as the JSON it is."""
        memory = self.record.memory
        return f"Answer({self.decision!r}, memory={memory and memory.decode()})"
