"""Proposing, deciding and remembering runs: every choice has its effect once, and no run is made twice."""

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from framework.pairing import OPEN, PairingStatus
from framework.people import Role
from framework.requests import RequestStatus
from models import decision, matching_run, programme, wish
from models.base import transaction
from models.decision import Decision
from models.delivery import Delivery
from models.event import Event
from models.matching_run import MatchingRun
from models.pairing import Pairing
from models.participant import Participant
from models.person import Person
from models.request import Request
from tasks.matching.candidates import inputs
from tasks.matching.proposing import held_again
from tasks.matching.steps import apply_approvals, propose_pairings
from tasks.stage import Stage
from tests.world import MENTEES, MENTORS, SLUG, STAFF, World, settings

P = PairingStatus


def stage_of(world: World, number: int = 1) -> Stage:
    """The round of matching as its flow sees it."""
    with transaction() as session:
        row = programme.by_slug(session, SLUG)
        one = programme.milestone_of(session, row.id, "matching", number)
        return Stage(one.id, row.id, SLUG, "matching", number, one.kind, world.today, one.opens_on, one.closes_on)


def anew(world: World, **matching: Any) -> World:
    """Matching begins again, under other settings: nothing was proposed, asked or told in it yet."""
    with transaction() as session:
        for table in (Decision, Delivery, Request):
            session.execute(sa.delete(table).where(table.phase == "matching"))
        for kept in (Pairing, MatchingRun):
            session.execute(sa.delete(kept))
        for trigger in ("event_no_delete", "event_mark_no_delete"):  # the trail only grows, but for this
            session.execute(sa.text(f"DROP TRIGGER IF EXISTS {trigger}"))
        session.execute(sa.delete(Event).where(Event.about.like("matching_run:%") | Event.about.like("pairing:%")))
        session.execute(sa.text("DELETE FROM event_mark WHERE id NOT IN (SELECT id FROM event)"))
        programme.keep(session, settings(matching=matching))
    return world


def propose(world: World) -> list[Pairing]:
    """Propose twice, as after a crash; what waits for the coordinator."""
    stage = stage_of(world)
    made = propose_pairings.fn(stage)
    before = world.snapshot(), len(world.rows(MatchingRun))
    assert propose_pairings.fn(stage) == made
    assert (world.snapshot(), len(world.rows(MatchingRun))) == before
    return world.pairs(P.PROPOSED)


def apply(world: World, choice: str = "", **others: str) -> int:
    """Decide, and apply twice, as after a crash; how many still wait."""
    world.decide("matching", choice, **others)
    stage = stage_of(world)
    left = apply_approvals.fn(stage)
    before = world.snapshot()
    assert apply_approvals.fn(stage) == left
    assert world.snapshot() == before
    return left


def participant_of(world: World, name: str, role: Role) -> Participant:
    """Somebody in a role."""
    return world.rows(Participant, Participant.person_id == world.ids[name], Participant.role == role)[0]


def waiting_mails(world: World) -> list[Delivery]:
    """What told the coordinator that pairs wait for a decision."""
    return [mail for mail in world.mails("decision_waiting") if mail.phase == "matching"]


def tell(world: World, name: str, **facts: Any) -> None:
    """Change what the roster says of somebody."""
    with transaction() as session:
        for key, value in facts.items():
            setattr(session.get_one(Person, world.ids[name]), key, value)


def profile(world: World, name: str, role: Role, **told: Any) -> None:
    """Change what somebody told in the application."""
    with transaction() as session:
        one = session.get_one(Participant, participant_of_id(world, name, role))
        one.profile = {**one.profile, **told}


def participant_of_id(world: World, name: str, role: Role) -> int:
    return participant_of(world, name, role).id


def one_place_each(world: World) -> None:
    """Every mentor takes one mentee."""
    with transaction() as session:
        session.execute(sa.update(Participant).where(Participant.role == Role.MENTOR).values(capacity=1))


@pytest.fixture
def world(world_at) -> World:
    """Four mentors, five mentees, nothing proposed yet; a place with each mentor."""
    found = anew(world_at("matching"))
    one_place_each(found)
    return found


# Proposing


