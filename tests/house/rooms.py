"""Where the house keeps things, for the tests that walk through it."""

import ast
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
ROOMS = ("framework", "models", "notifications", "tasks", "flows", "portal", "deployments")
TESTED = (*ROOMS, "tests", "benchmarks")
PAPERS = (
    "README.md",
    "DECISIONS.md",
    "CHANGELOG.md",
    "Makefile",
    "pyproject.toml",
    "ruff.toml",
    ".importlinter",
    ".pre-commit-config.yaml",
)


def python_files(*rooms: str, of: Path = HOUSE) -> Iterator[Path]:
    """Every Python file of these rooms, in order."""
    for room in rooms or ROOMS:
        yield from sorted(path for path in (of / room).rglob("*.py") if "__pycache__" not in path.parts)


def shown(path: Path, of: Path = HOUSE) -> str:
    """A file's place in the house: `framework/people.py`."""
    return path.relative_to(of).as_posix()


def tree_of(path: Path) -> ast.Module:
    """The file as Python reads it."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=shown(path))


def imported(tree: ast.Module) -> set[str]:
    """Every module that the file names in an import; `from a import b` gives both `a` and `a.b`."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found
