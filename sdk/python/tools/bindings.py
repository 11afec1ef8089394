"""Makes the checked-in bindings from the contract: `python tools/bindings.py`.

They are what type checkers and native tests see; in a component, componentize-py puts the real
ones in their place.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parents[1]
SOURCE = FOLDER / "src"
CONTRACT = FOLDER.parents[1] / "wit" / "v1" / "stage.wit"
MADE = ("regua_sdk/bindings", "componentize_py_types.py")
"""What is kept of all that componentize-py writes."""


def generate(folder: Path) -> None:
    """Writes the bindings, and the copy of the contract that comes with the package, under a
    folder that stands for `src`. Raises `subprocess.CalledProcessError`.
    """
    with tempfile.TemporaryDirectory() as scratch:
        script = "import componentize_py; componentize_py.script()"
        command = [sys.executable, "-c", script, "-q"]
        command += ["-d", str(CONTRACT), "-w", "stage", "--world-module", "regua_sdk.bindings"]
        subprocess.run([*command, "bindings", scratch], check=True)
        for name in MADE:
            made, kept = Path(scratch, name), folder / name
            if made.is_dir():
                shutil.copytree(made, kept, dirs_exist_ok=True)
            else:
                shutil.copyfile(made, kept)
    contract = folder / "regua_sdk" / "wit" / CONTRACT.name
    contract.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(CONTRACT, contract)


if __name__ == "__main__":
    generate(SOURCE)