def test_run_keeps_what_it_began_with_and_what_came_out_and_no_name(world: World) -> None:
    pairs = propose(world)
    [run] = world.rows(MatchingRun)
    assert (run.round, run.number, run.trial, run.made_on) == (1, 1, False, world.today)
    assert [pair[:3] for pair in run.result["pairs"]] == [[p.mentor_id, p.mentee_id, p.score] for p in pairs]
    assert run.counts == {
        "mentors": 4, "places": 4, "mentees": 5, "matched": 4, "total": sum(p.score for p in pairs), "relaxed": 0
    }  # fmt: skip
    assert run.result["proved"] is True
    assert run.settings["mode"] == "proposed"
    text = json.dumps([run.people, run.result, run.counts])
    assert not any(name.casefold() in text.casefold() for name in (*MENTORS, *MENTEES, *STAFF, "Zonnebloemstra", "@"))
    assert {(p.number, p.origin) for p in pairs} == {(1, "best")}
    events = [e for e in world.rows(Event) if e.about == f"matching_run:{run.id}"]
    assert [e.action for e in events] == ["matched"]


def test_alternatives_are_kept_best_first_and_are_allowed(world: World) -> None:
    pairs = propose(world)
    assert all(1 <= len(p.others) <= 3 for p in pairs)
    for pair in pairs:
        assert pair.mentor_id not in {one["mentor"] for one in pair.others}
        assert [one["cost"] for one in pair.others] == sorted(one["cost"] for one in pair.others)
        assert all(sum(one["reasons"].values()) == one["score"] and one["cost"] >= 0 for one in pair.others)


def test_nothing_is_made_where_nobody_looks_for_a_partner(world: World) -> None:
    with transaction() as session:
        session.execute(sa.update(Participant).where(Participant.role == Role.MENTEE).values(status="withdrawn"))
    assert propose(world) == []
    assert world.rows(MatchingRun) == []


def test_empty_run_is_kept_once_and_again_when_people_changed(world: World) -> None:
    for name in (*MENTORS, *MENTEES):
        tell(world, name, department="One")
    stage = stage_of(world)
    for _ in range(3):
        assert propose_pairings.fn(stage) == 0
    assert [run.counts["matched"] for run in world.rows(MatchingRun)] == [0]
    tell(world, MENTEES[0], site="Brugge")
    propose_pairings.fn(stage)
    assert [run.number for run in world.rows(MatchingRun)] == [1, 2]


def test_run_without_any_mentor_is_kept_too(world: World) -> None:
    with transaction() as session:
        session.execute(sa.update(Participant).where(Participant.role == Role.MENTOR).values(status="withdrawn"))
    assert propose(world) == []
    assert [run.counts["mentees"] for run in world.rows(MatchingRun)] == [5]


def test_open_pool_makes_no_run_and_no_pairs(world_at) -> None:
    world = anew(world_at("matching"), mode="open_pool")
    assert propose(world) == []
    assert world.rows(MatchingRun) == []


def test_draw_is_the_same_when_it_is_held_again_and_says_that_it_is_one(world_at) -> None:
    world = anew(world_at("matching"), mode="by_lot")
    pairs = propose(world)
    assert {p.origin for p in pairs} == {"lot"}
    [run] = world.rows(MatchingRun)
    assert 0 < run.result["seed"] < 2**48
    with transaction() as session:
        session.execute(sa.delete(Pairing))
        session.execute(sa.delete(MatchingRun))
    assert [(p.mentor_id, p.mentee_id) for p in propose(world)] == [(p.mentor_id, p.mentee_id) for p in pairs]


@pytest.mark.parametrize(
    ("who", "role", "typed"),
    [
        (MENTEES[0], Role.MENTEE, {"avoid": "Ysolde zonnebloemstra"}),
        (MENTORS[2], Role.MENTOR, {"avoid": "AAFJE"}),
        (MENTEES[0], Role.MENTEE, {"conflicts": "I am married to Ysolde Zonnebloemstra; nobody else"}),
    ],
)
def test_name_that_was_typed_keeps_two_people_apart_on_either_side(world: World, who, role, typed) -> None:
    profile(world, who, role, **typed)
    stage = stage_of(world)
    with transaction() as session:
        given = inputs(session, stage)
        side = given.mentees if role == Role.MENTEE else given.mentors
        [one] = [one for one in side if one.person.id == world.ids[who]]
        other = MENTORS[2] if role == Role.MENTEE else MENTEES[0]
        assert one.conflicts == (world.ids[other],)
        assert not any(candidate.avoid for candidate in (*given.mentors, *given.mentees))
    mentor, mentee = participant_of(world, MENTORS[2], Role.MENTOR), participant_of(world, MENTEES[0], Role.MENTEE)
    assert (mentor.id, mentee.id) not in {(p.mentor_id, p.mentee_id) for p in propose(world)}


