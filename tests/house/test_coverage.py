"""`docs/coverage.md` says which IDs of the framework the code claims, where, and what tests it.

`python -m tests.house.test_coverage`, or a run of the tests with BAKEN_WRITE=1, writes it anew.
"""

import ast
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from framework.content import FORMS
from tests.house.rooms import HOUSE, ROOMS, imported, python_files, shown

PAGE = HOUSE / "docs" / "coverage.md"
PREFIXES = (
    *("PRN", "TEAM", "COM", "RDY", "DEF", "REC", "SEL", "MAT", "TRN", "REL", "SES", "SUP", "REV", "FRE", "CEL"),
    *("PFE", "FUP", "TIM", "PRG", "RSK", "LEG", "MET", "CAP", "BEN", "AMB"),
)
ID = re.compile(rf"\b(?:{'|'.join(PREFIXES)})-[A-Z]{{0,2}}\d+[a-z]?(?:-(?:[a-z]\d*|\d+))?(?![\w-])")
EVERY_EMAIL = "tests/notifications/test_render.py"  # words each e-mail in each language
HEAD = """# What the code claims of the framework

Written by `python -m tests.house.test_coverage`; a test fails when it is out of date.

An ID is listed where the code names it: in a docstring, a comment, the `source` of a question or the id of an answer.
Of a range only the two ends are named, so only these are listed. A test stands in the last column when it names the
same ID; with *module* behind it, it tests the module and does not name the ID. A dash means that neither was found.

"""


def claims(of: Path = HOUSE) -> dict[str, set[str]]:
    """Each ID with the files that claim it; ids that content puts together are read from the forms themselves."""
    found: dict[str, set[str]] = {}
    for path in [*python_files(*ROOMS, of=of), *sorted((of / "framework").rglob("*.toml"))]:
        for name in ID.findall(path.read_text(encoding="utf-8")):
            found.setdefault(name, set()).add(shown(path, of))
    for place, text in _forms() if of == HOUSE else ():
        for name in ID.findall(text):
            found.setdefault(name, set()).add(place)
    return found


def _forms() -> Iterator[tuple[str, str]]:
    for form in FORMS.values():
        for question in form.questions:
            place = f"framework/content/{'desk' if form.phase == 'programme' else form.phase}.py"
            yield place, question.source
            yield from ((place, option.id) for option in question.options)


@cache
def proofs() -> dict[str, tuple[str, frozenset[str]]]:
    """Each test file's text, and the modules that it imports; the house's own checks test no rule of the framework."""
    files = [path for path in python_files("tests") if path.name.startswith("test_")]
    texts = {shown(path): path.read_text(encoding="utf-8") for path in files if path != Path(__file__).resolve()}
    return {place: (text, frozenset(imported(ast.parse(text)))) for place, text in texts.items()}


@cache
def of_module(place: str) -> str:
    """The test of a module: the one that bears its name, or else the first that imports it; empty where there is none."""
    path = Path(place)
    module = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    named = {f"test_{path.stem}.py", f"test_{path.stem}_forms.py"}
    rooms = ("tests/flows", "tests/tasks") if path.parts[0] in {"flows", "tasks"} else (f"tests/{path.parent}",)
    same = [test for test in proofs() if Path(test).name in named and str(Path(test).parent) in rooms]
    using = [test for test, (_, modules) in proofs().items() if module in modules and "/house/" not in test]
    if place.startswith("notifications/emails/") and EVERY_EMAIL in proofs():
        using = [*using, EVERY_EMAIL]
    return next(iter([*same, *using]), "")


@cache
def naming_tests() -> dict[str, list[str]]:
    """Each ID that a test file names, with those files."""
    found: dict[str, list[str]] = {}
    for test, (text, _) in proofs().items():
        for name in sorted(set(ID.findall(text))):
            found.setdefault(name, []).append(test)
    return found


def proof_of(name: str, places: set[str]) -> str:
    """The test to show for an ID."""
    naming = naming_tests().get(name, [])
    if naming:
        return naming[0]
    beside = [test for place in sorted(places) if (test := of_module(place))]
    return f"{beside[0]} *module*" if beside else "-"


def order(name: str) -> tuple[int, list[tuple[int, str]]]:
    """The framework's own order: by prefix, then by number."""
    prefix, _, rest = name.partition("-")
    return PREFIXES.index(prefix), [
        (int(n or 0), text) for text, n in re.findall(r"([A-Za-z-]*)(\d*)", rest) if text or n
    ]


def rows() -> list[str]:
    """One row an ID."""
    found = claims()
    return [
        f"| {name} | {', '.join(sorted(found[name]))} | {proof_of(name, found[name])} |"
        for name in sorted(found, key=order)
    ]


def page() -> str:
    """The whole page."""
    lines = rows()
    named = sum("*module*" not in line and not line.endswith("| - |") for line in lines)
    none = sum(line.endswith("| - |") for line in lines)
    figures = (
        f"{len(lines)} IDs; a test names {named} of them, {len(lines) - named - none} stand in a module with a test, "
    )
    return (
        HEAD
        + figures
        + f"{none} have none yet.\n\n| ID | where | tested by |\n|---|---|---|\n"
        + "\n".join(lines)
        + "\n"
    )


def write() -> None:
    """Write the page."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")


def test_page_is_up_to_date() -> None:
    if os.environ.get("BAKEN_WRITE"):
        write()
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.house.test_coverage"


def test_ids_are_read_in_all_their_forms() -> None:
    text = "CAP-087, RDY-Q03a; RDY-C1-a01 and RDY-C2-07, SEL-PB01e. XYZ-12 MAT- PRG-nn RSK-R01..R12"
    assert ID.findall(text) == ["CAP-087", "RDY-Q03a", "RDY-C1-a01", "RDY-C2-07", "SEL-PB01e", "RSK-R01"]


def test_new_claim_makes_a_new_row(tmp_path: Path) -> None:
    """The control."""
    room = tmp_path / "framework"
    room.mkdir()
    (room / "moon.py").write_text('"""The moon (CAP-999)."""\n', encoding="utf-8")
    assert claims(tmp_path) == {"CAP-999": {"framework/moon.py"}}
    assert "CAP-999" not in claims()


def test_every_test_that_is_named_exists() -> None:
    named = {row.split("|")[3].replace("*module*", "").strip() for row in rows()} - {"-"}
    assert [test for test in named if not (HOUSE / test).is_file()] == []


if __name__ == "__main__":
    write()
