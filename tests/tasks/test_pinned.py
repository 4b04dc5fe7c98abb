"""A mentor whom the coordinator chose from the page of one pair: scored as shown, judged by the rules of the day."""

import pytest
import sqlalchemy as sa

from framework.matching.record import restored
from framework.matching.scoring import Scorer
from framework.matching.settings import Matching
from framework.pairing import PairingStatus
from framework.people import Role
from models.base import transaction
from models.event import Event
from models.matching_run import MatchingRun
from models.pairing import Pairing
from models.participant import Participant
from models.person import Person
from tests.tasks.test_matching import anew, apply, propose
from tests.world import World

P = PairingStatus


@pytest.fixture
def pairs(world_at) -> tuple[World, list[Pairing]]:
    """Proposals beside which nobody is listed, and room for two with each mentor."""
    world = world_at("matching")
    anew(world)
    with transaction() as session:
        session.execute(sa.update(Participant).values(capacity=2))
    propose(world)
    with transaction() as session:
        session.execute(sa.update(Pairing).values(others=[]))
    return world, world.pairs(P.PROPOSED)


def _other(pairs: list[Pairing]) -> tuple[Pairing, int]:
    """A pair, and a mentor of another one."""
    return next((one, two.mentor_id) for one in pairs for two in pairs if two.mentor_id != one.mentor_id)


def _chosen(world: World) -> list[Pairing]:
    return [one for one in world.pairs() if one.origin == "chosen"]


def _swap(world: World, pair: Pairing, mentor: int) -> None:
    apply(world, "", **{f"pairing_{pair.id}": f"swap:{mentor}"})


def test_mentor_who_is_not_listed_is_scored_as_the_run_saw_the_two(pairs) -> None:
    world, found = pairs
    pair, mentor = _other(found)
    with transaction() as session:  # what a person's record says now does not change what was shown
        mentee = session.get_one(Participant, pair.mentee_id)
        session.get_one(Person, mentee.person_id).years = 40
    _swap(world, pair, mentor)
    [chosen] = _chosen(world)
    assert (chosen.mentor_id, chosen.mentee_id, chosen.status) == (mentor, pair.mentee_id, P.APPROVED)
    run = world.rows(MatchingRun)[0]
    given = restored(run.people, Matching.model_validate(run.settings))
    mentees = [one for one in given.mentees if one.id == pair.mentee_id]
    mentors = [one for one in given.mentors if one.id == mentor]
    assert chosen.reasons == Scorer(mentees, mentors, given.settings, {}).points(0, 0)
    assert chosen.score == sum(chosen.reasons.values())
    assert {one.id: one.status for one in world.pairs()}[pair.id] == P.DROPPED


def test_without_a_run_the_two_are_scored_as_they_are(pairs) -> None:
    world, found = pairs
    pair, mentor = _other(found)
    with transaction() as session:
        session.execute(sa.delete(MatchingRun))
    _swap(world, pair, mentor)
    [chosen] = _chosen(world)
    assert chosen.score == sum(chosen.reasons.values()) > 0


def test_whom_the_rules_of_the_day_forbid_is_not_chosen(pairs) -> None:
    world, found = pairs
    pair, mentor = _other(found)
    with transaction() as session:
        boss = session.get_one(Participant, mentor).person_id
        mentee = session.get_one(Participant, pair.mentee_id)
        session.get_one(Person, mentee.person_id).manager_id = boss
    _swap(world, pair, mentor)
    assert not _chosen(world)
    assert "not-possible" in {one.action for one in world.rows(Event) if one.about == f"pairing:{pair.id}"}


def test_place_that_is_approved_is_not_taken(pairs) -> None:
    world, found = pairs
    pair, mentor = _other(found)
    with transaction() as session:
        session.execute(sa.update(Participant).values(capacity=1))
    held = [one for one in found if one.mentor_id == mentor]
    for one in held:
        apply(world, "", **{f"pairing_{one.id}": "approve"})
    _swap(world, pair, mentor)
    assert not _chosen(world)
    assert {one.id: one.status for one in world.pairs()}[held[0].id] == P.APPROVED


@pytest.mark.parametrize("who", ["mentee", "the same", "nobody"])
def test_who_does_not_guide_is_not_chosen(pairs, who: str) -> None:
    world, found = pairs
    pair, _ = _other(found)
    another = next(one.mentee_id for one in found if one.id != pair.id)
    _swap(world, pair, {"mentee": another, "the same": pair.mentor_id}.get(who, 999))
    assert not _chosen(world)
    assert world.rows(Participant, Participant.id == another)[0].role == Role.MENTEE