@pytest.mark.parametrize(
    ("who", "role", "other"), [(MENTEES[0], Role.MENTEE, MENTORS[2]), (MENTORS[2], Role.MENTOR, MENTEES[0])]
)
def test_wish_by_name_counts_and_is_kept_as_an_id(world: World, who, role, other) -> None:
    """MAT-Q14: who typed it makes no difference to the pair, nor to its reasons."""
    weights = dict.fromkeys(("goal", "experience", "interests", "language", "site"), 0) | {"preference": 1000}
    one_place_each(anew(world, weights=weights, rules=[]))
    profile(world, who, role, prefer=f"{other.upper()} Zonnebloemstra, Nobody Known")
    with transaction() as session:
        given = inputs(session, stage_of(world))
        wishes = {one.person.id: one.prefers for one in (*given.mentors, *given.mentees) if one.prefers}
    assert wishes == {world.ids[who]: (world.ids[other],)}
    mentor, mentee = participant_of(world, MENTORS[2], Role.MENTOR), participant_of(world, MENTEES[0], Role.MENTEE)
    [made] = [pair for pair in propose(world) if pair.score]
    assert (made.mentor_id, made.mentee_id, made.reasons) == (mentor.id, mentee.id, {"preference": 500})
    [run] = world.rows(MatchingRun)
    assert "onnebloemstra" not in json.dumps([run.people, run.result]).casefold()


def test_wish_to_avoid_is_stronger_than_a_wish_to_meet(world: World) -> None:
    weights = dict.fromkeys(("goal", "experience", "interests", "language", "site"), 0) | {"preference": 1000}
    one_place_each(anew(world, weights=weights, rules=[]))
    profile(world, MENTEES[0], Role.MENTEE, prefer=f"{MENTORS[2]} Zonnebloemstra")
    profile(world, MENTORS[2], Role.MENTOR, avoid=f"{MENTEES[0]} Zonnebloemstra")
    mentor, mentee = participant_of(world, MENTORS[2], Role.MENTOR), participant_of(world, MENTEES[0], Role.MENTEE)
    assert (mentor.id, mentee.id) not in {(p.mentor_id, p.mentee_id) for p in propose(world)}


def test_who_waits_longest_comes_first_where_places_are_short(world: World) -> None:
    left = {one.id for one in world.rows(Participant, Participant.role == Role.MENTEE)}
    left -= {p.mentee_id for p in propose(world)}
    anew(world)
    with transaction() as session:
        session.get_one(Participant, left.pop()).waiting_since = world.today - timedelta(days=90)
    waited = {one.id: one.waited for one in _inputs(world).mentees}
    assert sorted(waited.values()) == [0, 0, 0, 0, 90]
    longest = max(waited, key=waited.__getitem__)
    assert longest in {p.mentee_id for p in propose(world)}


def _inputs(world: World):
    with transaction() as session:
        return inputs(session, stage_of(world))


def test_mentor_who_had_somebody_in_the_programme_before_is_not_rested(world: World) -> None:
    assert {one.rested for one in _inputs(world).mentors} == {1}
    with transaction() as session:
        before = programme.keep(session, settings(slug="growth-2025", starts_on=world.today.replace(year=2025)))
        two = [
            Participant(programme_id=before.id, person_id=world.ids[name], role=role, status="completed")
            for name, role in ((MENTORS[1], Role.MENTOR), (MENTEES[1], Role.MENTEE))
        ]
        session.add_all(two)
        session.flush()
        pair = {"programme_id": before.id, "round": 1, "mentor_id": two[0].id, "mentee_id": two[1].id}
        session.add(Pairing(**pair, status=P.CLOSED, score=500, accepted_on=world.today.replace(year=2025)))
    rested = {one.person.id: one.rested for one in _inputs(world).mentors}
    assert rested.pop(world.ids[MENTORS[1]]) == 0
    assert set(rested.values()) == {1}


