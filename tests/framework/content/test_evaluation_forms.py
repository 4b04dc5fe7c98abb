"""The final evaluation has its nine dimensions for every role; the follow-up asks what has lasted."""

import pytest

from framework.content import benefits
from framework.content.evaluation import FORMS, form_of
from framework.people import Role
from framework.questions import Kind, Questionnaire
from framework.reading import read
from framework.visibility import Track, Visibility
from tests.framework.content.submissions import in_full, only_required

BY_ID = {form.id: form for form in FORMS}
FINAL = [form for form in FORMS if form.id.startswith("programme_evaluation")]


def test_every_kind_has_a_form_for_its_roles_on_either_track() -> None:
    everybody = (Role.MENTOR, Role.MENTEE, Role.LINE_MANAGER, Role.TEAM)
    asked = [("final", role, track) for role in everybody for track in Track]
    asked += [("follow_up", role, track) for role in everybody[:2] for track in Track]
    assert {form_of(*one) for one in asked} == set(BY_ID)
    assert all(BY_ID[form_of(kind, role, track)].by is role for kind, role, track in asked)


@pytest.mark.parametrize("form", FINAL, ids=lambda form: form.id)
def test_final_evaluation_scores_8_dimensions_and_asks_for_the_ninth(form: Questionnaire) -> None:
    assert {f"PFE-Q{n}" for n in range(1, 10)} <= {question.source for question in form.questions}
    scored = [question.id for question in form.questions if question.kind is Kind.SCALE]
    assert scored == [f"pfe_q{n}" for n in range(1, 9)]
    texts = {q.id for q in form.questions if q.kind is Kind.LONG_TEXT and not q.required}
    assert texts == {f"pfe_q{n}_text" for n in range(1, 9)} | {"pfe_q9"}


def test_all_roles_get_the_same_final_questions_and_some_are_asked_what_only_they_see() -> None:
    without = {tuple(question for question in form.questions if question.id != "benefits") for form in FINAL}
    assert len(without) == 1
    more = {form.by for form in FINAL if "benefits" in {question.id for question in form.questions}}
    assert more == {Role.LINE_MANAGER, Role.TEAM}


def test_benefits_are_the_79_of_the_catalogue_and_each_party_is_asked_for_its_own() -> None:
    lists = (
        (benefits.MENTEE_NEW, 1, 9),
        (benefits.MENTEE, 10, 23),
        (benefits.MENTOR_NEW, 24, 35),
        (benefits.MENTOR, 36, 47),
        (benefits.LINE_MANAGER, 48, 52),
        (benefits.COMPANY_NEW, 53, 58),
        (benefits.COMPANY, 59, 79),
    )
    for options, first, last in lists:
        assert [option.id for option in options] == [f"BEN-{number:02}" for number in range(first, last + 1)]
    for (role, track), options in benefits.OF_PARTY.items():
        form = BY_ID[form_of("final" if role in {Role.LINE_MANAGER, Role.TEAM} else "follow_up", role, track)]
        assert [question.options for question in form.questions if question.id == "benefits"] == [options]


@pytest.mark.parametrize("track", Track)
def test_only_the_mentee_is_asked_about_a_change_of_job(track: Track) -> None:
    mentor = {question.id for question in BY_ID[form_of("follow_up", Role.MENTOR, track)].questions}
    mentee = {question.id for question in BY_ID[form_of("follow_up", Role.MENTEE, track)].questions}
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
