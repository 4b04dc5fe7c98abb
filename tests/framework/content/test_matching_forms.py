"""Each side of a proposed pair says yes or no, and the reason of a no stays with the coordinator."""

import pytest

from framework.content.matching import FORMS, MEETING_LADDER, PAIRING_MENTEE, PAIRING_MENTOR, PAIRING_TWO
from framework.people import Role
from framework.questions import Questionnaire
from framework.reading import read
from framework.visibility import READERS, Track

ANSWERS = [form for form in FORMS if not form.id.endswith("_wishes")]
"""The forms with which somebody says yes or no; what one wishes is tested with the lists."""
PLAIN = [form for form in ANSWERS if [question.id for question in form.questions] == ["accept", "reason"]]
MEETING = [form for form in ANSWERS if form.id.startswith("meet_and_greet")]


def test_each_side_has_its_own_form_with_the_same_questions() -> None:
    assert (PAIRING_MENTOR.by, PAIRING_MENTEE.by) == (Role.MENTOR, Role.MENTEE)
    assert {form.id for form in ANSWERS} == {form.id for form in (*PLAIN, *MEETING, PAIRING_TWO)}
    for one, other in (("pairing_peer", PLAIN), ("pairing_group", PLAIN), ("meet_and_greet", MEETING)):
        sides = [form for form in other if form.id.startswith(one)]
        assert [form.by for form in sides] == [Role.MENTOR, Role.MENTEE]
    assert {tuple(question.id for question in form.questions) for form in MEETING} == {("met", "go_on", "reason")}


def test_equals_read_the_same_words() -> None:
    mentor, mentee = (form for form in PLAIN if form.id.startswith("pairing_peer"))
    assert (mentor.title, mentor.intro, mentor.sections) == (mentee.title, mentee.intro, mentee.sections)
    assert "%(ment" not in f"{mentor.title}{mentor.intro}{mentor.questions[0].ask}"


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_only_the_coordinator_reads_the_answer(form: Questionnaire) -> None:
    for question in form.questions:
        assert all(READERS[question.reads, track] == {Role.COORDINATOR} for track in Track)


@pytest.mark.parametrize("form", ANSWERS, ids=lambda form: form.id)
def test_an_empty_answer_is_refused(form: Questionnaire) -> None:
    assert [p.question for p in read(form, {}).problems] == [q.id for q in form.questions if q.id != "reason"]


@pytest.mark.parametrize("form", PLAIN, ids=lambda form: form.id)
def test_a_yes_and_a_no_are_accepted(form: Questionnaire) -> None:
    assert read(form, {"accept": ["yes"], "reason": ["unasked"]}).answers == {"accept": "yes"}
    assert read(form, {"accept": ["no"]}).problems == []
    reading = read(form, {"accept": ["no"], "reason": ["We know each other too well."]})
    assert reading.answers == {"accept": "no", "reason": "We know each other too well."}


@pytest.mark.parametrize("form", MEETING, ids=lambda form: form.id)
def test_who_did_not_meet_may_still_say_yes_or_no(form: Questionnaire) -> None:
    assert read(form, {"met": ["no"], "go_on": ["yes"], "reason": ["unasked"]}).answers == {"met": "no", "go_on": "yes"}
    assert read(form, {"met": ["yes"], "go_on": ["no"], "reason": ["x"]}).answers["reason"] == "x"
    assert form.ladder is MEETING_LADDER


def test_a_mentee_may_take_one_of_two() -> None:
    assert read(PAIRING_TWO, {"accept_first": ["yes"], "accept_second": ["no"]}).problems == []


@pytest.mark.parametrize("form", ANSWERS, ids=lambda form: form.id)
def test_the_ladder_ends_in_a_neutral_no(form: Questionnaire) -> None:
    ladder = ((7, 11), 12, 14) if form in MEETING else ((3, 5), 6, 7)
    assert (form.ladder.remind, form.ladder.escalate, form.ladder.due) == ladder
    assert "neutral no" in form.ladder.silence