# Deciding


def test_approved_pair_leads_to_the_mentor_being_asked_and_struck_to_another_proposal_at_once(world: World) -> None:
    first, *rest = propose(world)
    assert apply(world) == 1 + len(rest)
    left = apply(world, "approve", **{f"pairing_{first.id}": "strike"})
    assert {p.id for p in world.pairs(P.APPROVED)} == {p.id for p in rest}
    assert {r.about for r in world.requests("pairing_mentor")} == {f"pairing:{p.id}" for p in rest}
    again = world.pairs(P.PROPOSED)
    assert left == len(again) == 1
    assert again[0].number == 2
    assert again[0].mentor_id == first.mentor_id
    assert again[0].mentee_id != first.mentee_id
    assert len(waiting_mails(world)) == 2
    assert len(world.requests("decision", RequestStatus.OPEN)) == 1


def test_undecided_proposals_stay_as_they_are_until_all_are_decided(world: World) -> None:
    first, *rest = propose(world)
    assert apply(world, "", **{f"pairing_{first.id}": "strike"}) == len(rest)
    assert [p.id for p in world.pairs(P.PROPOSED)] == [p.id for p in rest]
    assert len(world.rows(MatchingRun)) == 1


def test_choosing_a_mentor_with_a_free_place_makes_that_pair_and_leaves_the_others_alone(world: World) -> None:
    with transaction() as session:
        session.execute(sa.update(Participant).values(capacity=2))
    pairs = propose(world)
    pair, other = next((p, o) for p in pairs for o in p.others if o["free"])
    apply(world, "approve", **{f"pairing_{pair.id}": f"swap:{other['mentor']}"})
    [chosen] = [p for p in world.pairs() if p.origin == "chosen"]
    assert (chosen.mentor_id, chosen.mentee_id, chosen.status) == (other["mentor"], pair.mentee_id, P.APPROVED)
    assert (chosen.score, chosen.reasons) == (other["score"], other["reasons"])
    assert [p.id for p in world.pairs(P.DROPPED)] == [pair.id]
    assert {r.about for r in world.requests("pairing_mentor")} >= {f"pairing:{chosen.id}"}
    assert len(world.pairs(P.APPROVED)) == len(pairs)
    assert "chosen" in {e.action for e in world.rows(Event) if e.about == f"pairing:{chosen.id}"}


def test_choosing_a_mentor_whose_place_is_merely_proposed_drops_that_proposal(world: World) -> None:
    pairs = propose(world)
    pair, other = next((p, o) for p in pairs for o in p.others if not o["free"])
    holder = next(p for p in pairs if p.mentor_id == other["mentor"])
    apply(world, "", **{f"pairing_{pair.id}": f"swap:{other['mentor']}"})
    found = {p.id: p.status for p in world.pairs()}
    assert (found[pair.id], found[holder.id]) == (P.DROPPED, P.DROPPED)
    assert [p.mentee_id for p in world.pairs(P.APPROVED)] == [pair.mentee_id]
    apply(world, "approve")
    again = world.pairs(P.PROPOSED)
    assert [(p.number, p.mentor_id) for p in again] == [(2, pair.mentor_id)]


def test_two_may_change_mentors_with_each_other_in_one_go(world: World) -> None:
    pairs = propose(world)
    one, two = next(
        (a, b) for a in pairs for b in pairs if _offers(a, b.mentor_id) and _offers(b, a.mentor_id) and a.id < b.id
    )
    apply(
        world,
        "approve",
        **{f"pairing_{one.id}": f"swap:{two.mentor_id}", f"pairing_{two.id}": f"swap:{one.mentor_id}"},
    )
    chosen = {(p.mentor_id, p.mentee_id) for p in world.pairs() if p.origin == "chosen"}
    assert chosen == {(two.mentor_id, one.mentee_id), (one.mentor_id, two.mentee_id)}
    assert len(world.pairs(P.APPROVED)) == len(pairs)


def _offers(pair: Pairing, mentor: int) -> bool:
    return mentor in {one["mentor"] for one in pair.others}


