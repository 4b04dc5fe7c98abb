"""Scores against the profile, and the decisions that may be taken."""

import pytest

from framework.content import FORMS
from framework.moves import move
from framework.participation import MOVES, ParticipantStatus
from framework.people import Role
from framework.selection import (
    choices,
    mentee_score,
    motivation_score,
    needs_reason,
    profile_form,
    profile_score,
    shortage,
)


@pytest.mark.parametrize("role", [Role.MENTOR, Role.MENTEE])
def test_every_decision_is_a_move_that_an_applicant_may_make(role: Role) -> None:
    for status in choices(role).values():
        assert move(MOVES, ParticipantStatus.APPLIED, status) is status


def test_only_a_yes_needs_no_reason() -> None:
    assert [choice for role in (Role.MENTOR, Role.MENTEE) for choice in choices(role) if not needs_reason(choice)] == [
        "select"
    ] * 2


@pytest.mark.parametrize("role", ["A", "B", "C"])
def test_each_mentor_role_has_a_profile(role: str) -> None:
    assert FORMS[profile_form(role)].by is Role.LINE_MANAGER


@pytest.mark.parametrize(
    ("answers", "score"),
    [
        ({}, None),
        ({"sel_1": 1}, 0),
        ({"sel_1": 5, "sel_2": 5}, 100),
        ({"sel_1": 3, "other": 5, "sel_t": "text"}, 50),
        ({"sel_1": 4, "sel_2": 3}, 62),
    ],
)
def test_profile_is_a_mean_of_a_hundred(answers: dict[str, object], score: int | None) -> None:
    assert profile_score(answers) == score


@pytest.mark.parametrize(
    ("competences", "motives", "score"),
    [([], [], 0), (["a"], ["b"], 25), (["a"] * 4, ["b"] * 4, 100), (["a"] * 9, ["b"] * 9, 100), ("text", None, 0)],
)
def test_motivation_is_the_wish_to_develop_several_things(competences: object, motives: object, score: int) -> None:
    assert motivation_score({"competences": competences, "motives": motives}) == score


def test_shortage_counts_places_and_is_never_negative() -> None:
    assert [shortage([2, 1], 5), shortage([2, 1], 3), shortage([5], 1), shortage([], 2)] == [2, 0, 0, 2]


@pytest.mark.parametrize(
    ("wish", "profile", "score"), [(90, None, 90), (90, 0, 60), (0, 100, 33), (60, 60, 60), (100, 100, 100), (0, 0, 0)]
)
def test_wish_to_learn_counts_twice_and_silence_changes_nothing(wish: int, profile: int | None, score: int) -> None:
    assert mentee_score(wish, profile) == score
