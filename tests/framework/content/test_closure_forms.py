"""Every end asks what was gained and what was not; a story goes no further than its writer allows."""

import pytest

from framework.content.closure import CHANNELS, FORM_OF, FORMS
from framework.people import Role
from framework.questions import Questionnaire
from framework.reading import read
from framework.visibility import Visibility
from tests.framework.content.submissions import in_full, only_required

BY_ID = {form.id: form for form in FORMS}


def test_every_kind_has_a_form_for_either_side() -> None:
    assert len(FORM_OF) == 4
    assert {*FORM_OF.values(), "exit_interview"} == set(BY_ID)
    assert all(BY_ID[form].by is role for (_, role), form in FORM_OF.items())


@pytest.mark.parametrize("role", [Role.MENTOR, Role.MENTEE])
def test_the_end_asks_the_5_questions_and_the_unexpected(role: Role) -> None:
    form = BY_ID[FORM_OF["relationship_end", role]]
    assert {f"FRE-Q{n}" for n in range(1, 6)} <= {question.source for question in form.questions}
    ids = [question.id for question in form.questions]
    assert len(ids) == len(set(ids))
    assert "fre_q1b" in ids
    assert ("become_mentor" in ids) is (role is Role.MENTEE)


@pytest.mark.parametrize("role", [Role.MENTOR, Role.MENTEE])
def test_only_recommendations_go_further_than_the_coordinator(role: Role) -> None:
    form = BY_ID[FORM_OF["relationship_end", role]]
    reads = {question.id: question.reads for question in form.questions}
    assert reads.pop("fre_q5") is Visibility.CONTENT
    assert set(reads.values()) == {Visibility.REVIEW}


@pytest.mark.parametrize("role", [Role.MENTOR, Role.MENTEE])
def test_what_another_mentor_could_do_is_asked_only_after_a_yes(role: Role) -> None:
    form = BY_ID[FORM_OF["relationship_end", role]]
    assert "fre_q4b" not in read(form, in_full(form, fre_q4="no")).answers
    without = in_full(form, fre_q4="yes", fre_q4b="")
    assert [problem.question for problem in read(form, without).problems] == ["fre_q4b"]


@pytest.mark.parametrize("role", [Role.MENTOR, Role.MENTEE])
def test_a_story_needs_a_choice_of_channels_and_the_thanks_stay_with_the_pair(role: Role) -> None:
    form = BY_ID[FORM_OF["story", role]]
    assert {q.id: q.reads for q in form.questions} == {
        "story": Visibility.STORY,
        "others": Visibility.STORY,
        "channels": Visibility.STORY,
        "thanks": Visibility.PERSONAL,
    }
    assert [p.question for p in read(form, {"story": ["It began with a question."]}).problems] == ["others", "channels"]


def test_channels_include_none_at_all() -> None:
    assert [channel.id for channel in CHANNELS] == ["newsletter", "intranet", "event", "website", "none"]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_an_empty_form_is_refused(form: Questionnaire) -> None:
    asked = {question.id for question in form.questions if question.required and not question.when}
    assert {problem.question for problem in read(form, {}).problems} == asked
    assert asked


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_a_full_form_and_a_short_one_are_accepted(form: Questionnaire) -> None:
    assert read(form, in_full(form)).problems == []
    assert read(form, only_required(form)).problems == []


def test_ladders_are_those_of_the_phase() -> None:
    for (kind, _), form in FORM_OF.items():
        ladder = BY_ID[form].ladder
        remind = (5, 10) if kind == "relationship_end" else (7,)
        assert (ladder.due, ladder.remind, ladder.escalate) == (14, remind, None)