def test_place_that_was_approved_before_is_not_taken_and_the_mentee_is_proposed_anew(world: World) -> None:
    pairs = propose(world)
    pair, other = next((p, o) for p in pairs for o in p.others if not o["free"])
    holder = next(p for p in pairs if p.mentor_id == other["mentor"])
    apply(world, "", **{f"pairing_{holder.id}": "approve"})
    apply(world, "approve", **{f"pairing_{pair.id}": f"swap:{other['mentor']}"})
    found = {p.id: p.status for p in world.pairs()}
    assert (found[pair.id], found[holder.id]) == (P.DROPPED, P.APPROVED)
    assert not [p for p in world.pairs() if p.origin == "chosen"]
    assert {p.number for p in world.pairs(P.PROPOSED)} == {2}
    assert "not-possible" in {e.action for e in world.rows(Event) if e.about == f"pairing:{pair.id}"}


def test_mentor_who_was_not_among_the_alternatives_cannot_be_chosen(world: World) -> None:
    pair = propose(world)[0]
    apply(world, "", **{f"pairing_{pair.id}": "swap:999"})
    assert not [p for p in world.pairs() if p.origin == "chosen"]
    assert {p.id: p.status for p in world.pairs()}[pair.id] == P.DROPPED


def test_pair_that_has_become_forbidden_is_neither_approved_nor_chosen(world: World) -> None:
    pairs = propose(world)
    pair, other = pairs[0], pairs[0].others[0]
    rival = world.rows(Participant, Participant.id == other["mentor"])[0]
    mentee = world.rows(Participant, Participant.id == pair.mentee_id)[0]
    with transaction() as session:
        session.get_one(Person, mentee.person_id).manager_id = rival.person_id
    apply(world, "approve", **{f"pairing_{pair.id}": f"swap:{rival.id}"})
    assert (rival.id, mentee.id) not in {(p.mentor_id, p.mentee_id) for p in world.pairs(*OPEN)}


# Bent rules


@pytest.fixture
def bent(world_at) -> World:
    """Everybody works in one department, and the rule on departments may be bent."""
    found = anew(world_at("matching"), relax=("other_department",))
    for name in (*MENTORS, *MENTEES):
        tell(found, name, department="One")
    return found


def test_bent_rule_is_marked_counted_and_told_to_the_coordinator(bent: World) -> None:
    pairs = propose(bent)
    assert pairs
    assert {tuple(p.relaxed) for p in pairs} == {("other_department",)}
    [run] = bent.rows(MatchingRun)
    assert run.counts["relaxed"] == len(pairs)
    assert run.result["steps"] == [["", 0], ["other_department", len(pairs)]]
    assert apply(bent) == len(pairs)
    assert [mail.fields["relaxed"] for mail in waiting_mails(bent)] == [len(pairs)]


def test_bent_rule_is_approved_with_a_reason_and_the_name_stands_beside_it(bent: World) -> None:
    pairs = propose(bent)
    apply(bent, "approve")
    assert {p.id for p in bent.pairs(P.APPROVED)} == {p.id for p in pairs}
    deeds = [e for e in bent.rows(Event) if e.action == "approved"]
    assert {e.actor for e in deeds} == {f"person:{bent.ids[STAFF[0]]}"}
    assert {e.detail["relaxed"] for e in deeds} == {1}
    assert all(one.reason for one in bent.rows(Decision, Decision.phase == "matching"))


def test_bent_rule_without_a_reason_is_not_approved_and_is_proposed_anew(bent: World) -> None:
    pairs = propose(bent)
    bent.decide("matching", "approve", reason=" ")
    assert apply_approvals.fn(stage_of(bent)) == len(pairs)
    assert not bent.pairs(P.APPROVED)
    assert {p.number for p in bent.pairs(P.PROPOSED)} == {2}
    assert {p.id for p in bent.pairs(P.DROPPED)} == {p.id for p in pairs}


def test_what_is_never_bent_still_forbids_a_pair_that_bends_another_rule(bent: World) -> None:
    pair = propose(bent)[0]
    with transaction() as session:
        session.get_one(Participant, pair.mentee_id).profile = {
            "avoid": session.get_one(Participant, pair.mentor_id).person.value().name
        }
    apply(bent, "approve")
    assert {p.id: p.status for p in bent.pairs()}[pair.id] == P.STRUCK


# Trials


