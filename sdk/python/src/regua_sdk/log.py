"""Lines for the plugin's developer: at most 100 a call, each at most 1 KiB; the host drops
and counts what is more. In native tests they go to standard error. A module may not log while
it is imported: there is no host yet.
"""

from __future__ import annotations

import sys

from regua_sdk.bindings.imports import log as wit

_LINE_BYTES_MAX = 1 << 10


def debug(text: str) -> None:
    """A line that only matters while the stage is written."""
    _write(wit.Level.DEBUG, text)


def info(text: str) -> None:
    """A line about the ordinary course."""
    _write(wit.Level.INFO, text)


def warn(text: str) -> None:
    """A line about something odd."""
    _write(wit.Level.WARN, text)


def error(text: str) -> None:
    """A line about something broken."""
    _write(wit.Level.ERROR, text)


def _write(level: wit.Level, text: str) -> None:
    # No character takes less than a byte, so what is cut here the host would cut as well.
    text = text[:_LINE_BYTES_MAX].encode(errors="replace").decode()
    if sys.platform == "wasi":
        wit.write(level, text)
    else:
        sys.stderr.write(f"{level.name}: {text}\n")
