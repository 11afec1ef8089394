"""The bounds of what a debtor reads."""

from __future__ import annotations

import re

from regua_sdk.bindings.imports import types as wit
from regua_sdk.testkit.bounds.findings import KIB, Findings

_VARIABLE = re.compile("[A-Za-z][A-Za-z0-9_]{0,63}")
_PLACEHOLDER = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_ADDRESS = re.compile(
    r"://"
    r"|(?<![\w])www\."
    r"|(?<![^\W_])(?:https?|mailto|javascript|data|tel|sms):\S"
    # A host: words with a point between them, the latter of two letters or more.
    r"|[\w-]\.[^\W\d_]{2,}(?![\w])",
    re.IGNORECASE,
)


def check(message: wit.Message, found: Findings) -> None:
    """Tells every bound that a message breaks."""
    match message.content:
        case wit.Content_Template(value=name):
            found.reference("the template", name)
        case wit.Content_Inline(value=text):
            found.line("the subject", text.subject, 0, 200)
            found.bytes("the body", text.body, 8 * KIB)
            _check_address("the subject", text.subject, found)
            _check_address("the body", text.body, found)
    found.at_most("variables", len(message.variables), 16)
    names: set[str] = set()
    for name, value in message.variables:
        is_name = _VARIABLE.fullmatch(name) is not None
        told = f"the variable {name!r} is not a letter and up to 63 letters, digits and _"
        found.must(is_name, told)
        found.must(name not in names, f"the variable {name!r} comes twice")
        names.add(name)
        found.bytes(name, value, KIB)
        _check_address(name, value, found)


def _check_address(what: str, text: str, found: Findings) -> None:
    has_address = _ADDRESS.search(_PLACEHOLDER.sub("0", text)) is not None
    found.must(not has_address, f"{what} has a web address")
