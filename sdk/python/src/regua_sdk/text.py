"""Text within the contract's bounds."""

from __future__ import annotations

TEXT_CHARS_MAX = 500
"""Characters of a reason, a refusal, a problem."""

_KEPT = frozenset("\n\r\t")
_BREAKS = frozenset("\n\r\t\u2028\u2029")


def is_plain(text: str) -> bool:
    """Whether it is what the contract calls text: no control characters other than line
    feed, carriage return and tab, and no half of a surrogate pair, which UTF-8 cannot hold.
    """
    return text.isprintable() or all(map(_may_stand, text))


def is_line(text: str) -> bool:
    """Whether it is text on one line."""
    return is_plain(text) and _BREAKS.isdisjoint(text)


def plain(text: str, chars_max: int = TEXT_CHARS_MAX) -> str:
    """As text, with a space for each character that text has not, and cut: an explanation
    must not undo what it explains.
    """
    text = text[:chars_max]
    if text.isprintable():
        return text
    return "".join(char if _may_stand(char) else " " for char in text)


def line(text: str, chars_max: int) -> str:
    """The same on one line."""
    return "".join(" " if char in _BREAKS else char for char in plain(text, chars_max))


def _may_stand(char: str) -> bool:
    is_control = char < " " or "\x7f" <= char <= "\x9f"
    is_surrogate = "\ud800" <= char <= "\udfff"
    return char in _KEPT or not (is_control or is_surrogate)
