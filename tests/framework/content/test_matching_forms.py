"""Each side of a proposed pair says yes or no, and the reason of a no stays with the coordinator."""

import pytest

from framework.content.matching import FORMS, PAIRING_MENTEE, PAIRING_MENTOR
from framework.people import Role
from framework.questions import Questionnaire, read
from framework.visibility import READERS, Track


def test_each_side_has_its_own_form_with_the_same_questions() -> None:
    assert (PAIRING_MENTOR.by, PAIRING_MENTEE.by) == (Role.MENTOR, Role.MENTEE)
    for form in FORMS:
        assert [question.id for question in form.questions] == ["accept", "reason"]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_only_the_coordinator_reads_the_answer(form: Questionnaire) -> None:
    for question in form.questions:
        assert all(READERS[question.reads, track] == {Role.COORDINATOR} for track in Track)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_an_empty_answer_is_refused(form: Questionnaire) -> None:
    assert [problem.question for problem in read(form, {}).problems] == ["accept"]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_a_yes_and_a_no_are_accepted(form: Questionnaire) -> None:
    assert read(form, {"accept": ["yes"], "reason": ["unasked"]}).answers == {"accept": "yes"}
    assert read(form, {"accept": ["no"]}).problems == []
    reading = read(form, {"accept": ["no"], "reason": ["We know each other too well."]})
    assert reading.answers == {"accept": "no", "reason": "We know each other too well."}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_the_ladder_ends_in_a_neutral_no(form: Questionnaire) -> None:
    assert (form.ladder.remind, form.ladder.escalate, form.ladder.due) == ((3, 5), 6, 7)
    assert "neutral no" in form.ladder.silence
