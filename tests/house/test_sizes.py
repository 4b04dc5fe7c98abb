"""Small files and short functions: what grows past its size is split, or stands here with the reason."""

import ast
from pathlib import Path

from tests.house.rooms import HOUSE, ROOMS, python_files, shown, tree_of

FILE, FUNCTION = 250, 60  # lines that are not blank; lines from `def` to the end, docstring included
CONTENT = "framework/content/"  # data, not code: as long as the subject is
LONG_FILES = {
    "framework/roster.py": "one format in, one record out; its cells stand apart already",
    "tasks/roster.py": "one import: read, compare, show, keep",
}
LONG_FUNCTIONS: dict[str, str] = {}


def lines(path: Path) -> int:
    """How many lines of the file are not blank."""
    return sum(1 for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def is_exempt(path: Path, of: Path) -> bool:
    """Content and migrations are records, not code that one reads."""
    return shown(path, of).startswith(CONTENT) or "versions" in path.parts


def long_files(*rooms: str, of: Path = HOUSE) -> dict[str, int]:
    """Files past the size, with their lines."""
    found = {shown(path, of): lines(path) for path in python_files(*rooms, of=of) if not is_exempt(path, of)}
    return {place: count for place, count in found.items() if count > FILE}


def long_functions(*rooms: str, of: Path = HOUSE) -> dict[str, int]:
    """Functions past the size, as `file:name`, with their lines."""
    return {
        f"{shown(path, of)}:{node.name}": length
        for path in python_files(*rooms, of=of)
        if "versions" not in path.parts
        for node in ast.walk(tree_of(path) if of == HOUSE else ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION
    }


def test_files_are_small() -> None:
    assert set(long_files(*ROOMS, "benchmarks")) - set(LONG_FILES) == set()


def test_functions_are_short() -> None:
    assert set(long_functions(*ROOMS, "benchmarks", "tests")) - set(LONG_FUNCTIONS) == set()


def test_no_excuse_outlives_its_file() -> None:
    assert set(LONG_FILES) <= set(long_files())
    assert set(LONG_FUNCTIONS) <= set(long_functions())


def test_size_is_really_measured(tmp_path: Path) -> None:
    """The control: a long file and a long function are found, content and blank lines are not counted."""
    room = tmp_path / "tasks"
    room.mkdir()
    (room / "long.py").write_text("x = 1\n" * (FILE + 1) + "def f():\n" + "    x = 1\n" * FUNCTION, encoding="utf-8")
    (room / "airy.py").write_text("\n" * FILE + "def f():\n" + "    x = 1\n" * (FUNCTION - 1), encoding="utf-8")
    content = tmp_path / CONTENT
    content.mkdir(parents=True)
    (content / "much.py").write_text("x = 1\n" * (FILE + 1), encoding="utf-8")
    assert set(long_files("tasks", "framework", of=tmp_path)) == {"tasks/long.py"}
    assert set(long_functions("tasks", of=tmp_path)) == {"tasks/long.py:f"}
