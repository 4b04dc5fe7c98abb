"""A newcomer adds a phase, a mail or a question in one obvious place each, and this says which place is still empty."""

import ast
import re
import shutil
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from framework.content import FORMS, standing
from framework.people import Role
from framework.programme import PHASES, Programme
from framework.questions import Ladder, Questionnaire
from notifications.emails import EMAILS
from tests.house.rooms import HOUSE, ROOMS, imported, python_files, shown

PLACES = (
    "framework/{}.py",
    "framework/content/{}.py",
    "tasks/{}.py",
    "flows/{}.py",
    "notifications/emails/{}.py",
    "notifications/templates/{}",
)
OTHER_FLOWS = ("approval", "audit", "mail", "programme", "retention", "roster", "watch")
TEMPLATE = {"subject.txt", "body.j2"}
APART = ("flows", "tasks", "notifications.emails")  # where one phase does not import another
ENDS = re.compile(r"^Ends as [A-Z][\w-]+.*\.", re.MULTILINE | re.DOTALL)
STEP = re.compile(r"^(\d+)\. \w", re.MULTILINE)
every_phase = pytest.mark.parametrize("phase", PHASES)


def missing(phase: str, of: Path = HOUSE) -> list[str]:
    """The places where this phase should be found, as a file or a folder of files, and is not."""
    places = [place.format(phase) for place in PLACES]
    return [p for p in places if not (of / p).exists() and not (of / p.removesuffix(".py") / "__init__.py").exists()]


def flows_in(tree: ast.Module) -> list[str]:
    """The names of the functions that carry `@flow`; a `name=` that differs from the function's is added."""
    found: list[str] = []
    for node in tree.body:
        for mark in getattr(node, "decorator_list", ()):
            call = mark.func if isinstance(mark, ast.Call) else mark
            if isinstance(call, ast.Name) and call.id == "flow" and isinstance(node, ast.FunctionDef):
                given = {key.arg: key.value for key in mark.keywords} if isinstance(mark, ast.Call) else {}
                named = given.get("name")
                found += {node.name, str(named.value) if isinstance(named, ast.Constant) else node.name}
    return found


def faults_of_story(text: str) -> list[str]:
    """What a flow's docstring lacks to be a storyboard: a title, steps from 1 up, safe to repeat, the ends last."""
    steps = [int(number) for number in STEP.findall(text)]
    paragraphs = [part.strip() for part in text.strip().split("\n\n")]
    last = paragraphs[-1].splitlines() if paragraphs else []
    checks = {
        "a title": ":" in text.partition("\n")[0],
        "steps numbered from 1": len(steps) > 1 and steps == list(range(1, len(steps) + 1)),
        "that it may run twice": "as often as you like" in text,
        "a last line that begins with 'Ends as'": any(line.startswith("Ends as ") for line in last)
        and bool(ENDS.search(paragraphs[-1])),
    }
    return [name for name, holds in checks.items() if not holds]


def faults_of_ladder(ladder: Ladder) -> list[str]:
    """What is wrong with the clock of a form."""
    checks = {
        "no last day": ladder.due > 0,
        "silence means nothing": bool(ladder.silence.strip()),
        "a reminder on or after the last day": all(0 < day < ladder.due for day in ladder.remind),
        "reminders out of order": list(ladder.remind) == sorted(set(ladder.remind)),
        "escalated after the last day": ladder.escalate is None or 0 < ladder.escalate <= ladder.due,
    }
    return [name for name, holds in checks.items() if not holds]


def siblings(of: Path = HOUSE) -> list[str]:
    """Imports from one phase to another within a room, as `file imports module`."""
    found = []
    for package in APART:
        for phase in PHASES:
            path = of / package.replace(".", "/") / f"{phase}.py"
            others = {f"{package}.{other}" for other in PHASES if other != phase}
            names = imported(ast.parse(path.read_text(encoding="utf-8"))) if path.exists() else set()
            found += [
                f"{shown(path, of)} imports {name}"
                for name in sorted(names)
                if any(name == other or name.startswith(f"{other}.") for other in others)
            ]
    return found


def template_folders(of: Path = HOUSE) -> dict[str, set[str]]:
    """Each e-mail's folder as `phase/name`, with the files in it."""
    root = of / "notifications" / "templates"
    return {
        folder.relative_to(root).as_posix(): {file.name for file in folder.iterdir()}
        for folder in sorted(root.glob("*/*"))
        if folder.is_dir() and folder.parent.name != "_base"
    }


@every_phase
def test_phase_is_in_every_place(phase: str) -> None:
    assert missing(phase) == []


def test_empty_place_is_named(tmp_path: Path) -> None:
    """The control: a phase that is not there, and one that lost its flow."""
    assert missing("sabbatical") == [place.format("sabbatical") for place in PLACES]
    shutil.copytree(HOUSE / "flows", tmp_path / "flows")
    (tmp_path / "flows" / "matching.py").unlink()
    assert "flows/matching.py" in missing("matching", tmp_path)
    assert "flows/review.py" not in missing("review", tmp_path)


