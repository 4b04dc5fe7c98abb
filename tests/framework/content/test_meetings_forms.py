"""Preparation, log and reflection hold the fields of the framework, and each is read by whom it is meant for."""

import pytest

from framework.content.meetings import (
    FORMS,
    MEETING_LOG,
    MEETING_PREPARATION,
    MENTOR_REFLECTION,
    TOOK_PLACE_MENTEE,
)
from framework.content.talks import TOPICS
from framework.people import Role
from framework.questions import Questionnaire
from framework.reading import read
from framework.visibility import READERS, Track
from tests.framework.content.submissions import in_full, only_required

PAIR = {Role.MENTOR, Role.MENTEE}


def test_preparation_and_reflection_have_the_8_fields_each() -> None:
    assert {q.source for q in MEETING_PREPARATION.questions} == {f"SES-F{n}" for n in range(1, 9)}
    assert {q.source for q in MENTOR_REFLECTION.questions} == {f"SES-G{n}" for n in range(1, 9)}


def test_log_asks_the_4_questions_and_offers_the_16_topics() -> None:
    sources = [question.source for question in MEETING_LOG.questions]
    assert {f"SES-E{n}" for n in range(1, 5)} <= set(sources)
    assert len({topic.id for topic in TOPICS}) == len(TOPICS) == 16


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_ids_are_unique(form: Questionnaire) -> None:
    ids = [question.id for question in form.questions]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("track", Track)
def test_preparation_and_log_are_read_by_the_pair_and_the_reflection_by_its_writer(track: Track) -> None:
    for form in (MEETING_PREPARATION, MEETING_LOG):
        assert all(READERS[question.reads, track] == PAIR for question in form.questions)
    assert not any(READERS[question.reads, track] for question in MENTOR_REFLECTION.questions)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_an_empty_form_is_refused(form: Questionnaire) -> None:
    assert len(read(form, {}).problems) == 1


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_a_full_form_and_a_short_one_are_accepted(form: Questionnaire) -> None:
    assert read(form, in_full(form)).problems == []
    assert read(form, only_required(form)).problems == []


def test_only_the_subject_is_needed_beforehand_and_for_the_mentor() -> None:
    assert read(MEETING_PREPARATION, {"ses_f2": ["Saying no"]}).problems == []
    assert read(MENTOR_REFLECTION, {"ses_g2": ["Saying no"]}).problems == []


def test_log_of_a_meeting_asks_when_how_long_and_what_was_learned() -> None:
    missing = {problem.question for problem in read(MEETING_LOG, {"took_place": ["yes"]}).problems}
    assert missing == {"held_on", "minutes", "medium", "topics", "initiated_by", "ses_e3"}


def test_log_of_a_meeting_that_did_not_take_place_asks_only_why() -> None:
    assert [p.question for p in read(MEETING_LOG, {"took_place": ["no"]}).problems] == ["why_not"]
    reading = read(MEETING_LOG, in_full(MEETING_LOG, took_place="no"))
    assert set(reading.answers) == {"took_place", "why_not", "new_date"}


def test_a_subject_of_ones_own_is_enough() -> None:
    typed = in_full(MEETING_LOG) | {"topics": [], "topics.own": ["The new machine"]}
    reading = read(MEETING_LOG, typed)
    assert reading.problems == []
    assert reading.answers["topics"] == ["own:The new machine"]


def test_ladders_are_those_of_the_phase() -> None:
    ladders = {form.id: (form.ladder.due, form.ladder.remind, form.ladder.escalate) for form in FORMS}
    assert ladders == {
        "meeting_preparation": (5, (), None),
        "preparation_shared": (7, (), None),
        "meeting_log": (10, (4,), None),
        "mentor_reflection": (14, (), None),
        "took_place_mentee": (7, (3,), 5),
    }


@pytest.mark.parametrize("track", Track)
def test_whether_a_talk_took_place_is_a_word_to_the_coordinator(track: Track) -> None:
    assert all(READERS[question.reads, track] == {Role.COORDINATOR} for question in TOOK_PLACE_MENTEE.questions)
    assert read(TOOK_PLACE_MENTEE, {"took_place": ["no"]}).problems == []
    moved = {"took_place": ["moved"], "new_date": ["3 5 2027"]}
    assert read(TOOK_PLACE_MENTEE, moved).answers == {"took_place": "moved", "new_date": "2027-05-03"}
    assert "new_date" not in read(TOOK_PLACE_MENTEE, moved | {"took_place": ["yes"]}).answers
