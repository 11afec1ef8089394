"""Takes out of a component what no host needs: names for debuggers, and the zeros in the
picture of memory that componentize-py takes after the stage is imported. Memory is zero where
no data is written, so a segment of data is cut where it has a run of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_COMPONENT_VERSION = b"\x0d\x00\x01\x00"
_HEADER_BYTES = 8
_CUSTOM = 0
_CORE_MODULE, _COMPONENT = 1, 4
"""Sections of a component that hold another binary."""
_DATA, _DATA_COUNT = 11, 12
"""Sections of a core module."""
_FOR_PEOPLE = frozenset({b"name", b"component-name", b"producers"})
"""Custom sections without a meaning for who runs it."""
_I32_CONST, _END = 0x41, 0x0B
_SEGMENTS_MAX = 100_000
"""How many data segments of a module a validator takes."""
_RUN_BYTES_MIN = 16
"""A segment of its own costs some ten bytes, and time to lay down."""
_DATA_RUNS = re.compile(rb"[^\0](?:\0{0,%d}[^\0])*" % (_RUN_BYTES_MIN - 1))


def shrink(wasm: bytes) -> bytes:
    """The same component, smaller. What it does not understand it leaves as it is."""
    is_component = wasm[4:_HEADER_BYTES] == _COMPONENT_VERSION
    sections = list(_sections(wasm))
    # Code that names segments by their numbers says how many there are.
    counts_segments = not is_component and any(kind == _DATA_COUNT for kind, _ in sections)
    kept = [wasm[:_HEADER_BYTES]]
    for kind, content in sections:
        if kind == _CUSTOM and _name(content) in _FOR_PEOPLE:
            continue
        if is_component and kind in (_CORE_MODULE, _COMPONENT):
            content = shrink(content)
        elif not is_component and kind == _DATA and not counts_segments:
            content = _without_zeros(content)
        kept += [bytes([kind]), _unsigned(len(content)), content]
    return b"".join(kept)


def _sections(wasm: bytes) -> Iterator[tuple[int, bytes]]:
    at = _HEADER_BYTES
    while at < len(wasm):
        kind = wasm[at]
        size, start = _read_unsigned(wasm, at + 1)
        at = start + size
        yield kind, wasm[start:at]


def _name(custom: bytes) -> bytes:
    size, start = _read_unsigned(custom, 0)
    return custom[start : start + size]


def _without_zeros(data: bytes) -> bytes:
    """A data section, cut at runs of zeros; itself where it is not all of active segments at
    constant places of the first memory, or would have more segments than are taken.
    """
    count, at = _read_unsigned(data, 0)
    segments = []
    for _ in range(count):
        if data[at : at + 2] != bytes([0, _I32_CONST]):
            return data
        offset, at = _read_signed(data, at + 2)
        if data[at] != _END:
            return data
        size, start = _read_unsigned(data, at + 1)
        at = start + size
        for run in _DATA_RUNS.finditer(data[start:at]):
            place = bytes([0, _I32_CONST]) + _signed(offset + run.start()) + bytes([_END])
            segments.append(place + _unsigned(len(run[0])) + run[0])
    if len(segments) > _SEGMENTS_MAX:
        return data
    return _unsigned(len(segments)) + b"".join(segments)


def _read_unsigned(data: bytes, at: int) -> tuple[int, int]:
    """An LEB128 number, and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _read_signed(data: bytes, at: int) -> tuple[int, int]:
    value, end = _read_unsigned(data, at)
    bits = 7 * (end - at)
    return (value - (1 << bits) if data[end - 1] & 0x40 else value), end


def _unsigned(value: int) -> bytes:
    written = bytearray()
    while value >= 0x80:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)


def _signed(value: int) -> bytes:
    written = bytearray()
    while not -0x40 <= value < 0x40:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value & 0x7F)
    return bytes(written)
