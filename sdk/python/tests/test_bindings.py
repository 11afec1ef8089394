"""What is checked in is what the contract makes."""

import importlib.util
from pathlib import Path

FOLDER = Path(__file__).parents[1]


def test_making_the_bindings_again_changes_nothing(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("bindings", FOLDER / "tools" / "bindings.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    tool.generate(tmp_path)
    made = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert Path("regua_sdk/bindings/imports/types.py") in made
    assert Path("regua_sdk/wit/stage.wit") in made
    for path in made:
        assert (FOLDER / "src" / path).read_text() == (tmp_path / path).read_text(), path
    kept = {path.name for path in (FOLDER / "src/regua_sdk/bindings").rglob("*.py")}
    assert kept == {path.name for path in tmp_path.rglob("bindings/**/*.py")}
