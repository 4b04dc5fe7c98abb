"""The final evaluation has its nine dimensions for every role; the follow-up asks what has lasted."""

import pytest

from framework.content.evaluation import FORM_OF, FORMS, MENTEE_BENEFITS, MENTOR_BENEFITS
from framework.people import Role
from framework.questions import Kind, Questionnaire, read
from framework.visibility import Visibility
from tests.framework.content.submissions import in_full, only_required

BY_ID = {form.id: form for form in FORMS}
FINAL = [form for form in FORMS if form.id.startswith("programme_evaluation")]


def test_every_kind_has_a_form_for_its_roles() -> None:
    assert set(FORM_OF.values()) == set(BY_ID)
    assert all(BY_ID[form].by is role for (_, role), form in FORM_OF.items())
    assert {role for kind, role in FORM_OF if kind == "final"} == {Role.MENTOR, Role.MENTEE, Role.TEAM}
    assert {role for kind, role in FORM_OF if kind == "follow_up"} == {Role.MENTOR, Role.MENTEE}


@pytest.mark.parametrize("form", FINAL, ids=lambda form: form.id)
def test_final_evaluation_scores_8_dimensions_and_asks_for_the_ninth(form: Questionnaire) -> None:
    assert {f"PFE-Q{n}" for n in range(1, 10)} <= {question.source for question in form.questions}
    scored = [question.id for question in form.questions if question.kind is Kind.SCALE]
    assert scored == [f"pfe_q{n}" for n in range(1, 9)]
    texts = {q.id for q in form.questions if q.kind is Kind.LONG_TEXT and not q.required}
    assert texts == {f"pfe_q{n}_text" for n in range(1, 9)} | {"pfe_q9"}


def test_all_roles_get_the_same_final_questions() -> None:
    assert len({form.questions for form in FINAL}) == 1


def test_benefits_are_those_of_the_catalogue() -> None:
    assert [option.id for option in MENTEE_BENEFITS] == [f"BEN-{n}" for n in range(10, 24)]
    assert [option.id for option in MENTOR_BENEFITS] == [f"BEN-{n}" for n in range(36, 48)]


def test_only_the_mentee_is_asked_about_a_change_of_job() -> None:
    mentor = {question.id for question in BY_ID["follow_up_mentor"].questions}
    mentee = {question.id for question in BY_ID["follow_up_mentee"].questions}
    assert mentor == {"in_touch", "satisfied", "used", "benefits", "wish"}
    assert mentee == mentor | {"changed"}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_opinions_on_the_programme_go_to_coordinator_and_team(form: Questionnaire) -> None:
    assert {question.reads for question in form.questions} == {Visibility.PROGRAMME}
    ids = [question.id for question in form.questions]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_an_empty_form_is_refused(form: Questionnaire) -> None:
    assert {p.question for p in read(form, {}).problems} == {q.id for q in form.questions if q.required}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_a_full_form_and_a_short_one_are_accepted(form: Questionnaire) -> None:
    assert read(form, in_full(form)).problems == []
    assert read(form, only_required(form)).problems == []


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_ladder_is_that_of_the_phase(form: Questionnaire) -> None:
    assert (form.ladder.due, form.ladder.remind, form.ladder.escalate) == (21, (7, 14), None)