def trial(world: World, **matching: Any) -> MatchingRun:
    """A what-if, as the desk keeps it."""
    with transaction() as session:
        row = programme.by_slug(session, SLUG)
        last = matching_run.last(session, row.id, 1)
        assert last
        made = MatchingRun(
            programme_id=row.id,
            round=1,
            number=matching_run.next_number(session, row.id, 1),
            made_on=world.today,
            trial=True,
            digest="0" * 64,
            settings=settings(matching=matching).matching.model_dump(mode="json"),
            people=last.people,
            result=last.result,
            counts=last.counts,
        )
        session.add(made)
        session.flush()
        return made


def rules_of(world: World):
    with transaction() as session:
        return programme.by_slug(session, SLUG).rules.matching


def test_adopted_trial_changes_the_settings_and_proposes_anew_under_them(world: World) -> None:
    pairs = propose(world)
    made = trial(world, capacity=1, rules=("reporting_line",))
    left = apply(world, "", **{f"run_{made.id}": "adopt"})
    assert rules_of(world).rules == ("reporting_line",)
    assert {p.id for p in world.pairs(P.DROPPED)} == {p.id for p in pairs}
    assert {p.number for p in world.pairs(P.PROPOSED)} == {made.number + 1}
    assert left == len(world.pairs(P.PROPOSED)) > 0
    assert "adopted" in {e.action for e in world.rows(Event)}


def test_trial_is_not_adopted_once_something_of_the_round_is_approved(world: World) -> None:
    first, *_ = propose(world)
    made = trial(world, capacity=1)
    before = rules_of(world)
    apply(world, "", **{f"pairing_{first.id}": "approve"})
    apply(world, "", **{f"run_{made.id}": "adopt"})
    assert rules_of(world) == before
    assert not world.pairs(P.DROPPED)


def test_trial_is_not_adopted_after_an_approval_that_was_given_before_it(world: World) -> None:
    first, *_ = propose(world)
    made = trial(world, capacity=1)
    before = rules_of(world)
    world.decide("matching", "", **{f"pairing_{first.id}": "approve"})
    apply(world, "", **{f"run_{made.id}": "adopt"})
    assert rules_of(world) == before
    assert {p.id: p.status for p in world.pairs()}[first.id] == P.APPROVED


def test_real_run_is_never_adopted(world: World) -> None:
    pairs = propose(world)
    [run] = world.rows(MatchingRun)
    apply(world, "", **{f"run_{run.id}": "adopt"})
    assert [p.id for p in world.pairs(P.PROPOSED)] == [p.id for p in pairs]


# Modes and shapes


def test_appointed_pairs_are_introduced_as_they_are_approved(world_at) -> None:
    world = anew(world_at("matching"), mode="appointed")
    pairs = propose(world)
    apply(world, "approve")
    assert {p.id for p in world.pairs(P.ACCEPTED)} == {p.id for p in pairs}
    assert not world.requests("pairing_mentor")


def bilingual(world: World) -> None:
    """Two mentors speak Dutch, two English, and all mentees both."""
    for number, name in enumerate(MENTORS):
        profile(world, name, Role.MENTOR, languages=["nl"] if number % 2 else ["en"])
        with transaction() as session:
            session.get_one(Participant, participant_of_id(world, name, Role.MENTOR)).capacity = 5


def test_two_mentors_are_asked_together_and_a_struck_one_is_replaced_first(world_at) -> None:
    world = anew(world_at("matching"), mode="proposed", shape="two_mentors", capacity=5)
    bilingual(world)
    pairs = propose(world)
    legs = [p for p in pairs if p.mentee_id == pairs[0].mentee_id]
    assert {p.language for p in legs} == {"en", "nl"}
    assert apply(world, "", **{f"pairing_{legs[0].id}": "approve"}) == len(pairs) - 1
    assert not world.requests("pairing_mentor")
    apply(world, "approve", **{f"pairing_{legs[1].id}": "strike"})
    asked = {one.about for one in world.requests("pairing_mentor")}
    assert f"pairing:{legs[0].id}" not in asked
    again = [p for p in world.pairs(P.PROPOSED) if p.mentee_id == legs[0].mentee_id]
    assert [(p.language, p.number) for p in again] == [(legs[1].language, 2)]
    assert again[0].mentor_id != legs[1].mentor_id
    apply(world, "approve")
    asked = {one.about for one in world.requests("pairing_mentor")}
    assert {f"pairing:{legs[0].id}", f"pairing:{again[0].id}"} <= asked


