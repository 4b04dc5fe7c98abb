"""Every phase's story, step by step, without Prefect: what people answer has its effect once, and every phase ends."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from framework.pairing import CloseReason, PairingStatus
from framework.people import Role
from framework.programme import PHASES
from framework.requests import RequestStatus
from models import person, programme
from models.agreement import Agreement
from models.base import transaction
from models.certificate import Certificate
from models.delivery import Delivery
from models.meeting import Meeting
from models.participant import Participant
from models.signal import Signal
from models.training import Enrolment
from tasks.stage import Stage, again
from tests.world import MENTEES, MENTORS, STAFF, World, build, finished, live, reached, silent, willing

P, R = PairingStatus, RequestStatus


ENDS = {
    "readiness": {"Awaiting-Team", "Awaiting-Coordinator", "Completed"},
    "recruitment": {"Awaiting-Calls", "Awaiting-Answers", "Completed"},
    "selection": {"Awaiting-Managers", "Awaiting-Coordinator", "Awaiting-Mentors", "Completed"},
    "matching": {"Awaiting-Coordinator", "Awaiting-Participants", "Completed"},
    "training": {"Awaiting-Participants", "Awaiting-Sessions", "Awaiting-Coordinator", "Completed"},
    "agreement": {"Awaiting-Signatures", "Completed"},
    "meetings": {"Active", "Completed"},
    "review": {"Awaiting-Participants", "Awaiting-Coordinator", "Completed"},
    "closure": {"Awaiting-Participants", "Completed"},
    "evaluation": {"Awaiting-Answers", "Completed"},
}
"""What each storyboard says that the phase ends as; a life without trouble sees all of it."""


def twice(world: World) -> bool:
    """Run all that is open once more on the same day: nothing may change."""
    before = world.snapshot()
    world.advance()
    for phase in {m.phase for m in world.milestones() if m.opened_on and not m.finished_on}:
        world.run(phase)
    assert world.snapshot() == before, world.today
    return False


def test_programme_of_willing_people_comes_to_its_end_and_a_second_run_changes_nothing(sqlite) -> None:
    world = build()
    live(world, until=twice)
    assert all(one.finished_on for one in world.milestones())
    assert {one.state for one in world.milestones()} == {"Completed"}
    assert [p.close_reason for p in world.pairs()] == [CloseReason.COMPLETED] * 4
    assert len(world.rows(Certificate)) == 8
    assert {d.template for d in world.rows(Delivery) if d.state != "queued"} == {"decision_waiting"}
    assert {m.status for m in world.rows(Meeting)} == {"held"}
    for phase, ends in ENDS.items():
        assert {name for _, ran, name in world.ran if ran == phase} == ends, phase


@pytest.mark.slow
@pytest.mark.parametrize("phase", PHASES)
def test_silence_from_a_phase_on_still_ends_every_phase(world_at, phase: str) -> None:
    world = world_at(phase)
    live(world, silent)
    assert all(one.finished_on for one in world.milestones()), [
        m.phase for m in world.milestones() if not m.finished_on
    ]
    assert not world.requests(status=R.OPEN)
    assert not world.pairs(P.PROPOSED, P.APPROVED, P.ACCEPTED, P.ACTIVE)


def test_nobody_is_asked_or_told_without_a_clock_or_twice(world_at) -> None:
    world = world_at("closure")
    keys = [d.key for d in world.rows(Delivery)]
    assert len(keys) == len(set(keys))
    once = [(d.template, d.person_id, d.request_id, str(d.fields)) for d in world.rows(Delivery)]
    assert len(once) == len(set(once))


# Readiness


def test_verdict_that_is_no_go_calls_the_calendar_off(sqlite) -> None:
    world = build()
    world.advance()
    world.answer()
    world.advance()
    assert world.milestone("readiness").state == "Awaiting-Coordinator"
    assert isinstance(world.milestone("readiness").counts["needs"], list)
    world.decide("readiness", "inform_first")
    world.advance()
    assert world.milestone("readiness").outcome == "inform_first"
    assert {m.state for m in world.milestones() if m.phase != "readiness"} == {"Not-Now"}
    assert world.following() is None
    assert len(world.mails("readiness_outcome")) == 3
    world.today += timedelta(days=100)
    before = world.snapshot()
    world.advance()
    assert world.snapshot() == before


def test_decision_that_nobody_takes_is_asked_anew_and_reaches_the_deputy(sqlite) -> None:
    world = build()
    world.advance()
    world.answer()
    live(world, lambda _: None, until=lambda w: w.today > w.milestone("readiness").opens_on + timedelta(days=60))
    asked = world.requests("decision")
    assert len(asked) >= 2
    assert [one.status for one in asked].count(R.OPEN) == 1
    assert world.mails("escalation", STAFF[1])
    assert world.milestone("readiness").state == "Awaiting-Coordinator"
    world.decide("readiness", "go")
    world.advance()
    assert world.milestone("readiness").finished_on
    assert not world.requests("decision", R.OPEN)


def test_coordinator_who_leaves_is_followed_by_the_deputy_on_that_day_and_not_before(sqlite) -> None:
    world = build()
    world.advance()
    world.leave(STAFF[0], world.today + timedelta(days=5))
    world.answer()
    world.advance()
    assert {r.person_id for r in world.requests("decision")} == {world.ids[STAFF[0]]}
    world.advance(world.today + timedelta(days=5))
    open_ = world.requests("decision", R.OPEN)
    assert [r.person_id for r in open_] == [world.ids[STAFF[1]]]


# Recruitment


def test_change_of_mind_about_taking_part_counts_both_ways(world_at) -> None:
    world = world_at("recruitment")
    world.advance(world.today + timedelta(days=3))
    who = MENTEES[0]
    for join, status in (("yes", "applied"), ("no", "declined"), ("yes", "applied")):
        if world.status(who, Role.MENTEE) == "invited":
            world.answer("mentee_application", who=who, join=join)
        else:
            world.change("mentee_application", who, join=join)
        world.run("recruitment")
        assert world.status(who, Role.MENTEE) == status
    assert len(world.mails("application_received", who)) == 1


def test_applicant_who_leaves_before_the_application_is_read_breaks_nothing(world_at) -> None:
    world = world_at("recruitment")
    world.advance(world.today + timedelta(days=3))
    world.answer("mentor_application", who=MENTORS[0])
    world.leave(MENTORS[0])
    world.advance()
    assert world.status(MENTORS[0], Role.MENTOR) == "withdrawn"
    assert not world.mails("application_received", MENTORS[0])


def test_campaign_that_could_not_run_in_time_still_leaves_people_their_days(world_at) -> None:
    world = world_at("recruitment")
    world.advance(world.today + timedelta(days=60))
    assert world.milestone("recruitment").finished_on is None
    assert len(world.requests("mentee_application", R.OPEN)) == len(MENTEES)
    live(world, until=finished("recruitment"))
    assert world.milestone("recruitment").counts["mentees"] == len(MENTEES)


def test_purpose_and_role_are_told_days_before_anybody_is_asked(world_at) -> None:
    world = world_at("recruitment")
    told, today = world.mails("programme_announcement"), world.today
    assert len(told) == len(MENTORS + MENTEES)
    assert world.requests("mentee_application") == []
    assert world.following() == today + timedelta(days=3)


# Selection


def test_nobody_is_told_no_twice_and_each_no_has_its_reason(world_at) -> None:
    world = world_at("selection")
    world.answer("mentor_profile_c", "mentee_profile")
    world.advance()
    world.decide("selection", "not_selected")
    world.advance()
    world.run("selection")
    assert len(world.mails("not_selected")) == len(MENTORS + MENTEES)
    assert all(d.fields["why"] for d in world.mails("not_selected"))


def test_mentor_takes_part_by_an_own_yes_alone(world_at) -> None:
    world = world_at("selection")
    world.answer("mentor_profile_c", "mentee_profile")
    world.advance()
    world.decide("selection", "select")
    world.advance()
    assert {world.status(name, Role.MENTOR) for name in MENTORS} == {"selected"}
    world.answer("mentor_invitation", who=MENTORS[0])
    world.answer("mentor_invitation", who=MENTORS[1], accept="no")
    world.advance(world.today + timedelta(days=1))
    assert [world.status(name, Role.MENTOR) for name in MENTORS] == ["confirmed", "declined", "selected", "selected"]
    with_yes = world.requests("mentor_invitation", R.SETTLED)
    assert all(one.due_on < world.today for one in with_yes)  # acted on: it is not changed any more
    world.advance(world.today + timedelta(days=9))
    assert [world.status(name, Role.MENTOR) for name in MENTORS[2:]] == ["declined", "declined"]
    assert world.milestone("selection").finished_on


# Matching


def approve(world: World, choice: str = "approve", **others: str) -> None:
    world.decide("matching", choice, **others)
    world.advance(world.today + timedelta(days=1))


def test_struck_pair_is_not_proposed_again_and_those_two_get_others(world_at) -> None:
    world = world_at("matching")
    first = world.pairs(P.PROPOSED)
    struck = first[0]
    approve(world, **{f"pairing_{struck.id}": "strike"})
    world.answer("pairing_mentor")
    world.advance(world.today + timedelta(days=1))
    world.answer("pairing_mentee")
    world.advance(world.today + timedelta(days=1))
    again = world.pairs(P.PROPOSED)
    assert again
    assert (struck.mentor_id, struck.mentee_id) not in {(p.mentor_id, p.mentee_id) for p in again}
    assert len(world.requests("decision", R.OPEN)) == 1


def test_no_is_neutral_closes_both_questions_and_leads_to_another_proposal(world_at) -> None:
    world = world_at("matching")
    approve(world)
    world.answer("pairing_mentor")
    world.advance(world.today + timedelta(days=1))
    world.answer("pairing_mentee", accept="no")
    world.advance(world.today + timedelta(days=1))
    assert len(world.pairs(P.DECLINED)) == 4
    assert len(world.mails("pairing_declined")) == 4
    assert world.pairs(P.PROPOSED)
    assert not world.requests("pairing_mentee", R.OPEN)


def test_silent_mentor_is_a_neutral_no_and_a_late_yes_finds_the_question_closed(world_at) -> None:
    world = world_at("matching")
    approve(world)
    for _ in range(10):
        world.advance(world.today + timedelta(days=1))
    assert len(world.pairs(P.DECLINED)) >= 4
    assert {one.status for one in world.requests("pairing_mentor")} <= {R.CANCELLED, R.OPEN}
    assert world.answer("pairing_mentor", late=True) == 0


def test_pair_that_the_rules_forbid_by_now_is_not_approved(world_at) -> None:
    world = world_at("matching")
    pair = world.pairs(P.PROPOSED)[0]
    with transaction() as session:
        session.get_one(person.Person, pair.mentee.person_id).manager_id = pair.mentor.person_id
    approve(world)
    found = {p.id: p.status for p in world.pairs()}
    assert found[pair.id] == P.STRUCK
    assert sorted(found.values()).count(P.APPROVED) == 3


def test_line_manager_hears_the_day_on_which_the_relation_really_ends(world_at) -> None:
    world = world_at("training")
    ends = {d.fields["ends_on"] for d in world.mails("introduction_line_manager")}
    assert ends == {world.milestone("closure").opens_on.isoformat()}


def test_appointed_pairs_are_introduced_without_being_asked(sqlite) -> None:
    world = build(matching={"mode": "appointed"})
    live(world, until=finished("matching"))
    assert not world.requests("pairing_mentor")
    assert len(world.pairs(P.ACCEPTED)) == 4
    assert len(world.mails("introduction")) == 8


# Training


def attendance(world: World, choice: str = "attended", **others: str) -> None:
    while not world.decide("training", choice, **others):
        coming = world.following()
        assert coming
        world.advance(coming)
    world.advance(world.today + timedelta(days=1))


def test_absent_person_is_booked_again_and_marked_a_second_time(world_at) -> None:
    world = world_at("training")
    world.answer()
    world.advance()
    absent = world.rows(Enrolment)[0]
    attendance(world, **{f"enrolment_{absent.id}": "absent"})
    assert world.rows(Enrolment)[0].rebooked == 1
    assert len(world.mails("training_rebook")) == 1
    world.answer()
    world.advance(world.today + timedelta(days=1))
    assert world.rows(Enrolment)[0].status == "enrolled"
    attendance(world)
    live(world, until=finished("training"))
    assert {e.status for e in world.rows(Enrolment)} == {"attended"}


def test_absent_person_is_not_placed_before_having_chosen_again(world_at) -> None:
    world = world_at("training")
    live(world, lambda w: None, until=lambda w: all(e.status == "enrolled" for e in w.rows(Enrolment)))
    absent = world.rows(Enrolment)[0]
    attendance(world, **{f"enrolment_{absent.id}": "absent"})
    world.advance(world.today + timedelta(days=1))
    assert world.rows(Enrolment)[0].status == "absent"
    live(world, lambda w: w.decide("training", "attended"), until=finished("training"))


def test_person_may_choose_another_session_afterwards(world_at) -> None:
    world = world_at("training")
    who = MENTORS[0]
    first, second = (
        value for value, _ in next(r for r in world.requests("training_enrolment_mentor")).options["session"]
    )
    world.answer("training_enrolment_mentor", who=who, session=first)
    world.advance()
    world.change("training_enrolment_mentor", who, session=second)
    world.advance()
    mine = next(e for e in world.rows(Enrolment) if e.participant.person_id == world.ids[who])
    assert str(mine.session_id) == second
    places = world.mails("training_place", who)
    assert len(places) == 2
    assert len({d.fields["appointment"]["uid"] for d in places}) == 1
    twice(world)


# Agreement


def test_remark_sends_the_text_back_and_three_drafts_are_enough(world_at) -> None:
    world = world_at("agreement")
    for _ in range(3):
        world.answer("growth_contract")
        world.advance(world.today + timedelta(days=1))
        world.answer("contract_signature", agree="no")
        world.advance(world.today + timedelta(days=1))
    assert len(world.pairs(P.CLOSED)) == 4
    assert {p.close_reason for p in world.pairs(P.CLOSED)} == {CloseReason.NOT_AGREED}
    assert reached("matching", 2)(world)
    assert len(world.mails("rematch_started")) == 8


def test_late_draft_is_the_one_that_is_signed_and_no_other_is_asked_for(world_at) -> None:
    world = world_at("agreement")
    live(world, lambda w: None, until=lambda w: len(w.requests("growth_contract")) == 8)
    late = world.answer("growth_contract", late=True)
    world.advance()
    assert late == 4
    assert len(world.requests("contract_signature", R.OPEN)) == 4
    assert not world.requests("growth_contract", R.OPEN)
    world.answer("contract_signature")
    world.advance()
    drafts = {a.draft_request_id for a in world.rows(Agreement)}
    assert drafts == {r.id for r in world.requests("growth_contract", R.SETTLED)}


def test_text_that_was_signed_is_not_changed_any_more(world_at) -> None:
    world = world_at("agreement")
    world.answer("growth_contract")
    world.advance()
    world.answer("contract_signature")
    world.advance()
    assert all(one.due_on < world.today for one in world.requests("growth_contract"))


def test_consent_of_a_line_manager_who_leaves_holds_nobody_up(world_at) -> None:
    world = world_at("agreement")
    world.answer("growth_contract")
    world.advance()
    world.answer("contract_signature")
    world.advance()
    assert len(world.requests("manager_consent", R.OPEN)) == 4
    world.leave(STAFF[2])
    live(world, lambda w: None, until=finished("agreement"))
    assert len(world.pairs(P.ACTIVE)) == 4
    assert not world.mails("reminder", STAFF[2])


def test_refused_consent_is_a_signal_and_a_new_draft(world_at) -> None:
    world = world_at("agreement")
    world.answer("growth_contract")
    world.advance()
    world.answer("contract_signature")
    world.advance()
    world.answer("manager_consent", consent="no")
    world.advance()
    assert {s.code for s in world.rows(Signal)} == {"RSK-19"}
    assert len(world.requests("growth_contract", R.OPEN)) == 4


# Meetings


def test_last_meeting_counts_even_when_its_log_comes_after_the_end(world_at) -> None:
    world = world_at("closure")
    planned = [m for m in world.rows(Meeting) if m.status == "planned"]
    live(world, until=finished("closure"))
    assert {m.status for m in world.rows(Meeting)} == {"held"}
    assert all(m.asked for m in world.rows(Meeting) if m.id in {p.id for p in planned})


def test_missed_meetings_are_met_with_a_kind_word_and_two_with_a_signal(world_at) -> None:
    def behave(world: World) -> None:
        world.answer("meeting_log", took_place="no")
        willing(world)

    world = world_at("meetings")
    live(world, behave, until=lambda w: len([m for m in w.rows(Meeting) if m.status == "missed"]) >= 8)
    assert {s.code for s in world.rows(Signal)} >= {"RSK-14"}
    assert len(world.mails("meeting_missed")) >= 16


# Review


def review(world: World, **given: object) -> None:
    world.answer("check_in_mentee", **given)
    world.answer("check_in_mentor")
    world.advance(world.today + timedelta(days=1))


@pytest.mark.slow
def test_wish_for_another_partner_is_a_signal_then_a_decision_then_a_rematch(world_at) -> None:
    world = world_at("review")
    with transaction() as session:
        session.execute(sa.update(Participant).values(capacity=2))
    unhappy = world.pairs(P.ACTIVE)[0]
    world.answer("check_in_mentee", about=f"pairing:{unhappy.id}", rematch="yes", satisfied=1)
    review(world)
    assert world.decide("review", "rematch") == 1
    world.advance(world.today + timedelta(days=1))
    closed = next(p for p in world.pairs(P.CLOSED) if p.id == unhappy.id)
    assert closed.close_reason == CloseReason.REMATCH
    coming = [m for m in world.rows(Meeting) if m.pairing_id == unhappy.id and m.planned_on > world.today]
    assert {m.status for m in coming} <= {"cancelled"}
    assert len(world.mails("rematch_started")) == 2
    live(world, until=finished("evaluation", 2))
    later = [p for p in world.pairs() if p.mentee_id == unhappy.mentee_id and p.id != unhappy.id]
    assert later
    assert all(p.mentor_id != unhappy.mentor_id for p in later)
    assert all(one.finished_on for one in world.milestones())


@pytest.mark.slow
def test_relation_that_was_ended_is_not_matched_again(world_at) -> None:
    world = world_at("review")
    unhappy = world.pairs(P.ACTIVE)[0]
    world.answer("check_in_mentee", about=f"pairing:{unhappy.id}", rematch="yes", satisfied=1)
    review(world)
    world.decide("review", "end")
    world.advance(world.today + timedelta(days=1))
    live(world)
    assert [p.id for p in world.pairs() if p.mentee_id == unhappy.mentee_id] == [unhappy.id]


def test_answer_after_the_decision_does_not_hold_the_round_up(world_at) -> None:
    world = world_at("review")
    live(world, lambda w: None, until=lambda w: w.milestone("review").state == "Awaiting-Coordinator")
    assert world.decide("review", "support") == 4
    world.advance(world.today + timedelta(days=1))
    world.answer("check_in_mentee", late=True, rematch="yes", satisfied=1)
    live(world, lambda w: w.answer("facilitator_review"), until=finished("review"))
    assert world.milestone("review").finished_on


def test_pair_that_ended_before_the_review_asks_for_no_decision(world_at) -> None:
    world = world_at("review")
    world.leave(MENTEES[0])
    review(world)
    world.answer("facilitator_review")
    world.advance(world.today + timedelta(days=1))
    assert world.milestone("review").finished_on


# Leavers

LEFT_AT = ("recruitment", "selection", "matching", "training", "agreement", "meetings", "review", "closure")


@pytest.mark.slow
@pytest.mark.parametrize("role", ["mentor", "mentee"])
@pytest.mark.parametrize("phase", LEFT_AT)
def test_leaver_stops_nothing_and_hears_nothing_more(world_at, role: str, phase: str) -> None:
    world = world_at(phase)
    name = MENTORS[0] if role == "mentor" else MENTEES[1]
    active = [
        p
        for p in world.pairs(P.APPROVED, P.ACCEPTED, P.ACTIVE)
        if world.ids[name] in {p.mentor.person_id, p.mentee.person_id}
    ]
    world.answer(who=name)
    world.leave(name)
    before = {d.id for d in world.rows(Delivery)}
    live(world)
    assert all(one.finished_on for one in world.milestones())
    own = [d for d in world.rows(Delivery) if d.person_id == world.ids[name]]
    assert [d.template for d in own if d.id not in before] == []
    assert len(world.mails("partner_left")) == len(active)
    assert not world.pairs(P.PROPOSED, P.APPROVED, P.ACCEPTED, P.ACTIVE)
    for pair in active:
        assert next(p for p in world.pairs() if p.id == pair.id).close_reason == CloseReason.PARTNER_LEFT


# Closure


def test_certificate_counts_all_meetings_of_both_relations(world_at) -> None:
    world = world_at("closure")
    live(world, until=finished("closure"))
    held = {d.fields["meetings"] for d in world.mails("certificate")}
    by_pair = {sum(m.pairing_id == p.id for m in world.rows(Meeting)) for p in world.pairs()}
    assert held == by_pair
    assert len(world.mails("certificate")) == len(world.rows(Certificate)) == 8


def test_proposal_that_is_open_at_the_formal_end_is_over(world_at) -> None:
    world = world_at("closure")
    mentee = next(name for name in MENTEES if world.status(name, Role.MENTEE) == "waiting")
    with transaction() as session:
        row = programme.by_slug(session, "growth-2027")
        first = programme.milestone_of(session, row.id, "matching", 1)
        stage = Stage(first.id, row.id, row.slug, "matching", 1, "x", world.today, first.opens_on, first.closes_on)
        again(session, stage, "matching", days=14)
        session.execute(sa.update(Participant).values(capacity=2))
    world.advance()
    assert len(world.pairs(P.PROPOSED)) == 1
    live(world, lambda w: w.answer())
    assert not world.pairs(P.PROPOSED)
    assert world.status(mentee, Role.MENTEE) == "completed"
    assert all(one.finished_on for one in world.milestones())


# Post


def test_person_without_a_mailbox_gets_letters_and_takes_part(sqlite) -> None:
    world = build()
    with transaction() as session:
        session.get_one(person.Person, world.ids[MENTEES[0]]).email = None
    live(world, until=finished("matching"))
    own = [d for d in world.rows(Delivery) if d.person_id == world.ids[MENTEES[0]]]
    assert {d.state for d in own} == {"held"}


@pytest.mark.slow
def test_new_hires_come_to_their_end_too(sqlite) -> None:
    world = build(
        track="new-hire",
        mentor_role="A",
        matching={"mode": "appointed", "rules": ("reporting_line",)},
        review={"at_months": (1, 2)},
        relationship_months=3,
    )
    live(world)
    assert all(one.finished_on for one in world.milestones())
    assert world.mails("learning_progress", STAFF[2])
    assert world.mails("role_split", STAFF[2])
    assert not world.requests("manager_consent")


# A calendar that runs late


def test_closure_that_opens_late_still_asks_for_the_last_answers(world_at) -> None:
    world = world_at("review")
    live(world, until=lambda w: w.following() is not None and w.following() >= w.milestone("closure").opens_on)
    world.advance(world.milestone("closure").opens_on + timedelta(days=25))
    assert world.requests("relationship_end_mentee")
    assert not world.rows(Certificate)


def test_recruitment_that_opens_late_still_tells_people_before_it_asks_them(sqlite) -> None:
    world = build()
    live(world, until=lambda w: w.milestone("readiness").state == "Awaiting-Coordinator")
    world.advance(world.milestone("recruitment").opens_on + timedelta(days=10))
    world.decide("readiness", "go")
    world.advance()
    assert world.mails("programme_announcement")
    assert not world.mails("mentee_call")
