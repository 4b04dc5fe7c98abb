"""The README's table of settings lists exactly what the code reads from the environment."""

import ast
import re
from pathlib import Path

from pydantic_settings import BaseSettings

from models.settings import Settings
from notifications.bounces import BounceSettings
from notifications.settings import MailSettings
from tests.house.rooms import HOUSE, python_files, tree_of

README = HOUSE / "README.md"
CLASSES: tuple[type[BaseSettings], ...] = (Settings, MailSettings, BounceSettings)
TABLE = re.compile(r"<!-- settings -->(.*?)<!-- /settings -->", re.DOTALL)
NAME = re.compile(r"\bBAKEN_[A-Z0-9_]*[A-Z0-9]\b")
FIRST = re.compile(r"^\|\s*`?(BAKEN_[A-Z0-9_]+)`?\s*\|", re.MULTILINE)


def known() -> list[str]:
    """The variables that the settings read, as the environment spells them."""
    return sorted(
        f"{kind.model_config.get('env_prefix', '')}{field}".upper() for kind in CLASSES for field in kind.model_fields
    )


def listed(text: str) -> list[str]:
    """The variables in the first column of the table between its two marks; none where the marks are missing."""
    table = TABLE.search(text)
    return sorted(FIRST.findall(table[1])) if table else []


def settings_classes() -> set[str]:
    """Every class in the rooms that reads the environment."""
    return {
        node.name
        for path in python_files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef) and any("BaseSettings" in ast.unparse(base) for base in node.bases)
    }


def named_in_code() -> set[str]:
    """Every variable of ours that a room's code names; those that are only the start of a name are left out."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in python_files())
    return {name for name in NAME.findall(text) if f"{name}_*" not in text}


def test_table_lists_exactly_the_settings() -> None:
    if README.exists():
        assert listed(README.read_text(encoding="utf-8")) == known()


def test_every_class_of_settings_is_counted() -> None:
    assert settings_classes() == {kind.__name__ for kind in CLASSES}
    assert all(kind.model_config.get("env_prefix") == "BAKEN_" for kind in CLASSES)


def test_code_names_no_other_variable() -> None:
    assert named_in_code() - set(known()) == set()


def test_table_that_lacks_or_adds_a_setting_is_seen(tmp_path: Path) -> None:
    """The control."""
    rows = [f"| `{name}` | what it does |" for name in known()]
    page = tmp_path / "README.md"
    page.write_text("\n".join(["<!-- settings -->", *rows, "<!-- /settings -->"]), encoding="utf-8")
    assert listed(page.read_text(encoding="utf-8")) == known()
    page.write_text("\n".join(["<!-- settings -->", *rows[1:], "<!-- /settings -->", rows[0]]), encoding="utf-8")
    assert listed(page.read_text(encoding="utf-8")) != known()
    page.write_text(
        "\n".join(["<!-- settings -->", *rows, "| `BAKEN_MOON` | x |", "<!-- /settings -->"]), encoding="utf-8"
    )
    assert listed(page.read_text(encoding="utf-8")) != known()
    assert listed("\n".join(rows)) == []