@pytest.mark.parametrize("name", [*PHASES, *OTHER_FLOWS])
def test_file_holds_one_flow_of_its_name_and_tells_its_story(name: str) -> None:
    tree = ast.parse((HOUSE / "flows" / f"{name}.py").read_text(encoding="utf-8"))
    assert flows_in(tree) in ([name], [name, name])
    assert faults_of_story(ast.get_docstring(tree) or "") == []


def test_flows_hold_nothing_else() -> None:
    there = {path.stem for path in python_files("flows")} - {"__init__"}
    assert there == {*PHASES, *OTHER_FLOWS}


def test_poor_story_is_seen_through() -> None:
    """The control."""
    good = "Rest: from tired to awake.\n\n1. Lie down.\n2. Sleep.\n\nRun it as often as you like.\nEnds as Completed."
    assert faults_of_story(good) == []
    assert faults_of_story(good.replace("2. Sleep", "4. Sleep")) == ["steps numbered from 1"]
    assert faults_of_story(good.replace("as often as you like", "once")) == ["that it may run twice"]
    assert faults_of_story(good + "\n\nAnd so on.") == ["a last line that begins with 'Ends as'"]
    assert len(faults_of_story("")) == 4


def test_two_flows_in_one_file_are_counted() -> None:
    code = "@flow\ndef a(): ...\n@flow(name='c')\ndef b(): ...\ndef d(): ..."
    assert sorted(set(flows_in(ast.parse(code)))) == ["a", "b", "c"]


def test_every_email_has_its_folder_and_every_folder_its_email() -> None:
    assert {f"{kind.phase}/{name}" for name, kind in EMAILS.items()} == set(template_folders())


def test_every_folder_holds_a_subject_and_a_body() -> None:
    assert {place: files for place, files in template_folders().items() if files != TEMPLATE} == {}


def test_orphan_folder_is_found(tmp_path: Path) -> None:
    """The control."""
    shutil.copytree(HOUSE / "notifications" / "templates", tmp_path / "notifications" / "templates")
    (tmp_path / "notifications" / "templates" / "matching" / "orphan").mkdir()
    assert set(template_folders(tmp_path)) - set(template_folders()) == {"matching/orphan"}


@pytest.mark.parametrize("name", EMAILS)
def test_email_stands_in_the_module_of_its_phase(name: str) -> None:
    kind = EMAILS[name]
    stands_in = kind.__module__.rpartition(".")[2]
    several = {
        "mail": ("common", "mail_faults", "mail_letters", "by_hand", "operating", "replanning"),
        "matching": ("matching", "matching_ways"),
        "meetings": ("meetings", "sharing"),
    }
    assert stands_in in several.get(kind.phase, (kind.phase,))
    assert kind.reason.strip()
    assert kind.to
    assert kind.sample().given_name


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_question_that_waits_has_a_clock_an_owner_and_an_end(form: Questionnaire) -> None:
    assert faults_of_ladder(form.ladder) == []
    assert form.phase in {*PHASES, "programme"}
    assert form.by in Role
    assert form.title.strip()


def test_ladder_without_an_end_is_found() -> None:
    """The control."""
    assert faults_of_ladder(Ladder(due=7, remind=(2, 5), escalate=6, silence="No answer is a no.")) == []
    broken = Ladder(due=0, remind=(5, 2), escalate=9, silence=" ")
    assert len(faults_of_ladder(broken)) == 5


@every_phase
def test_questions_of_a_phase_stand_in_its_own_content_file(phase: str) -> None:
    own: tuple[Questionnaire, ...] = import_module(f"framework.content.{phase}").FORMS
    any_time = {form.id for form in standing.FORMS}  # open at any moment of a programme, in a file of their own
    assert [form.id for form in own] == [f.id for f in FORMS.values() if f.phase == phase and f.id not in any_time]
    assert own


def test_question_ids_are_unique_within_a_form() -> None:
    for form in FORMS.values():
        ids = [question.id for question in form.questions]
        assert len(ids) == len(set(ids)), form.id


def test_no_phase_imports_another() -> None:
    assert siblings() == []


def test_import_of_a_sibling_is_found(tmp_path: Path) -> None:
    """The control."""
    shutil.copytree(HOUSE / "flows", tmp_path / "flows")
    with (tmp_path / "flows" / "matching.py").open("a", encoding="utf-8") as file:
        file.write("\nfrom flows import selection\n")
    assert siblings(tmp_path) == ["flows/matching.py imports flows.selection"]


@pytest.mark.parametrize(
    "path", sorted((HOUSE / "framework" / "programmes").glob("*.toml")), ids=lambda path: path.stem
)
def test_ready_made_programme_reads_as_a_programme(path: Path) -> None:
    assert Programme.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).title


def test_no_drawer_without_a_name() -> None:
    drawers = {"utils", "helpers", "misc", "util", "helper"}
    assert [shown(path) for path in python_files() if drawers & {path.stem, *path.relative_to(HOUSE).parts}] == []


@pytest.mark.parametrize("room", [*ROOMS, "tests", "benchmarks"])
def test_every_room_tells_what_it_is(room: str) -> None:
    text = (HOUSE / room / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert 8 <= len([line for line in text.splitlines() if line.strip()]) <= 60
