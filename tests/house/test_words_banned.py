"""Nothing in the house tells of the machine it was made on, points at a package host, or puts work off."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.rooms import HOUSE, PAPERS, TESTED, shown

TEXT = {
    ".py",
    ".toml",
    ".md",
    ".txt",
    ".html",
    ".j2",
    ".po",
    ".css",
    ".svg",
    ".csv",
    ".mako",
    ".yaml",
    ".yml",
    ".ini",
    ".cfg",
    "",
}
SKIPPED = {"__pycache__", "node_modules"}
HOSTS = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "crates" + ".io",
    "ana" + "conda.org",
)
LATER = "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X"))
BANNED = {
    "a path of one machine": re.compile(r"(?<![\w.:/-])/(?:work|root|home/\w+|Users/\w+)/|" + re.escape(str(HOUSE))),
    "a package host": re.compile("|".join(map(re.escape, HOSTS)), re.IGNORECASE),
    "work put off": re.compile(rf"\b(?:{LATER})\b"),
}


def texts(of: Path = HOUSE) -> Iterator[Path]:
    """Every text file that is part of the product or its tests."""
    for place in (*TESTED, "docs", ".ci"):
        for path in sorted((of / place).rglob("*")):
            if path.is_file() and path.suffix in TEXT and not SKIPPED & set(path.parts):
                yield path
    yield from (of / paper for paper in (*PAPERS, "constraints.txt") if (of / paper).exists())


def faults(text: str) -> list[str]:
    """What is banned and stands in this text."""
    return [name for name, banned in BANNED.items() if banned.search(text)]


def test_nothing_banned_is_said() -> None:
    found = {shown(path): faults(path.read_text(encoding="utf-8")) for path in texts()}
    assert {place: said for place, said in found.items() if said} == {}


def test_every_room_is_read() -> None:
    assert {shown(path).partition("/")[0] for path in texts()} >= set(TESTED)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"see {HOUSE}/x", "a path of one machine"),
        ("open('/" + "root/.baken')", "a path of one machine"),
        ("/" + "home/els/baken.db", "a path of one machine"),
        (f"https://{HOSTS[0]}/simple", "a package host"),
        ("# " + "TO" + "DO later", "work put off"),
    ],
)
def test_banned_words_are_found(text: str, name: str) -> None:
    """The control."""
    assert name in faults(text)


@pytest.mark.parametrize("text", ["https://example.org/work/with", "./work/x", "framework/people.py", "the house"])
def test_honest_words_pass(text: str) -> None:
    assert faults(text) == []
