"""Both sides are asked, in every shape and order; a no stays private, in words and in time (MAT-12, MAT-14, MAT-M06)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from framework.pairing import CloseReason, PairingStatus
from framework.people import Role
from framework.requests import RequestStatus
from models import decision, participant, programme
from models.base import transaction
from models.delivery import Delivery
from models.pairing import Pairing
from models.participant import Participant
from tests.world import FAMILY, MENTEES, MENTORS, SECRET, SLUG, World, finished, live, reached, settings

P, R = PairingStatus, RequestStatus
FORMS_BOTH = ("meet_and_greet_mentor", "meet_and_greet_mentee")


@pytest.fixture
def matching_of(world_at) -> Callable[..., World]:
    """The small company on the day on which its matching opens in a way of its own, with proposals on the desk."""

    def at(prepare: Callable[[], None] = lambda: None, **given: object) -> World:
        world = world_at("selection")
        with transaction() as session:
            row = programme.by_slug(session, SLUG)
            programme.keep(session, row.rules.model_copy(update={"matching": settings(matching=given).matching}))
        live(world, until=finished("selection"))
        prepare()
        live(world, until=reached("matching"))
        return world

    return at


def next_day(world: World, days: int = 1) -> None:
    world.advance(world.today + timedelta(days=days))


def approve(world: World, choice: str = "approve", **others: str) -> None:
    world.decide("matching", choice, **others)
    world.advance()


def name_of(world: World, participant_id: int) -> str:
    """Who that is."""
    with transaction() as session:
        return session.get_one(Participant, participant_id).person.given_name


def told(world: World, template: str) -> list[tuple[str, object]]:
    """Who got such a mail, and on which day it goes."""
    names = {number: name for name, number in world.ids.items()}
    return sorted((names[d.person_id], d.due_on) for d in world.mails(template))


def twice(world: World) -> None:
    """The day once more, and the phase once more: nothing changes."""
    before = world.snapshot()
    world.advance()
    world.run("matching")
    assert world.snapshot() == before


# One after the other


def test_mentor_who_said_yes_hears_on_the_same_day_whether_the_mentee_said_no_or_nothing(matching_of) -> None:
    world = matching_of()
    approve(world)
    world.answer("pairing_mentor")
    next_day(world)
    asked = world.requests("pairing_mentee", R.OPEN)
    first = world.pairs(P.APPROVED)[0]
    ends = {one.about: one.due_on for one in asked}[f"pairing:{first.id}"]
    world.answer("pairing_mentee", about=f"pairing:{first.id}", accept="no")
    next_day(world)
    assert [p.status for p in world.pairs() if p.id == first.id] == [P.DECLINED]
    while world.today <= ends:
        next_day(world)
    twice(world)
    mails = world.mails("pairing_declined")
    assert len(mails) == 4
    assert {d.due_on for d in mails} == {max(d.due_on for d in mails)}
    assert {d.due_on > ends for d in mails} == {True}


def test_declined_proposal_names_the_other_and_not_the_reason(matching_of) -> None:
    world = matching_of()
    approve(world)
    world.answer("pairing_mentor")
    next_day(world)
    world.answer("pairing_mentee", accept="no")
    next_day(world)
    for one in world.mails("pairing_declined"):
        assert SECRET not in str(one.fields)
        assert set(one.fields) == {"given_name", "partner", "appointment"}


def test_mentee_hears_nothing_of_a_mentor_who_said_no(matching_of) -> None:
    world = matching_of()
    approve(world)
    world.answer("pairing_mentor", accept="no")
    next_day(world)
    assert len(world.pairs(P.DECLINED)) == 4
    assert {d.template for d in world.rows(Delivery) if d.phase == "matching"} == {"decision_waiting", "pairing_mentor"}


@pytest.mark.parametrize("given", [{}, {"meet_first": True}, {"shape": "peers"}], ids=str)
def test_no_mail_tells_that_somebody_asked_for_the_other(matching_of, given) -> None:
    """MAT-Q14: the strongest reason by far, and no mail of matching names it."""
    weights = dict.fromkeys(("goal", "interests", "site", "experience"), 0) | {"language": 100, "preference": 900}

    def wish() -> None:
        with transaction() as session:
            for one in session.scalars(sa.select(Participant).where(Participant.role == "mentor")):
                one.profile = {**one.profile, "prefer": ", ".join(f"{name} {FAMILY}" for name in MENTEES[:3])}

    world = matching_of(wish, weights=weights, **given)
    assert any(pair.reasons["preference"] for pair in world.pairs(P.PROPOSED))
    approve(world)
    world.answer("pairing_mentor", accept="yes")
    next_day(world)
    mails = [one for one in world.rows(Delivery) if one.phase == "matching" and "reasons" in one.fields]
    assert {tuple(one.fields["reasons"]) for one in mails if one.fields["reasons"]} == {("language",)}
    assert not any("prefer" in str(one.fields) for one in world.rows(Delivery))


# Meeting first


def test_both_are_invited_to_meet_on_the_same_day(matching_of) -> None:
    world = matching_of(meet_first=True)
    approve(world)
    twice(world)
    pair = world.pairs(P.APPROVED)[0]
    mentor, mentee = (name_of(world, one) for one in (pair.mentor_id, pair.mentee_id))
    ours = [d for d in world.mails("meet_first") if d.key.split(":")[3:5] == ["pairing", str(pair.id)]]
    fields = {d.person_id: d.fields for d in ours}
    assert set(fields) == {world.ids[mentor], world.ids[mentee]}
    assert SECRET in fields[world.ids[mentor]]["goal"]
    assert fields[world.ids[mentee]]["goal"] == ""
    assert fields[world.ids[mentee]]["reasons"]
    assert not world.requests("pairing_mentor")


def test_two_who_met_and_say_yes_are_introduced(matching_of) -> None:
    world = matching_of(meet_first=True)
    approve(world)
    world.answer("meet_and_greet_mentor")
    next_day(world)
    assert not world.mails("introduction")
    world.answer("meet_and_greet_mentee")
    next_day(world)
    assert len(world.pairs(P.ACCEPTED)) == 4
    assert len(world.mails("introduction")) == 8
    twice(world)


@pytest.mark.parametrize("first", FORMS_BOTH)
def test_a_no_of_one_is_told_to_both_only_when_both_have_answered(matching_of, first: str) -> None:
    world = matching_of(meet_first=True)
    approve(world)
    world.answer(first, go_on="no", reason=SECRET)
    next_day(world)
    assert len(world.pairs(P.APPROVED)) == 4
    assert not world.mails("pairing_declined")
    world.answer(*FORMS_BOTH)
    next_day(world)
    assert len(world.pairs(P.DECLINED)) == 4
    mails = world.mails("pairing_declined")
    assert len(mails) == 8
    assert len({d.due_on for d in mails}) == 1
    assert SECRET not in str([d.fields for d in mails])
    assert all(one.due_on < world.today for one in world.requests() if one.form in FORMS_BOTH)  # changed no more
    twice(world)


def test_silence_after_meeting_is_told_to_both_when_the_day_has_passed(matching_of) -> None:
    world = matching_of(meet_first=True)
    approve(world)
    world.answer("meet_and_greet_mentor", go_on="no")
    ends = max(one.due_on for one in world.requests("meet_and_greet_mentee"))
    while world.today < ends:
        next_day(world)
        assert not world.mails("pairing_declined")
    next_day(world)
    assert len(world.mails("pairing_declined")) == 8
    assert not world.requests("meet_and_greet_mentee", R.LAPSED)


def test_change_of_mind_counts_until_both_have_answered(matching_of) -> None:
    world = matching_of(meet_first=True)
    approve(world)
    world.answer("meet_and_greet_mentor", go_on="no")
    next_day(world)
    pair = world.pairs(P.APPROVED)[0]
    mentor, mentee = (name_of(world, one) for one in (pair.mentor_id, pair.mentee_id))
    for name in MENTORS:
        world.change("meet_and_greet_mentor", name, go_on="yes")
    world.answer("meet_and_greet_mentee", who=mentee)
    next_day(world)
    assert [p.status for p in world.pairs() if p.id == pair.id] == [P.ACCEPTED]
    world.change("meet_and_greet_mentor", mentor, go_on="no")
    next_day(world)
    assert [p.status for p in world.pairs() if p.id == pair.id] == [P.ACCEPTED]


def test_who_leaves_before_the_meeting_ends_it_without_a_story(matching_of) -> None:
    world = matching_of(meet_first=True)
    approve(world)
    pair = world.pairs(P.APPROVED)[0]
    mentor, mentee = (name_of(world, one) for one in (pair.mentor_id, pair.mentee_id))
    world.leave(mentor)
    next_day(world)
    assert [n for n, _ in told(world, "pairing_declined")] == [mentee]
    assert not world.mails("partner_left")


def test_who_never_heard_of_a_proposal_hears_nothing_when_the_other_leaves(matching_of) -> None:
    world = matching_of()
    approve(world)
    pair = world.pairs(P.APPROVED)[0]
    world.leave(name_of(world, pair.mentor_id))
    next_day(world)
    assert [p.close_reason for p in world.pairs() if p.id == pair.id] == [CloseReason.PARTNER_LEFT]
    assert not world.mails("pairing_declined")
    assert not world.mails("partner_left")


# Equals


def test_equals_are_asked_at_once_and_nobody_is_called_mentor(matching_of) -> None:
    world = matching_of(shape="peers", rules=["unavailable"])
    approve(world)
    asked = [one for one in world.requests(status=R.OPEN) if one.form.startswith("pairing_")]
    pairs = world.pairs(P.APPROVED)
    assert len(asked) == 2 * len(pairs)
    assert {d.template for d in world.rows(Delivery) if d.phase == "matching"} == {"decision_waiting", "pairing_peer"}
    world.answer("pairing_peer_mentor", "pairing_peer_mentee")
    next_day(world)
    twice(world)
    assert len(world.mails("introduction")) == 2 * len(pairs)
    assert {d.fields["own_role"] for d in world.mails("introduction")} == {"peer"}
    assert {d.fields["equals"] for d in world.mails("waiting_list")} == {True}


def test_no_of_an_equal_is_told_to_both_together(matching_of) -> None:
    world = matching_of(shape="peers", rules=["unavailable"])
    approve(world)
    pairs = world.pairs(P.APPROVED)
    world.answer("pairing_peer_mentor", accept="no")
    next_day(world)
    assert not world.mails("pairing_declined")
    world.answer("pairing_peer_mentee")
    next_day(world)
    assert len(world.mails("pairing_declined")) == 2 * len(pairs)


# Groups

GROUP = {"shape": "group", "group": [2, 5], "capacity": 5}


def test_group_mentor_is_asked_once_with_the_goals_and_without_names(matching_of) -> None:
    world = matching_of(**GROUP)
    approve(world)
    twice(world)
    pairs = world.pairs(P.APPROVED)
    mentors = {p.mentor_id for p in pairs}
    mails = world.mails("pairing_group_mentor")
    assert len(mails) == len(world.requests("pairing_group_mentor")) == len(mentors)
    assert sum(d.fields["people"] for d in mails) == len(pairs) == len(MENTEES)
    assert not any(name in str(d.fields) for d in mails for name in MENTEES)
    assert not world.requests("pairing_mentor")


def test_group_mentor_is_not_asked_before_everybody_is_decided_on(matching_of) -> None:
    world = matching_of(shape="group", group=[5, 5], capacity=5)
    pairs = world.pairs(P.PROPOSED)
    assert len(pairs) == 5
    decide_only(world, pairs[0].id)
    assert len(world.pairs(P.APPROVED)) == 1
    assert not world.requests("pairing_group_mentor")
    world.decide("matching", "approve")
    world.advance()
    assert len(world.requests("pairing_group_mentor")) == 1


def decide_only(world: World, pair_id: int, choice: str = "approve") -> None:
    """One decision, the others stay open."""
    with transaction() as session:
        row = programme.by_slug(session, SLUG)
        decision.decide(
            session,
            programme_id=row.id,
            phase="matching",
            round=1,
            subject=f"pairing:{pair_id}",
            choice=choice,
            reason="",
            digest="0" * 64,
            decided_by=world.ids["Feikje"],
            decided_on=world.today,
        )
    world.advance()


def a_group(world: World) -> list[Pairing]:
    """The pairs of the largest group."""
    pairs = world.pairs(P.APPROVED)
    largest = max({p.mentor_id for p in pairs}, key=lambda one: sum(p.mentor_id == one for p in pairs))
    return [p for p in pairs if p.mentor_id == largest]


def test_group_goes_on_with_those_who_say_yes_and_nobody_hears_who_did_not(matching_of) -> None:
    world = matching_of(shape="group", group=[5, 5], capacity=5)
    approve(world)
    world.answer("pairing_group_mentor")
    next_day(world)
    group = a_group(world)
    names = [name_of(world, p.mentee_id) for p in group]
    for name in names[:3]:  # two are left, fewer than a proposal may hold
        world.answer("pairing_group_mentee", who=name, accept="no")
    next_day(world)
    assert not world.mails("group_introduction")
    world.answer("pairing_group_mentee")
    next_day(world)
    together = [p for p in world.pairs(P.ACCEPTED) if p.mentor_id == group[0].mentor_id]
    assert [name_of(world, p.mentee_id) for p in together] == names[3:]
    mails = world.mails("group_introduction")
    assert len(mails) == 3
    assert len({d.fields["appointment"]["uid"] for d in mails}) == 1
    assert not any(name in str(d.fields) for d in mails for name in names[:3])
    assert not world.mails("pairing_declined")
    assert not world.mails("introduction")
    assert len([d for d in world.mails("introduction_line_manager") if d.fields["group"]]) == 2
    twice(world)


def test_one_mentee_alone_is_no_group_and_is_free_again(matching_of) -> None:
    world = matching_of(shape="group", group=[5, 5], capacity=5)
    approve(world)
    world.answer("pairing_group_mentor")
    next_day(world)
    group = a_group(world)
    mentor, *names = [name_of(world, group[0].mentor_id), *(name_of(world, p.mentee_id) for p in group)]
    world.answer("pairing_group_mentee", who=names[0])
    next_day(world, 12)
    found = {name_of(world, p.mentee_id): p.status for p in world.pairs() if p.id in {q.id for q in group}}
    assert found == {names[0]: P.DROPPED, **dict.fromkeys(names[1:], P.DECLINED)}
    assert sorted(n for n, _ in told(world, "pairing_declined")) == sorted([mentor, names[0]])
    assert not world.mails("group_introduction")


def test_no_of_the_mentor_ends_the_group_and_mentees_hear_nothing(matching_of) -> None:
    world = matching_of(shape="group", group=[5, 5], capacity=5)
    approve(world)
    first = {p.id for p in world.pairs(P.APPROVED)}
    world.answer("pairing_group_mentor", accept="no")
    next_day(world)
    assert {p.status for p in world.pairs() if p.id in first} == {P.DECLINED}
    assert not world.mails("pairing_group_mentee")
    assert not world.mails("pairing_declined")


def test_appointed_group_is_introduced_once_complete(matching_of) -> None:
    world = matching_of(mode="appointed", shape="group", group=[5, 5], capacity=5)
    pairs = world.pairs(P.PROPOSED)
    decide_only(world, pairs[0].id)
    assert not world.mails("group_introduction")
    world.decide("matching", "approve", **{f"pairing_{pairs[-1].id}": "strike"})
    world.advance()
    assert len(world.mails("group_introduction")) == 5
    assert not world.mails("introduction")


# Two mentors

TWO = {"shape": "two_mentors", "capacity": 5, "rules": ["unavailable"]}


def speak() -> None:
    """Two mentors speak English, two Dutch; each takes three people."""
    with transaction() as session:
        row = programme.by_slug(session, SLUG)
        for number, one in enumerate(participant.of_programme(session, row.id, Role.MENTOR)):
            one.profile = {**one.profile, "languages": ["en"] if number % 2 else ["nl"]}
            one.capacity = 3


@pytest.fixture
def two_mentors(matching_of) -> World:
    """Two proposed mentors for everybody, all approved."""
    world: World = matching_of(speak, **TWO)
    approve(world)
    return world


def test_mentee_is_asked_once_about_two_mentors_and_meets_them_together(two_mentors) -> None:
    world = two_mentors
    legs = world.pairs(P.APPROVED)
    assert len(legs) == 2 * len({p.mentee_id for p in legs})
    world.answer("pairing_mentor", who=name_of(world, legs[0].mentor_id))
    next_day(world)
    assert not world.requests("pairing_two")
    world.answer("pairing_mentor")
    next_day(world)
    twice(world)
    assert len(world.requests("pairing_two")) == len(legs) // 2
    assert not world.requests("pairing_mentee")
    world.answer("pairing_two")
    next_day(world)
    twice(world)
    assert len(world.pairs(P.ACCEPTED)) == len(legs)
    entries = {(d.person_id, d.fields["appointment"]["starts_at"]) for d in world.mails("introduction")}
    assert len(entries) == len(world.mails("introduction")) == 2 * len(legs)  # never two talks at one time


def test_no_to_one_of_two_keeps_the_other_until_a_second_is_found(two_mentors) -> None:
    world = two_mentors
    world.answer("pairing_mentor")
    next_day(world)
    mentee = name_of(world, world.pairs(P.APPROVED)[0].mentee_id)
    world.answer("pairing_two", who=mentee, accept_second="no")
    next_day(world)
    ours = [p for p in world.pairs() if name_of(world, p.mentee_id) == mentee]
    assert sorted(p.status for p in ours if p.status != P.PROPOSED) == [P.APPROVED, P.DECLINED]
    new = [p for p in ours if p.status == P.PROPOSED]
    assert len(new) == 1
    kept = next(p for p in ours if p.status == P.APPROVED)
    assert kept.mentee_accepted_on
    approve(world)
    world.answer("pairing_mentor")
    next_day(world)
    again = [r for r in world.requests("pairing_mentee", R.OPEN) if r.person_id == world.ids[mentee]]
    assert [r.about for r in again] == [f"pairing:{new[0].id}"]
    world.answer("pairing_mentee", who=mentee)
    next_day(world)
    together = [p for p in world.pairs(P.ACCEPTED) if name_of(world, p.mentee_id) == mentee]
    assert {p.id for p in together} == {kept.id, new[0].id}
    twice(world)


def test_one_mentor_is_better_than_none_where_no_second_is_found(two_mentors) -> None:
    world = two_mentors
    world.answer("pairing_mentor")
    next_day(world)
    world.answer("pairing_two", accept_second="no")
    for _ in range(12):
        next_day(world)
        world.decide("matching", "approve")
        world.answer("pairing_mentor", accept="no")
    alone = world.pairs(P.ACCEPTED)
    assert len(alone) == len({p.mentee_id for p in alone}) > 0
    assert world.milestone("matching").finished_on


# The other way round


def test_junior_mentors_are_asked_in_other_words(matching_of) -> None:
    world = matching_of(reverse=True, rules=["unavailable"])
    approve(world)
    assert {d.fields["way"] for d in world.mails("pairing_mentor")} == {"reverse"}
    world.answer("pairing_mentor")
    next_day(world)
    assert {d.fields["way"] for d in world.mails("pairing_mentee")} == {"reverse"}


def test_mentor_who_was_picked_reads_that_a_colleague_chose(matching_of) -> None:
    world = matching_of(mode="mentee_picks")
    live(world, until=lambda w: bool(w.requests("pairing_mentor")))
    assert {d.fields["way"] for d in world.mails("pairing_mentor")} == {"picked"}
    world.answer("pairing_mentor")
    next_day(world)
    assert world.pairs(P.ACCEPTED)
    assert not world.requests("pairing_mentee")
