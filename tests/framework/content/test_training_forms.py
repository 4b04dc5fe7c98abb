"""Enrolment in a date, the two curricula of the framework, and what somebody thought of them."""

from dataclasses import replace

import pytest

from framework.content.training import CURRICULUM_G, CURRICULUM_N, EVALUATION_OF, FORMS
from framework.people import Role
from framework.questions import Option, Questionnaire, Section
from framework.reading import read
from framework.training import must_train
from framework.visibility import READERS, Track, Visibility

ENROLMENTS = [form for form in FORMS if form.id.startswith("training_enrolment")]
EVALUATIONS = {form.id: form for form in FORMS if form not in ENROLMENTS}


def with_dates(form: Questionnaire) -> Questionnaire:
    """The form as a request asks it: with two dates to choose from."""
    dates = (Option("1", "12 March 2027"), Option("2", "19 March 2027"))
    first, *others = form.sections
    asked = Section(first.title, (replace(first.questions[0], options=dates),), first.intro)
    return replace(form, sections=(asked, *others))


def test_curricula_hold_the_topics_of_the_framework() -> None:
    assert [topic.id for topic in CURRICULUM_N] == [f"TRN-N{number:02}" for number in range(1, 12)]
    assert [topic.id for topic in CURRICULUM_G] == [f"TRN-G{number:02}" for number in range(1, 15)]


def test_mentees_follow_the_growth_course_but_for_one_topic() -> None:
    assert all(topic.mentors_only for topic in CURRICULUM_N)
    assert [topic.id for topic in CURRICULUM_G if topic.mentors_only] == ["TRN-G11"]


@pytest.mark.parametrize("form", ENROLMENTS, ids=lambda form: form.id)
def test_the_form_waits_for_its_dates(form: Questionnaire) -> None:
    assert [question.id for question in form.questions] == ["session", "worries", "needs"]
    assert form.questions[0].options == ()


@pytest.mark.parametrize("form", ENROLMENTS, ids=lambda form: form.id)
def test_an_empty_enrolment_is_refused(form: Questionnaire) -> None:
    assert [problem.question for problem in read(with_dates(form), {}).problems] == ["session"]


@pytest.mark.parametrize("form", ENROLMENTS, ids=lambda form: form.id)
def test_a_full_enrolment_is_accepted(form: Questionnaire) -> None:
    typed = {"session": ["2"], "worries": ["How long does it take?"], "needs": ["A lift"]}
    reading = read(with_dates(form), typed)
    assert reading.problems == []
    assert reading.answers == {key: value[0] for key, value in typed.items()}


@pytest.mark.parametrize("form", ENROLMENTS, ids=lambda form: form.id)
def test_a_date_that_was_not_offered_is_refused(form: Questionnaire) -> None:
    assert [problem.question for problem in read(with_dates(form), {"session": ["3"]}).problems] == ["session"]


@pytest.mark.parametrize("form", ENROLMENTS, ids=lambda form: form.id)
def test_needs_are_for_the_coordinator_alone(form: Questionnaire) -> None:
    reads = {question.id: question.reads for question in form.questions}
    assert reads["session"] is reads["worries"] is Visibility.PROGRAMME
    assert all(READERS[reads["needs"], track] == {Role.COORDINATOR} for track in Track)


@pytest.mark.parametrize("form", ENROLMENTS, ids=lambda form: form.id)
def test_the_ladder_ends_in_the_last_date(form: Questionnaire) -> None:
    assert (form.ladder.remind, form.ladder.escalate, form.ladder.due) == ((3, 5), 6, 7)


def test_everybody_who_was_trained_is_asked_about_that_training() -> None:
    assert set(EVALUATION_OF.values()) == set(EVALUATIONS)
    for track in Track:
        for role in (Role.MENTOR, Role.MENTEE):
            assert ((track, role) in EVALUATION_OF) is must_train(role, track)
    assert all(EVALUATIONS[form].by is role for (_, role), form in EVALUATION_OF.items())


@pytest.mark.parametrize(
    ("form", "topics"),
    [
        ("training_evaluation_mentor_new_hire", [f"TRN-N{number:02}" for number in range(1, 12)]),
        ("training_evaluation_mentor", [f"TRN-G{number:02}" for number in range(1, 15)]),
        ("training_evaluation_mentee", [f"TRN-G{number:02}" for number in range(1, 15) if number != 11]),
    ],
)
def test_every_subject_that_one_followed_is_scored_and_may_be_left_open(form: str, topics: list[str]) -> None:
    scored = EVALUATIONS[form].sections[0].questions
    assert [question.source for question in scored] == topics
    assert not any(question.required for question in scored)
    assert {p.question for p in read(EVALUATIONS[form], {}).problems} == {"length", "ready"}


@pytest.mark.parametrize("form", EVALUATIONS.values(), ids=lambda form: form.id)
def test_what_would_help_is_asked_of_who_is_not_ready(form: Questionnaire) -> None:
    typed = {"length": ["right"], "needs": ["A second talk"]}
    assert "needs" in read(form, typed | {"ready": ["not_yet"]}).answers
    assert "needs" not in read(form, typed | {"ready": ["yes"]}).answers
    last = form.sections[-1].questions
    assert all(READERS[question.reads, track] == {Role.COORDINATOR} for question in last for track in Track)
