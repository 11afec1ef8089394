"""Templates that a stage comes with."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PARTS = ("subject: ", "text: |", "short: ")
_ADDRESSES = ("://", "www.")
_PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}", re.DOTALL)


def assert_letters(name: str, sources: Sequence[str], needed: Sequence[str]) -> None:
    """Fails unless the sources of a template, one a language, say the same and are sound: the
    same placeholders and blocks in each; a subject, a text and a short text; each of the
    `needed` placeholders in the whole and in the short text, for a text message has nothing
    else; and no web address, which comes from placeholders alone.
    """
    for source in sources:
        same = _placeholders(source) == _placeholders(sources[0])
        assert same, f"{name}: the languages do not say the same"
        for part in _PARTS:
            has_part = any(line.startswith(part) for line in source.splitlines())
            assert has_part, f"{name} lacks {part!r}:\n{source}"
        short = source.partition("\nshort: ")[2]
        for placeholder in needed:
            written = f"{{{{ {placeholder} }}}}"
            is_there = written in source and written in short
            assert is_there, f"{name} lacks {written}:\n{source}"
        for address in _ADDRESSES:
            assert address not in source, f"{name} has a web address:\n{source}"


def _placeholders(source: str) -> set[str]:
    """One that stands several times counts once: languages differ in how often they name a
    thing.
    """
    return {(value or block).strip("- ") for value, block in _PLACEHOLDER.findall(source)}
