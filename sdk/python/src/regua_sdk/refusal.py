"""The stage's own ways of saying no, and what a workflow's author has to correct."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from regua_sdk.bindings.imports import types as wit
from regua_sdk.text import TEXT_CHARS_MAX, is_line, line, plain

_PROBLEMS_MAX = 100
_CODE_CHARS_MAX = 64


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """Something a workflow's author has to correct."""

    pointer: str
    """RFC 6901 JSON pointer into the config: `/template`, or empty for the whole."""
    text: str
    """What is wrong with it, in at most 500 characters."""

    def to_contract(self) -> wit.ConfigProblem:
        """To the contract's record, within its bounds: a pointer that is too long becomes
        that of what it lies in.
        """
        pointer = self.pointer
        while len(pointer) > TEXT_CHARS_MAX or not is_line(pointer):
            pointer = pointer.rpartition("/")[0]
        return wit.ConfigProblem(pointer, plain(self.text))


class Refusal(Exception):  # noqa: N818
    """The stage cannot answer, for a reason of its own: the workflow's `on_failure` applies.

    A refusal is for what the stage cannot do, not for what it should not do now; that is
    `Decision.stay`. Raise it anywhere in `decide`.
    """

    def __init__(self, code: str, text: str) -> None:
        """`code` is for machines, at most 64 characters; `text` for people, at most 500."""
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text

    def to_contract(self) -> wit.Refusal:
        """To the contract's variant, within its bounds."""
        code = line(self.code, _CODE_CHARS_MAX) or "refused"
        return wit.Refusal_Other(wit.Reason(code, plain(self.text)))


class Unsupported(Refusal):
    """This kind of situation is beyond the stage."""

    def __init__(self, text: str) -> None:
        """Says which, in at most 500 characters."""
        super().__init__("unsupported", text)

    def to_contract(self) -> wit.Refusal:
        """To the contract's variant, within its bounds."""
        return wit.Refusal_Unsupported(plain(self.text))


class BadConfig(Refusal):
    """The config cannot work."""

    def __init__(self, problems: Iterable[ConfigProblem]) -> None:
        """At most 100 problems are told."""
        self.problems = list(problems)
        super().__init__(
            "bad-config", "; ".join(f"{p.pointer!r}: {p.text}" for p in self.problems)
        )

    def to_contract(self) -> wit.Refusal:
        """To the contract's variant, within its bounds."""
        return wit.Refusal_BadConfig(problems_to_contract(self.problems))


class Misfit(ValueError):  # noqa: N818
    """JSON that does not fit its type."""

    def __init__(self, problems: Iterable[ConfigProblem]) -> None:
        """What does not fit, and where."""
        self.problems = list(problems)
        super().__init__("; ".join(f"{p.pointer!r}: {p.text}" for p in self.problems))

    def under(self, at: str) -> Misfit:
        """The same, of a value that lies at a pointer."""
        return Misfit(ConfigProblem(at + p.pointer, p.text) for p in self.problems)


def below(at: str, key: str | int) -> str:
    """The pointer to a member of what lies at a pointer."""
    return f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}"


def problems_to_contract(problems: Iterable[ConfigProblem]) -> list[wit.ConfigProblem]:
    """To the contract's records: at most 100."""
    return [problem.to_contract() for problem in list(problems)[:_PROBLEMS_MAX]]
