"""Who may read what: every cell of the table, written out a second time (framework section 4; LEG-08 to LEG-31)."""

import ast

import pytest

from framework.content import FORMS
from framework.people import Role
from framework.visibility import (
    CONFIDENTIAL,
    ENOUGH,
    READERS,
    TABLE,
    Cell,
    Reader,
    Track,
    Visibility,
    Whose,
    cell,
    counted,
    may_read,
    may_release,
    readable,
)
from notifications.emails import EMAILS
from tests.house.rooms import ROOMS, python_files, shown, tree_of

NEW, GROWTH = Track.NEW_HIRE, Track.GROWTH
EXPECTED: dict[tuple[str, Track], set[str]] = {
    ("content", NEW): {"mentor", "mentee", "coordinator", "line_manager"},  # LEG-09, LEG-10
    ("content", GROWTH): {"mentor", "mentee", "coordinator"},  # LEG-13
    ("contract", NEW): {"mentor", "mentee", "coordinator", "line_manager"},
    ("contract", GROWTH): {"mentor", "mentee", "coordinator", "line_manager"},  # LEG-14
    ("personal", NEW): {"mentor", "mentee"},  # LEG-11, LEG-12
    ("personal", GROWTH): {"mentor", "mentee"},
    ("private", NEW): set(),  # LEG-26: the writer alone
    ("private", GROWTH): set(),
    ("review", NEW): {"coordinator"},
    ("review", GROWTH): {"coordinator"},
    ("application", NEW): {"coordinator"},
    ("application", GROWTH): {"coordinator"},
    ("profile", NEW): {"mentor", "mentee", "coordinator"},  # MAT-14: who chooses sees what is offered
    ("profile", GROWTH): {"mentor", "mentee", "coordinator"},
    ("care", NEW): {"coordinator"},  # LEG-28
    ("care", GROWTH): {"coordinator"},
    ("special", NEW): set(),  # LEG-28
    ("special", GROWTH): set(),
    ("story", NEW): {"coordinator"},  # LEG-29
    ("story", GROWTH): {"coordinator"},
    ("programme", NEW): {"coordinator", "team"},
    ("programme", GROWTH): {"coordinator", "team"},
    ("notice", NEW): {"mentor", "mentee", "coordinator", "team"},  # REV-M09
    ("notice", GROWTH): {"mentor", "mentee", "coordinator", "team"},
}
BETWEEN = {
    ("personal", NEW, "line_manager"): "released",  # LEG-11, CAP-199
    ("special", NEW, "coordinator"): "counted",  # LEG-28
    ("special", GROWTH, "coordinator"): "counted",
}
SILENT = {"sponsor", "operator", "prefect"}  # read nothing, and are asked nothing
QUESTIONS = [(form.id, question) for form in FORMS.values() for question in form.questions]
LEARNING = {  # what a new hire learns, asked outside the agreement: all that her line manager reads of any form
    ("mentee_application", "goal"),  # what she wants to learn is the plan of her training
    ("mentee_application", "competences"),
    ("new_hire_review_mentor", "rev_n2"),
    ("new_hire_review_mentor", "rev_n2_text"),
    ("new_hire_review_mentor", "rev_n4"),
    ("new_hire_review_mentee", "rev_n2"),
    ("new_hire_review_mentee", "rev_n2_text"),
    ("new_hire_review_mentee", "rev_n4"),
    ("relationship_end_mentor", "fre_q5"),
    ("relationship_end_mentee", "fre_q5"),
}
MEETINGS = {"meeting_preparation", "preparation_shared", "meeting_log", "mentor_reflection"}
AGREEMENTS = {"growth_contract", "new_hire_agreement", "contract_signature", "manager_consent"}


@pytest.mark.parametrize(("what", "track", "reader", "writer"), TABLE)
def test_cell_is_as_written_down(what: Visibility, track: Track, reader: Reader, writer: Whose) -> None:
    yes = reader.value in EXPECTED[what.value, track] if writer is Whose.ANOTHER else reader.value not in SILENT
    expected = "yes" if yes else "no"
    if writer is Whose.ANOTHER:
        expected = BETWEEN.get((what.value, track, reader.value), expected)
    assert TABLE[what, track, reader, writer] == cell(reader, what, track, writer) == expected


def test_no_cell_is_missing_and_none_is_added() -> None:
    assert set(TABLE) == {(w, t, r, o) for w in Visibility for t in Track for r in Reader for o in Whose}
    assert set(READERS) == {(what, track) for what in Visibility for track in Track}
    assert set(EXPECTED) == {(what.value, track) for what, track in READERS}
    assert {role.value for role in Role} == {reader.value for reader in Reader} - {"prefect"}


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.id)
@pytest.mark.parametrize("track", Track)
def test_readable_gives_each_reader_its_cells_and_no_more(form: object, track: Track) -> None:
    form = FORMS[form.id]  # type: ignore[attr-defined]
    answers: dict[str, object] = {question.id: "told" for question in form.questions} | {"asked_no_more": "told"}
    for reader in Reader:
        for writer in Whose:
            found = set(readable(form, answers, reader, track, writer))
            assert found == {q.id for q in form.questions if TABLE[q.reads, track, reader, writer] is Cell.YES}


