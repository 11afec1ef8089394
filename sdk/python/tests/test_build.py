"""Components: what is cut from one, and one that is made."""

from pathlib import Path

import first_day_late
import pytest

from regua_sdk.build import BuildError, build
from regua_sdk.build.shrink import shrink

HEADER = b"\0asm\x01\0\0\0"
COMPONENT_HEADER = b"\0asm\x0d\0\x01\0"


def section(kind: int, content: bytes) -> bytes:
    assert len(content) < 128
    return bytes([kind, len(content)]) + content


def segment(offset: bytes, data: bytes) -> bytes:
    return b"\0\x41" + offset + b"\x0b" + bytes([len(data)]) + data


def test_names_and_zeros_are_cut_wherever_they_lie() -> None:
    name, kept = section(0, b"\x04name!"), section(0, b"\x06dylink")
    long = segment(b"\xc0\x00", b"ab" + b"\0" * 16 + b"c\0d" + b"\0" * 3)
    data = section(11, b"\x01" + long)
    module = HEADER + name + kept + data
    shorter = section(11, b"\x02" + segment(b"\xc0\x00", b"ab") + segment(b"\xd2\x00", b"c\0d"))
    assert shrink(module) == HEADER + kept + shorter
    component = COMPONENT_HEADER + name + section(1, module)
    assert shrink(component) == COMPONENT_HEADER + section(1, HEADER + kept + shorter)


def test_negative_offset_is_read_and_written_again() -> None:
    data = section(11, b"\x01" + segment(b"\x7f", b"\0" * 20 + b"a"))
    assert shrink(HEADER + data) == HEADER + section(11, b"\x01" + segment(b"\x13", b"a"))


def test_what_is_not_understood_is_left() -> None:
    zeros = segment(b"\x00", b"a" + b"\0" * 20 + b"b")
    counted = HEADER + section(12, b"\x01") + section(11, b"\x01" + zeros)
    passive = HEADER + section(11, b"\x01\x01\x16a" + b"\0" * 20 + b"b")
    for module in (counted, passive):
        assert shrink(module) == module


def test_entry_that_names_no_stage_is_told(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="no module 'no_such_module'"):
        build("no_such_module", tmp_path / "stage.wasm")
    with pytest.raises(BuildError, match="has to name one stage, as module:Stage; found: none"):
        build("regua_sdk.amount", tmp_path / "stage.wasm")


def test_project_of_another_version_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Path(first_day_late.__file__).read_text()
    (tmp_path / "forgotten.py").write_text(source)
    project = '[project]\nname = "first-day-late-python"\nversion = "1.1.0"\n'
    (tmp_path / "pyproject.toml").write_text(project)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(BuildError, match=r"version 1\.0\.0, and pyproject\.toml .* 1\.1\.0"):
        build("forgotten", tmp_path / "stage.wasm")


def test_the_example_becomes_a_component(tmp_path: Path) -> None:
    built = build("first_day_late", tmp_path / "stage.wasm")
    assert built.stage == "first-day-late-python@1.0.0"
    wasm = built.path.read_bytes()
    assert len(wasm) == built.size_bytes
    assert wasm.startswith(COMPONENT_HEADER)
    assert b"regua:dunning/log@1.0.0" in wasm
    assert b"\x0bwasi:" not in wasm
    assert shrink(wasm) == wasm
