"""`python -m regua_sdk.build module -o stage.wasm`."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from regua_sdk.build import BuildError, build


def main() -> int:
    """Builds one stage, and tells its size. 0 done, 1 failed, 2 called wrongly."""
    parser = argparse.ArgumentParser(
        prog="regua_sdk.build", description="Makes a component of a stage."
    )
    parser.add_argument("entry", help="the module of the stage, or module:Stage")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    given = parser.parse_args()
    sys.path.insert(0, str(Path.cwd()))
    began = time.monotonic()
    try:
        built = build(given.entry, given.output)
    except BuildError as error:
        sys.stderr.write(f"{given.entry}: {error}\n")
        return 1
    seconds = time.monotonic() - began
    sys.stdout.write(
        f"{built.path}: {built.stage}, {built.size_bytes:,} bytes ({built.cut_bytes:,} cut), "
        f"{seconds:.1f} s\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