def test_patched_cell_changes_what_is_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: nothing but the table decides."""
    form, told = FORMS["meeting_log"], {"topics": "told"}
    assert readable(form, told, Role.MENTOR, GROWTH) == told
    assert Role.MENTOR in READERS[Visibility.PERSONAL, GROWTH]
    monkeypatch.setitem(TABLE, (Visibility.PERSONAL, GROWTH, Reader.MENTOR, Whose.ANOTHER), Cell.NO)
    assert readable(form, told, Role.MENTOR, GROWTH) == {}
    assert Role.MENTOR not in READERS[Visibility.PERSONAL, GROWTH]


def test_a_mentee_alone_may_release_and_of_a_new_hires_personal_answers_alone() -> None:
    may = {(role, what, track) for role in Role for what in Visibility for track in Track}
    assert {one for one in may if may_release(*one)} == {(Role.MENTEE, Visibility.PERSONAL, NEW)}


def test_sensitive_answers_are_counted_from_ten_people_on_and_no_small_number_is_told() -> None:
    nine, ten = ["late"] * (ENOUGH - 1), ["late"] * 6 + ["tired"] * 4
    for track in Track:
        assert counted(nine, Role.COORDINATOR, Visibility.SPECIAL, track) == {}
        assert counted(ten, Role.COORDINATOR, Visibility.SPECIAL, track) == {"late": 6}
        for reader in set(Reader) - {Reader.COORDINATOR}:
            assert counted(ten, reader, Visibility.SPECIAL, track) == {}
        assert counted(["late"], Role.COORDINATOR, Visibility.APPLICATION, track) == {"late": 1}


def read_by(role: Role, track: Track) -> set[str]:
    """The classes that a role reads on a track."""
    return {what.value for what in Visibility if may_read(role, what, track)}


def test_line_manager_reads_learning_progress_of_new_hires_only() -> None:
    assert read_by(Role.LINE_MANAGER, NEW) == {"content", "contract"}
    assert read_by(Role.LINE_MANAGER, GROWTH) == {"contract"}


def test_sponsor_and_operator_read_nothing_of_what_people_tell() -> None:
    for role in (Role.SPONSOR, Role.OPERATOR):
        for track in Track:
            assert read_by(role, track) == set()


def test_coordinator_never_reads_what_the_pair_tells_each_other() -> None:
    for track in Track:
        assert not {"personal", "private", "special"} & read_by(Role.COORDINATOR, track)


def read_of_forms(track: Track, but: set[str]) -> set[tuple[str, str]]:
    """The questions, as (form, question), that a line manager reads on a track; forms in `but` are left out."""
    return {
        (form, asked.id)
        for form, asked in QUESTIONS
        if form not in but and may_read(Role.LINE_MANAGER, asked.reads, track)
    }


def test_line_manager_reads_of_a_new_hire_the_agreement_and_what_is_learnt() -> None:
    assert read_of_forms(NEW, but=AGREEMENTS) == LEARNING


def test_line_manager_reads_of_growth_nothing_but_the_agreement() -> None:
    """Topics, notes and reflection forms, and what one thinks of the relation, on neither track."""
    assert read_of_forms(GROWTH, but=AGREEMENTS) == set()


def test_what_a_pair_keeps_for_itself_in_an_agreement_stays_there() -> None:
    kept = {(form, asked.id) for form, asked in QUESTIONS if form in AGREEMENTS and asked.reads is Visibility.PERSONAL}
    assert kept
    assert not kept & (read_of_forms(NEW, but=set()) | read_of_forms(GROWTH, but=set()))


def test_nobody_but_the_two_reads_of_their_meetings() -> None:
    asked = [question for form, question in QUESTIONS if form in MEETINGS]
    assert asked
    for question in asked:
        assert {role for role in Role if may_read(role, question.reads, NEW)} <= {Role.MENTOR, Role.MENTEE}


@pytest.mark.parametrize("name", EMAILS)
def test_email_holds_only_what_all_its_readers_may_read(name: str) -> None:
    """On one track at least: a mail that only new hires' managers get may hold their learning progress."""
    kind = EMAILS[name]
    for what in kind.holds:
        assert any(all(_gets(role, what, track) for role in kind.to) for track in Track), what


def _gets(role: Role, what: Visibility, track: Track) -> bool:
    """Whether a mail may bring that role such an answer: it reads it, or gets what is handed over (LEG-11)."""
    return cell(role, what, track) in {Cell.YES, Cell.RELEASED}


