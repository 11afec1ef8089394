"""What was found, and of what."""

from __future__ import annotations

import re

from regua_sdk.text import TEXT_CHARS_MAX, is_line, is_plain

__all__ = ["KIB", "TEXT_CHARS_MAX", "Findings"]

KIB = 1 << 10
_REFERENCE_CHARS_MAX = 200


class Findings:
    """Bounds that were broken, each told with what it is of."""

    def __init__(self, of: str, found: list[str] | None = None) -> None:
        """Begins a list, unless there is one to go on with."""
        self._of = of
        self.list = [] if found is None else found

    def of(self, of: str) -> Findings:
        """The same list, about something else."""
        return Findings(of, self.list)

    def must(self, holds: bool, otherwise: str) -> None:
        """Says it, unless it holds."""
        if not holds:
            self.list.append(f"{self._of}: {otherwise}")

    def at_most(self, what: str, count: int, most: int) -> None:
        """A count."""
        self.must(count <= most, f"{count} {what} where {most} are allowed")

    def between(self, what: str, count: int, least: int, most: int) -> None:
        """A count with a least."""
        text = f"{count} {what} where {least} to {most} are allowed"
        self.must(least <= count <= most, text)

    def word(self, what: str, text: str, marks: str) -> None:
        """1 to 64 characters of `a-z`, `0-9` and these marks."""
        is_word = re.fullmatch(f"[a-z0-9{re.escape(marks)}]{{1,64}}", text) is not None
        told = f"{what} {text!r} is not 1 to 64 characters of a-z, 0-9 and {marks}"
        self.must(is_word, told)

    def line(self, what: str, text: str, least: int, most: int) -> None:
        """A line of so many characters."""
        self.must(is_line(text), f"{what} is not one line: {text!r}")
        self.must(least <= len(text), f"{what} is too short: {text!r}")
        self.must(len(text) <= most, f"{what} has more than {most} characters")

    def text(self, what: str, text: str, most: int) -> None:
        """Text of at most so many characters."""
        self.must(is_plain(text), f"{what} has a control character: {text!r}")
        self.must(len(text) <= most, f"{what} has more than {most} characters")

    def bytes(self, what: str, text: str, most: int) -> None:
        """Text of at most so many bytes."""
        self.must(is_plain(text), f"{what} has a control character: {text!r}")
        self.must(len(text.encode()) <= most, f"{what} has more than {most} bytes")

    def reference(self, what: str, text: str) -> None:
        """A name of the tenant's or the host's own."""
        self.line(what, text, 1, _REFERENCE_CHARS_MAX)
