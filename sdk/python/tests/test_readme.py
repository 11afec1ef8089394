"""What the README shows runs."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from regua_sdk.testkit import assert_manifest_is_sound

README = Path(__file__).parents[1] / "README.md"


def test_the_stage_of_the_readme_passes_its_test() -> None:
    stage, test = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    shown: dict[str, Any] = {"__name__": __name__}
    exec(compile(stage + test, README.name, "exec"), shown)
    assert_manifest_is_sound(shown["FirstTime"])
    run: Callable[[], None] = shown["test_first_time"]
    run()
