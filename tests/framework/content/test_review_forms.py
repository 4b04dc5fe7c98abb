"""Mentor and mentee are asked apart, about the same things, and neither reads the other's opinion."""

import pytest

from framework.content.review import FACILITATOR_REVIEW, FORM_OF, FORMS
from framework.people import Role
from framework.questions import Kind, Questionnaire
from framework.reading import read
from framework.visibility import READERS, Track, Visibility
from tests.framework.content.submissions import in_full, only_required

BY_ID = {form.id: form for form in FORMS}
SHORT = {"contact", "enough_time", "satisfied", "free_to_speak", "goal_progress", "rematch", "help"}


def ids(form: str) -> set[str]:
    """The ids of a form's questions."""
    return {question.id for question in BY_ID[form].questions}


def test_every_kind_has_a_form_for_either_side() -> None:
    assert set(FORM_OF.values()) | {"facilitator_review"} == set(BY_ID)
    assert len(FORM_OF) == 8
    for (kind, role), form in FORM_OF.items():
        assert form.startswith(kind)
        assert BY_ID[form].by is role


def test_both_sides_are_asked_the_same_but_for_credit() -> None:
    assert ids("check_in_mentor") == SHORT
    assert ids("check_in_mentee") == SHORT | {"credit"}
    assert ids("pair_review_mentee") == ids("pair_review_mentor") | {"credit"}
    assert ids("new_hire_review_mentor") == ids("new_hire_review_mentee")


def test_pair_review_holds_the_check_in_and_the_6_questions() -> None:
    texts = {f"rev_p{n}" for n in range(1, 7)}
    assert ids("pair_review_mentor") == SHORT | texts | {"continue"}
    needed = {q.id for q in BY_ID["pair_review_mentor"].questions if q.required and q.id in texts}
    assert needed == {"rev_p2", "rev_p3", "rev_p5"}


def test_new_hire_review_holds_the_7_items_and_the_signal_on_information() -> None:
    form = BY_ID["new_hire_review_mentee"]
    assert {f"REV-N{n}" for n in range(1, 8)} <= {question.source for question in form.questions}
    informed = next(question for question in form.questions if question.id == "informed")
    assert [option.id for option in informed.options] == ["too_little", "right", "too_much"]
    assert {"satisfied", "rematch", "help"} <= ids(form.id)


def test_early_check_is_short_and_offers_a_change() -> None:
    assert ids("early_check_mentor") == ids("early_check_mentee") == {"satisfied", "free_to_speak", "rematch", "help"}


def test_facilitator_review_holds_the_8_questions_and_what_changes() -> None:
    assert ids("facilitator_review") == {f"rev_f{n}" for n in range(1, 9)} | {"changed"}
    assert FACILITATOR_REVIEW.by is Role.COORDINATOR


@pytest.mark.parametrize("form", sorted(set(FORM_OF.values())))
@pytest.mark.parametrize("track", Track)
def test_only_training_plan_and_recommendations_reach_others_than_the_coordinator(form: str, track: Track) -> None:
    wider = {q.id for q in BY_ID[form].questions if READERS[q.reads, track] != {Role.COORDINATOR}}
    assert wider == ({"rev_n2", "rev_n2_text", "rev_n4"} if form.startswith("new_hire") else set())
    assert all(q.reads is Visibility.CONTENT for q in BY_ID[form].questions if q.id in wider)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_ids_are_unique_and_nothing_is_asked_in_vain(form: Questionnaire) -> None:
    assert len(ids(form.id)) == len(form.questions)
    assert all(question.source for question in form.questions)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_an_empty_form_is_refused(form: Questionnaire) -> None:
    assert {p.question for p in read(form, {}).problems} == {q.id for q in form.questions if q.required}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_a_full_form_and_a_short_one_are_accepted(form: Questionnaire) -> None:
    assert read(form, in_full(form)).problems == []
    assert read(form, only_required(form)).problems == []


@pytest.mark.parametrize("role", [Role.MENTOR, Role.MENTEE])
def test_each_side_is_asked_about_the_other(role: Role) -> None:
    other = Role.MENTEE if role is Role.MENTOR else Role.MENTOR
    for kind in ("check_in", "pair_review", "new_hire_review", "early_check"):
        form = BY_ID[FORM_OF[kind, role]]
        asked = {question.id: question.ask for question in form.questions}
        for about in ("satisfied", "rematch"):
            assert f"%({other})s" in asked[about]
            assert f"%({role})s" not in asked[about]


def test_scales_name_both_ends() -> None:
    for form in FORMS:
        assert all(q.low and q.high and q.low != q.high for q in form.questions if q.kind is Kind.SCALE)


def test_ladders_are_those_of_the_phase() -> None:
    for form in FORM_OF.values():
        ladder = BY_ID[form].ladder
        assert (ladder.due, ladder.remind, ladder.escalate) == (14, (5, 10), 12)
    ladder = FACILITATOR_REVIEW.ladder
    assert (ladder.due, ladder.remind, ladder.escalate) == (14, (7,), 12)
