"""The three profiles score every criterion of the framework; an invitation may be declined."""

import pytest

from framework.content.selection import (
    FORMS,
    MENTOR_INVITATION,
    MENTOR_PROFILE_A,
    MENTOR_PROFILE_B,
    MENTOR_PROFILE_C,
)
from framework.people import Role
from framework.questions import Kind, Questionnaire
from framework.reading import read
from framework.visibility import Visibility

PROFILES = (MENTOR_PROFILE_A, MENTOR_PROFILE_B, MENTOR_PROFILE_C)
PARTS_OF_B = [f"sel_pb01{part}" for part in "abcde"] + [f"sel_pb{number:02}" for number in range(2, 6)]


def scales(form: Questionnaire) -> list[str]:
    """The ids of the criteria of a profile."""
    return [question.id for question in form.questions if question.kind is Kind.SCALE]


def test_profiles_hold_the_criteria_of_the_framework() -> None:
    assert scales(MENTOR_PROFILE_A) == [f"sel_pa{number:02}" for number in range(1, 12)]
    assert scales(MENTOR_PROFILE_B) == PARTS_OF_B
    assert scales(MENTOR_PROFILE_C) == [f"sel_pc{number:02}" for number in range(1, 16)]


@pytest.mark.parametrize("form", PROFILES, ids=lambda form: form.id)
def test_a_criterion_carries_its_id_of_the_framework(form: Questionnaire) -> None:
    found = [question for question in form.questions if question.kind is Kind.SCALE]
    assert all(question.source.lower().replace("-", "_") == question.id for question in found)
    assert [question.id for question in form.questions[-2:]] == ["release", "comment"]
    assert form.by is Role.LINE_MANAGER


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_ids_are_unique_and_only_the_coordinator_reads(form: Questionnaire) -> None:
    ids = [question.id for question in form.questions]
    assert len(set(ids)) == len(ids)
    assert {question.reads for question in form.questions} == {Visibility.APPLICATION}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_an_empty_answer_is_refused(form: Questionnaire) -> None:
    assert read(form, {}).problems


@pytest.mark.parametrize("form", PROFILES, ids=lambda form: form.id)
def test_a_full_profile_is_accepted(form: Questionnaire) -> None:
    typed = {criterion: ["4"] for criterion in scales(form)} | {"release": ["yes"]}
    reading = read(form, typed)
    assert reading.problems == []
    assert set(reading.answers) == set(typed)


@pytest.mark.parametrize("form", PROFILES, ids=lambda form: form.id)
def test_a_profile_with_one_criterion_open_is_refused(form: Questionnaire) -> None:
    first, *others = scales(form)
    typed = {criterion: ["4"] for criterion in others} | {"release": ["no"]}
    assert [problem.question for problem in read(form, typed).problems] == [first]


def test_an_invitation_is_accepted_or_declined_with_or_without_reason() -> None:
    assert read(MENTOR_INVITATION, {"accept": ["yes"], "reason": ["x"]}).answers == {"accept": "yes"}
    assert read(MENTOR_INVITATION, {"accept": ["no"]}).problems == []
    assert read(MENTOR_INVITATION, {"accept": ["no"], "reason": ["Too busy"]}).answers["reason"] == "Too busy"


def test_ladders_are_those_of_the_programme() -> None:
    for form in PROFILES:
        assert (form.ladder.remind, form.ladder.escalate, form.ladder.due) == ((4, 7), 8, 10)
    invitation = MENTOR_INVITATION.ladder
    assert (invitation.remind, invitation.escalate, invitation.due) == ((3, 5), 6, 7)