def test_one_mentor_goes_on_alone_where_nobody_else_is_to_be_found(world_at) -> None:
    world = anew(world_at("matching"), mode="proposed", shape="two_mentors", capacity=5)
    bilingual(world)
    with transaction() as session:
        session.get_one(Participant, participant_of_id(world, MENTORS[3], Role.MENTOR)).status = "withdrawn"
    pairs = propose(world)
    legs = {p.language: p for p in pairs if p.mentee_id == pairs[0].mentee_id}
    apply(world, "approve", **{f"pairing_{legs['nl'].id}": "strike"})
    apply(world, "approve")
    assert f"pairing:{legs['en'].id}" in {one.about for one in world.requests("pairing_mentor")}


@pytest.mark.parametrize("shape", ["group", "peers"])
def test_other_shapes_are_proposed_approved_and_not_proposed_again(world_at, shape: str) -> None:
    world = anew(world_at("matching"), mode="appointed", shape=shape, group=(2, 3))
    pairs = propose(world)
    assert pairs
    apply(world, "approve")
    assert {p.id for p in world.pairs(P.ACCEPTED)} == {p.id for p in pairs}
    taken = {p.mentee_id for p in pairs} | {p.mentor_id for p in pairs}
    given = _inputs(world)
    assert not taken & {one.id for one in (*given.mentors, *given.mentees)}


def test_pairs_who_chose_each_other_come_first_are_introduced_at_once_and_are_held_again_from_their_lists(
    world_at,
) -> None:
    world = anew(world_at("matching"), mode="mutual", capacity=1)
    mentor, mentee = participant_of(world, MENTORS[3], Role.MENTOR), participant_of(world, MENTEES[4], Role.MENTEE)
    other = participant_of(world, MENTORS[0], Role.MENTOR)
    with transaction() as session:
        row = programme.by_slug(session, SLUG)
        wish.keep(session, row.id, 1, mentee.id, [other.id, mentor.id])
        wish.keep(session, row.id, 1, mentor.id, [mentee.id])
    pairs = propose(world)
    mutual = [p for p in pairs if p.origin == "mutual"]
    assert [(p.mentor_id, p.mentee_id) for p in mutual] == [(mentor.id, mentee.id)]
    assert {p.origin for p in pairs} == {"mutual", "best"}
    [run] = world.rows(MatchingRun)
    with transaction() as session:
        wish.keep(session, row.id, 1, mentee.id, [])
    assert held_again(run)[1] == run.digest
    apply(world, "approve")
    assert [p.id for p in world.pairs(P.ACCEPTED)] == [mutual[0].id]
    assert len(world.requests("pairing_mentor")) == len(pairs) - 1


# Held again


def test_run_is_held_again_with_the_same_result_after_much_has_happened(world: World) -> None:
    pairs = propose(world)
    kept = world.rows(MatchingRun)[0]
    apply(world, "approve", **{f"pairing_{pairs[0].id}": "strike"})
    for name in MENTEES:
        tell(world, name, department="Elsewhere", years=40, site="Luik")
    profile(world, MENTORS[0], Role.MENTOR, topics=[], avoid="everybody", languages=["fr"])
    world.leave(MENTORS[1])
    found, digest = held_again(kept)
    assert digest == kept.digest
    assert [(one.mentor, one.mentee) for one in found.proposals] == [(p.mentor_id, p.mentee_id) for p in pairs]


def test_changed_record_is_noticed(world: World) -> None:
    propose(world)
    run = world.rows(MatchingRun)[0]
    run.people["mentees"][0]["person"]["years"] = 41
    assert held_again(run)[1] != run.digest


def test_numbers_of_runs_go_on_behind_a_trial(world: World) -> None:
    propose(world)
    made = trial(world)
    apply(world, "strike")
    assert [run.number for run in world.rows(MatchingRun)] == [1, made.number, made.number + 1]


def test_decisions_of_a_round_are_each_applied_once(world: World) -> None:
    propose(world)
    apply(world, "approve")
    with transaction() as session:
        row = programme.by_slug(session, SLUG)
        assert not decision.of_round(session, row.id, "matching", 1, applied=False)
