"""From a stage to a component that a host admits."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

import regua_sdk
from regua_sdk.build.shrink import shrink
from regua_sdk.stage import Stage

_ENTRY = "regua_entry"
_ENTRY_TEXT = """\
import {module}
from regua_sdk.guest import settle, world

# componentize-py asks for a class named after the module of the bindings.
ReguaSdkBindings = world({module}.{stage})
settle()
"""
_COMPONENTIZE = "import componentize_py; componentize_py.script()"


class BuildError(Exception):
    """Why there is no component; the text says what to do about it."""


@dataclass(frozen=True, slots=True)
class Built:
    """A component that was written."""

    path: Path
    """Where it lies."""
    stage: str
    """The stage's name and version: `name@1.0.0`."""
    size_bytes: int
    """How large it is."""
    cut_bytes: int
    """What was cut from what componentize-py made: names for debuggers, and zeros."""


def build(entry: str, output: Path) -> Built:
    """Makes a component of the one stage in a module, or of `module:Stage`, with all that it
    imports. The module is found as Python finds it. Raises `BuildError`.
    """
    stage = _stage_of(entry)
    module = entry.partition(":")[0]
    _refuse_other_version(stage, _root(module))
    with tempfile.TemporaryDirectory() as scratch:
        text = _ENTRY_TEXT.format(module=module, stage=stage.__qualname__)
        Path(scratch, f"{_ENTRY}.py").write_text(text)
        made = Path(scratch, "stage.wasm")
        _componentize([Path(scratch), _root(module), _root(regua_sdk.__name__)], made)
        wasm = made.read_bytes()
    smaller = shrink(wasm)
    output.write_bytes(smaller)
    return Built(
        output, f"{stage.name}@{stage.version}", len(smaller), len(wasm) - len(smaller)
    )


def _stage_of(entry: str) -> type[Stage[object, object]]:
    """The stage that an entry names."""
    name, _, wanted = entry.partition(":")
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise BuildError(f"there is no module {error.name!r} on Python's path") from error
    stages = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Stage)
        and (value.__name__ == wanted if wanted else value.__module__ == module.__name__)
    ]
    if len(stages) != 1:
        found = ", ".join(stage.__name__ for stage in stages) or "none"
        raise BuildError(f"{entry!r} has to name one stage, as module:Stage; found: {found}")
    return stages[0]


def _refuse_other_version(stage: type[Stage[object, object]], folder: Path) -> None:
    """Refuses a stage whose project bears its name and another version: one of the two was
    forgotten, and a version never changes once it is uploaded.
    """
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text()).get("project", {})
    except (OSError, tomllib.TOMLDecodeError):
        return
    version = project.get("version", stage.version)
    if project.get("name") == stage.name and version != stage.version:
        raise BuildError(
            f"the stage says that it is version {stage.version}, and pyproject.toml that it is "
            f"{version}: make them the same"
        )


def _root(module: str) -> Path:
    """The folder from which a module is imported."""
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise BuildError(f"the module {module!r} has no file, which a component needs")
    depth = module.count(".") + (spec.submodule_search_locations is not None)
    return Path(spec.origin).resolve().parents[depth]


def _componentize(roots: list[Path], made: Path) -> None:
    command = [sys.executable, "-c", _COMPONENTIZE, "-q", "componentize"]
    command += ["--stub-wasi", "-m", f"{regua_sdk.__name__}=stage"]
    for root in roots:
        command += ["-p", str(root)]
    # A backtrace of componentize-py's own would hide the line that tells what is wrong.
    environment = {**os.environ, "RUST_BACKTRACE": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*command, _ENTRY, "-o", str(made)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return
    if "No module named 'componentize_py'" in done.stderr:
        raise BuildError("componentize-py is not installed: pip install 'regua-sdk[build]'")
    raise BuildError(f"componentize-py failed:\n{done.stderr.strip()}")