def test_line_managers_mail_never_holds_more_than_content() -> None:
    letters = [kind for name, kind in EMAILS.items() if Role.LINE_MANAGER in kind.to and name != RELEASE]
    assert letters
    assert EMAILS[RELEASE].holds == {Visibility.PERSONAL}
    assert Role.MENTEE in EMAILS[RELEASE].to, "who shares it has a copy"
    assert {what.value for kind in letters for what in kind.holds} <= {"content", "contract"}


RELEASE = "answer_shared"
"""The one mail that brings a personal answer, because its writer wants it (LEG-11, CAP-199)."""
SENSITIVE = {
    ("mentor_application", "decline_reason"): Visibility.SPECIAL,  # what holds people back, by LEG-28 itself
    ("training_enrolment_mentor", "needs"): Visibility.CARE,  # a room without steps, a diet
    ("training_enrolment_mentee", "needs"): Visibility.CARE,
}


def test_what_may_tell_of_health_or_of_what_holds_one_back_is_sealed_and_never_shown_again() -> None:
    classes = (Visibility.SPECIAL, Visibility.CARE)
    assert {(form, asked.id): asked.reads for form, asked in QUESTIONS if asked.reads in classes} == SENSITIVE
    assert set(classes) <= CONFIDENTIAL
    assert all(asked.confided for form, asked in QUESTIONS if (form, asked.id) in SENSITIVE)


ORDINARY = {
    *("given_name", "link", "appointment", "report", "candidate", "partner", "closes_on", "ends_on", "on", "group"),
    *("hours", "title", "number", "calls_on", "people"),
}
"""What a mail to a line manager may name: people, days, hours a month, the title of a form, which reminder it is."""
BEYOND = {
    "learning_progress": {"progress", "recommendation"},  # of the training plan (LEG-09)
    RELEASE: {"manager", "question", "answer"},  # by the writer's own wish (LEG-11)
}


def test_what_a_line_manager_is_written_has_no_room_for_more() -> None:
    """A mail is a type without the private fields, and takes no field that it does not have."""
    found = {name: set(kind.model_fields) for name, kind in EMAILS.items() if Role.LINE_MANAGER in kind.to}
    assert "learning_progress" in found
    beyond = {name: more for name, fields in found.items() if (more := fields - ORDINARY)}
    assert beyond == BEYOND
    assert all(EMAILS[name].model_config["extra"] == "forbid" for name in found)


RAW = {
    "framework/reading.py": "reads what was typed; nobody's yet",
    "portal/visit.py": "the writer's own form",
    "models/held.py": "the writer's own, in a file for that person; what others wrote passes `readable`",
    "models/tally.py": "added up, and tied to nobody",
    "portal/forms": "the writer's own form",
    "portal/sharing.py": "the writer's own, where `may_release` says so",
    "portal/asked.py": "how urgent a call for help is; its words pass `readable`",
    "tasks/requests.py": "hands answers to the steps that act on them",
    "tasks/helping.py": "how urgent a call for help is sets a clock; what was written stays on the desk",
    "tasks/matching/acceptance.py": "yes or no: what happens next",
    "tasks/matching/candidates.py": "what matching goes by; facts about it are withheld in `models/desk/solved.py`",
    "tasks/review.py": "thresholds on numbers; what is told passes `readable`",
    "tasks/selection.py": "a score",
    "tasks/meetings.py": "the rhythm of a pair's meetings",
    "deployments/report_page.py": "how many answered each form",
}
"""Files (or what their names begin with) that touch answers as they are, each with what it does with them. Anything else asks `readable`."""


def raw(tree: ast.Module) -> list[int]:
    """Lines that take answers, or what is kept of an application, and do not hand them straight to `readable`."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    handed = {id(part) for call in calls if call.func.id == "readable" for part in ast.walk(call)}  # type: ignore[attr-defined]
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)]
    return sorted(node.lineno for node in found if node.attr in {"answers", "profile"} and id(node) not in handed)


def test_answers_go_to_others_through_the_table_alone() -> None:
    found = {shown(path): lines for path in python_files(*ROOMS) if (lines := raw(tree_of(path)))}
    assert {place: lines for place, lines in found.items() if not place.startswith(tuple(RAW))} == {}
    assert [
        one for one in RAW if not any(place.startswith(one) for place in found)
    ] == []  # no excuse outlives its file


@pytest.mark.parametrize("code", ["x = row.answers", "f(given[-1].answers.get('goal'))", "one.profile['topics']"])
def test_raw_answers_are_found_wherever_they_hide(code: str) -> None:
    """The control."""
    assert raw(ast.parse(code)) == [1]
    assert raw(ast.parse("told = readable(form, row.answers, reader, track)")) == []
