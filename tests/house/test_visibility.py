"""Who may read what: every cell of the table, written out a second time (framework section 4; LEG-08 to LEG-31)."""

import pytest

from framework.content import FORMS
from framework.people import Role
from framework.visibility import READERS, Track, Visibility, may_read
from notifications.emails import EMAILS

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
    ("special", NEW): set(),  # LEG-28
    ("special", GROWTH): set(),
    ("story", NEW): {"coordinator"},  # LEG-29
    ("story", GROWTH): {"coordinator"},
    ("programme", NEW): {"coordinator", "team"},
    ("programme", GROWTH): {"coordinator", "team"},
}
CELLS = [(what, track, role) for what in Visibility for track in Track for role in Role]
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
AGREEMENTS = {"growth_contract", "new_hire_agreement", "contract_signature", "manager_consent"}


@pytest.mark.parametrize(("what", "track", "role"), CELLS)
def test_cell_is_as_written_down(what: Visibility, track: Track, role: Role) -> None:
    assert may_read(role, what, track) is (role.value in EXPECTED[what.value, track])


def test_no_cell_is_missing_and_none_is_added() -> None:
    assert set(READERS) == {(what, track) for what in Visibility for track in Track}
    assert set(EXPECTED) == {(what.value, track) for what, track in READERS}


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
    asked = [question for form, question in QUESTIONS if FORMS[form].phase == "meetings"]
    assert asked
    for question in asked:
        assert {role for role in Role if may_read(role, question.reads, NEW)} <= {Role.MENTOR, Role.MENTEE}


@pytest.mark.parametrize("name", EMAILS)
def test_email_holds_only_what_all_its_readers_may_read(name: str) -> None:
    """On one track at least: a mail that only new hires' managers get may hold their learning progress."""
    kind = EMAILS[name]
    for what in kind.holds:
        assert any(all(may_read(role, what, track) for role in kind.to) for track in Track), what


def test_line_managers_mail_never_holds_more_than_content() -> None:
    letters = [kind for kind in EMAILS.values() if Role.LINE_MANAGER in kind.to]
    assert letters
    assert {what.value for kind in letters for what in kind.holds} <= {"content", "contract"}
