"""Scores of mentees, the training looked back on, and talks of which nobody says that they took place."""

from datetime import timedelta

from framework.meetings import MeetingStatus
from framework.people import Role
from framework.requests import RequestStatus
from framework.selection import mentee_score
from models import participant, programme
from models.base import transaction
from models.meeting import Meeting
from models.signal import Signal
from tasks.standing import tend_standing
from tests.world import MENTEES, MENTORS, SLUG, World

R, S = RequestStatus, MeetingStatus


def score(world: World, who: str) -> int | None:
    """Somebody's score as a mentee."""
    with transaction() as session:
        where = programme.by_slug(session, SLUG).id
        found = participant.of_person(session, where, world.ids[who], Role.MENTEE)
        return found.score if found else None


def about(world: World, who: str) -> str:
    """Somebody as a mentee, as a question names it."""
    with transaction() as session:
        where = programme.by_slug(session, SLUG).id
        found = participant.of_person(session, where, world.ids[who], Role.MENTEE)
        assert found
        return f"participant:{found.id}"


# Selection


def test_line_manager_scores_mentees_and_the_wish_to_learn_counts_twice(world_at) -> None:
    world = world_at("selection")
    before = score(world, MENTEES[0])
    assert before is not None
    assert len(world.requests("mentee_profile")) == len(world.mails("mentee_profile_request")) == len(MENTEES)
    world.answer("mentee_profile", about=about(world, MENTEES[0]))
    world.run("selection")
    assert score(world, MENTEES[0]) == mentee_score(before, 75)
    assert score(world, MENTEES[1]) == before
    world.run("selection")
    assert score(world, MENTEES[0]) == mentee_score(before, 75)
    assert world.milestone("selection").state == "Awaiting-Managers"


def test_silent_line_manager_harms_no_mentee(world_at) -> None:
    world = world_at("selection")
    before = [score(world, who) for who in MENTEES]
    world.run("selection", world.today + timedelta(days=30))
    assert [score(world, who) for who in MENTEES] == before
    assert world.milestone("selection").state == "Awaiting-Coordinator"
    world.answer("mentee_profile", about=about(world, MENTEES[0]), late=True)
    world.run("selection")
    assert score(world, MENTEES[0]) == mentee_score(before[0] or 0, 75)


# Training


def trained(world: World, choice: str) -> None:
    """Everybody has a place, the day has come, and the coordinator says who was there."""
    world.answer()
    world.run("training")
    world.run("training", world.today + timedelta(days=20))
    world.decide("training", choice)
    world.run("training")
    world.run("training")


def test_who_was_at_the_training_is_asked_what_it_was_worth_and_nobody_waits_for_it(world_at) -> None:
    world = world_at("training")
    trained(world, "attended")
    asked = world.requests("training_evaluation_mentor") + world.requests("training_evaluation_mentee")
    assert {r.round for r in asked} == {0}
    assert len(asked) == len(world.mails("training_evaluation")) == len(MENTORS + MENTEES)
    assert world.milestone("training").finished_on
    tend_standing.fn(SLUG, world.today + timedelta(days=6))
    assert world.mails("reminder")
    tend_standing.fn(SLUG, world.today + timedelta(days=30))
    assert {r.status for r in world.requests() if r.form.startswith("training_evaluation")} == {R.LAPSED}


def test_who_was_let_off_the_training_is_not_asked_about_it(world_at) -> None:
    world = world_at("training")
    trained(world, "waived")
    assert not world.mails("training_evaluation")
    assert world.milestone("training").finished_on  # the control: they are through


# Meetings


def doubtful(world_at) -> tuple[World, Meeting]:
    """A talk was planned, and the log's days have passed without a word."""
    world = world_at("meetings")
    first = world.rows(Meeting)[0]
    world.run("meetings", first.planned_on + timedelta(days=1))
    (log,) = [r for r in world.requests("meeting_log") if r.about == f"meeting:{first.id}"]
    world.run("meetings", log.due_on + timedelta(days=1))
    return world, now(world, first)


def now(world: World, one: Meeting) -> Meeting:
    """That talk as it stands."""
    (found,) = world.rows(Meeting, Meeting.id == one.id)
    return found


def doubts(world: World, one: Meeting) -> list[str]:
    """How the short questions about a talk stand."""
    return [str(r.status) for r in world.requests("took_place_mentee") if r.about == f"meeting:{one.id}"]


def test_talk_that_nobody_confirms_is_asked_of_the_mentee_once_and_a_yes_makes_it_held(world_at) -> None:
    world, one = doubtful(world_at)
    assert (one.status, doubts(world, one)) == (S.UNCONFIRMED, ["open"])
    before = world.snapshot()
    world.run("meetings")
    assert world.snapshot() == before
    world.answer("took_place_mentee", about=f"meeting:{one.id}", took_place="yes")
    world.run("meetings")
    assert (now(world, one).status, now(world, one).held_on) == (S.HELD, one.planned_on)
    assert not world.mails("meeting_missed")


def test_no_is_met_with_a_kind_word(world_at) -> None:
    world, one = doubtful(world_at)
    world.answer("took_place_mentee", about=f"meeting:{one.id}", took_place="no")
    world.run("meetings")
    assert now(world, one).status == S.MISSED
    assert len(world.mails("meeting_missed")) == 2


def test_talk_that_was_moved_is_planned_on_the_new_day(world_at) -> None:
    world, one = doubtful(world_at)
    later = world.today + timedelta(days=6)
    about = f"meeting:{one.id}"
    world.answer("took_place_mentee", about=about, took_place="moved", new_date=later.isoformat())
    for _ in range(2):
        world.run("meetings")
    assert now(world, one).status == S.MISSED
    mine = world.rows(Meeting, Meeting.pairing_id == one.pairing_id)
    assert [m.status for m in mine if m.planned_on == later] == [S.PLANNED]
    assert not world.mails("meeting_missed")


def test_talk_that_stays_in_doubt_escalates(world_at) -> None:
    world, one = doubtful(world_at)
    (asked,) = [r for r in world.requests("took_place_mentee") if r.about == f"meeting:{one.id}"]
    world.run("meetings", asked.opened_on + timedelta(days=5))
    assert [d.fields["title"] for d in world.mails("escalation")] == ["Did you meet?"]
    world.run("meetings", asked.due_on + timedelta(days=1))
    assert (now(world, one).status, doubts(world, one)) == (S.UNCONFIRMED, ["lapsed"])
    assert world.mails("meeting_missed")
    for _ in range(30):
        coming = world.following()
        world.run("meetings", coming)
        if world.rows(Signal, Signal.code == "RSK-14"):
            break
    assert world.rows(Signal, Signal.code == "RSK-14")
    world.answer("took_place_mentee", about=f"meeting:{one.id}", late=True, took_place="yes")
    world.run("meetings")
    assert now(world, one).status == S.HELD


def test_log_that_comes_after_all_takes_the_doubt_away(world_at) -> None:
    world, one = doubtful(world_at)
    world.answer("meeting_log", about=f"meeting:{one.id}", late=True, took_place="yes")
    world.run("meetings")
    assert (now(world, one).status, doubts(world, one)) == (S.HELD, ["cancelled"])
