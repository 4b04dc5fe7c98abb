"""Who waits is remembered, told once a change, and the first in line; a round opens when a pair is possible (CAP-101)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from framework.pairing import CloseReason, PairingStatus
from framework.participation import ParticipantStatus
from framework.people import Role
from models import participant, person, programme
from models.base import transaction
from models.matching_run import MatchingRun
from models.pairing import Pairing
from models.participant import Participant
from models.training import Enrolment
from tasks.matching.waiting_list import open_for_waiting
from tests.world import MENTEES, MENTORS, SLUG, World, build, finished, live, reached, willing

P, S = PairingStatus, ParticipantStatus


@pytest.fixture
def waiting(world_at) -> tuple[World, str]:
    """Matching is over: four mentors have somebody, and the fifth mentee waits."""
    world: World = world_at("matching")
    live(world, until=finished("matching"))
    who = next(name for name in MENTEES if world.status(name, Role.MENTEE) == S.WAITING)
    return world, who


def since(world: World, name: str) -> object:
    """From when somebody waits."""
    with transaction() as session:
        row = programme.by_slug(session, SLUG)
        found = participant.of_person(session, row.id, world.ids[name], Role.MENTEE)
        assert found
        return found.waiting_since


def change(world: World, name: str, role: Role, what: Callable[[Participant], None]) -> None:
    """Something changes about a participant."""
    with transaction() as session:
        row = programme.by_slug(session, SLUG)
        found = participant.of_person(session, row.id, world.ids[name], role)
        assert found
        what(found)


def rounds(world: World) -> int:
    return sum(one.phase == "matching" for one in world.milestones())


def more_room(one: Participant) -> None:
    one.capacity = 2


def test_who_found_nobody_waits_from_that_day_and_hears_the_place_once(waiting) -> None:
    world, who = waiting
    assert since(world, who) == world.milestone("matching").finished_on
    assert [d.fields["position"] for d in world.mails("waiting_list")] == [1]
    for _ in range(3):
        world.advance(world.today + timedelta(days=1))
    assert rounds(world) == 1
    assert len(world.mails("waiting_list")) == 1


def test_a_place_more_opens_a_round_for_who_waits(waiting) -> None:
    world, who = waiting
    change(world, MENTORS[0], Role.MENTOR, more_room)
    world.advance(world.today + timedelta(days=1))
    assert rounds(world) == 2
    assert [p.round for p in world.pairs(P.PROPOSED)] == [2]
    live(world, until=finished("matching", 2))
    pair = world.pairs(P.ACCEPTED)[-1]
    assert (pair.round, pair.mentee.person_id) == (2, world.ids[who])
    assert since(world, who) is None
    assert world.status(who, Role.MENTEE) == S.CONFIRMED
    before = world.snapshot()
    world.advance()
    assert world.snapshot() == before


def test_a_place_that_the_rules_forbid_opens_nothing(waiting) -> None:
    world, _ = waiting
    with transaction() as session:
        mentor = session.get_one(person.Person, world.ids[MENTORS[0]])
        mentor.department = "Sales"  # the mentees' own
    change(world, MENTORS[0], Role.MENTOR, more_room)
    world.advance(world.today + timedelta(days=1))
    assert rounds(world) == 1
    with transaction() as session:
        session.get_one(person.Person, world.ids[MENTORS[0]]).department = "Works"
    world.advance(world.today + timedelta(days=1))
    assert rounds(world) == 2


def test_a_mentee_who_leaves_makes_room_for_who_waits(waiting) -> None:
    world, who = waiting
    gone = next(name for name in MENTEES if name != who)
    world.leave(gone)
    world.advance(world.today + timedelta(days=1))
    live(world, until=finished("matching", 2))
    assert any(p.mentee.person_id == world.ids[who] for p in world.pairs(P.ACCEPTED, P.ACTIVE))


def test_somebody_selected_after_the_matching_is_matched_and_trained(waiting) -> None:
    world, who = waiting
    live(world, until=finished("training"))
    with transaction() as session:
        row = programme.by_slug(session, SLUG)
        late = person.Person(
            given_name="Nehalennia", family_name="Zee", department="Works", years=20, email="n@x.example"
        )
        session.add(late)
        session.flush()
        world.ids["Nehalennia"] = late.id
        values = {"programme_id": row.id, "person_id": late.id, "role": Role.MENTOR, "status": S.CONFIRMED}
        session.add(Participant(**values, profile={"languages": ["nl"], "topics": []}, reason="", capacity=1))
    live(world, until=finished("matching", 2))
    pair = next(p for p in world.pairs() if p.mentor.person_id == world.ids["Nehalennia"])
    assert (pair.status, pair.mentee.person_id) == (P.ACCEPTED, world.ids[who])
    live(world, until=finished("agreement", 2))
    assert world.milestone("training", 2).finished_on
    assert {e.status for e in world.rows(Enrolment)} == {"attended"}
    assert [p.status for p in world.pairs() if p.id == pair.id] == [P.ACTIVE]


def test_rounds_in_vain_keep_the_place_and_tell_it_no_second_time(waiting) -> None:
    world, who = waiting
    first = since(world, who)
    change(world, MENTORS[0], Role.MENTOR, more_room)
    world.advance(world.today + timedelta(days=1))
    world.decide("matching", "strike")
    world.advance(world.today + timedelta(days=1))
    assert world.milestone("matching", 2).finished_on
    assert since(world, who) == first
    assert len(world.mails("waiting_list")) == 1
    world.advance(world.today + timedelta(days=1))
    assert rounds(world) == 2  # those two stay apart, and nobody else has room


def test_who_waits_longest_comes_first_and_hears_of_moving_up(world_at) -> None:
    world: World = world_at("matching")
    for name in MENTORS[2:]:
        world.leave(name)
    live(world, until=finished("matching"))
    line = {d.fields["position"]: d.person_id for d in world.mails("waiting_list")}
    assert sorted(line) == [1, 2, 3]
    last = next(name for name in MENTEES if world.ids[name] == line[3])
    change(world, last, Role.MENTEE, lambda one: setattr(one, "waiting_since", one.waiting_since - timedelta(days=30)))
    change(world, MENTORS[0], Role.MENTOR, more_room)
    live(world, until=finished("matching", 2))
    assert any(p.mentee.person_id == line[3] for p in world.pairs(P.ACCEPTED))
    told = [(d.person_id, d.fields["position"]) for d in world.mails("waiting_list")]
    assert sorted(told) == sorted([(line[1], 1), (line[2], 2), (line[3], 3)])  # the first two stay where they were


def test_rematch_solves_what_is_free_and_never_the_same_two(world_at) -> None:
    world: World = world_at("review")
    pair = world.pairs(P.ACTIVE)[0]
    kept = {(p.mentor_id, p.mentee_id) for p in world.pairs(P.ACTIVE)} - {(pair.mentor_id, pair.mentee_id)}
    world.answer("check_in_mentee", about=f"pairing:{pair.id}", rematch="yes")
    world.answer()
    world.advance(world.today + timedelta(days=1))
    world.decide("review", "rematch")
    world.advance(world.today + timedelta(days=1))
    assert [p.close_reason for p in world.pairs(P.CLOSED)] == [CloseReason.REMATCH]
    live(world, willing, until=finished("matching", 2))
    second = [p for p in world.pairs() if p.round == 2]
    assert (pair.mentor_id, pair.mentee_id) not in {(p.mentor_id, p.mentee_id) for p in second}
    assert kept <= {(p.mentor_id, p.mentee_id) for p in world.pairs(P.ACTIVE, P.ACCEPTED)}
    assert [(p.mentor_id, p.mentee_id) for p in second]  # the mentor is free for who waited


def test_nothing_opens_shortly_before_the_end_nor_while_a_round_is_open(waiting) -> None:
    world, _ = waiting
    change(world, MENTORS[0], Role.MENTOR, more_room)
    closure = world.milestone("closure").opens_on
    assert open_for_waiting.fn(SLUG, closure - timedelta(days=27)) == 0
    assert open_for_waiting.fn(SLUG, closure - timedelta(days=28)) == 1
    assert open_for_waiting.fn(SLUG, closure - timedelta(days=28)) == 0
    assert rounds(world) == 2


def test_leaver_in_an_open_round_is_proposed_anew_there(world_at) -> None:
    world: World = world_at("matching")
    world.decide("matching", "approve")
    world.advance()
    world.leave(MENTORS[0])
    world.advance(world.today + timedelta(days=1))
    assert rounds(world) == 1
    live(world, until=finished("matching"))
    assert reached("matching")(world)
    assert len(world.pairs(P.ACCEPTED)) == 3
    assert sorted(d.fields["position"] for d in world.mails("waiting_list")) == [1, 2]


# Why


def told_why(world: World) -> set[object]:
    return {d.fields["why"] for d in world.mails("waiting_list")}


def test_who_waits_hears_that_there_are_more_people_than_places(waiting) -> None:
    world, _ = waiting
    assert told_why(world) == {"places_taken"}


def test_where_nobody_guides_all_hear_just_that(world_at) -> None:
    world: World = world_at("matching")
    for name in MENTORS:
        world.leave(name)
    live(world, until=finished("matching"))
    assert told_why(world) == {"no_mentors"}
    assert len(world.mails("waiting_list")) == len(MENTEES)


def forbid(world: World, cause: str) -> None:
    """Nobody may be proposed to the first mentee, for one cause or another."""
    with transaction() as session:
        row = programme.by_slug(session, SLUG)
        mentee = participant.of_person(session, row.id, world.ids[MENTEES[0]], Role.MENTEE)
        guides = [participant.of_person(session, row.id, world.ids[name], Role.MENTOR) for name in MENTORS]
        assert mentee
        if cause == "rule":
            mentee.person.department = "Works"
        elif cause == "told":
            mentee.profile = {**mentee.profile, "conflicts": "\n".join(MENTORS)}
        else:
            for one in guides:
                assert one
                one.profile = {**one.profile, "avoid": MENTEES[0]}


@pytest.mark.parametrize("cause", ["rule", "told", "asked"])
def test_what_somebody_asked_in_private_is_told_like_any_rule(world_at, cause: str) -> None:
    world: World = world_at("matching")
    with transaction() as session:
        for name in MENTORS:
            session.get_one(person.Person, world.ids[name]).department = "Works"
        session.execute(sa.delete(Pairing))
        session.execute(sa.delete(MatchingRun))
    forbid(world, cause)
    live(world, until=finished("matching"))
    [mail] = world.mails("waiting_list", MENTEES[0])
    assert set(mail.fields) == {"given_name", "position", "equals", "why", "appointment"}
    assert mail.fields["why"] == "nobody_allowed"


def test_peer_hears_no_reason(sqlite) -> None:
    world = build(matching={"mode": "proposed", "shape": "peers", "rules": []})
    live(world, until=finished("matching"))
    assert told_why(world) <= {""}
    assert [d.fields["equals"] for d in world.mails("waiting_list")] == [True]
