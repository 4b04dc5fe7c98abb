"""Pairs that others made are asked early, each side alone, and may change without blame (MAT-05, MAT-M09, CAP-099)."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from framework.content.review import FORM_OF
from framework.pairing import CloseReason, PairingStatus
from framework.people import Role
from framework.programme import BY_DAY, relationships_start
from models import decision, programme
from models.base import transaction
from models.pairing import Pairing
from models.participant import Participant
from models.request import Request
from models.signal import Signal
from tasks.early_check import plan_early_check
from tasks.stage import Stage
from tests.world import SECRET, SLUG, World, build, finished, live, settings

P = PairingStatus
EARLY = tuple(FORM_OF["early_check", role] for role in (Role.MENTOR, Role.MENTEE))


def open_early(world: World) -> bool:
    """Whether the early check has opened."""
    return any(one.kind == "early_check" and one.opened_on for one in world.milestones())


def imposed() -> World:
    """A growth programme that appoints, on the day of its early check."""
    world = build(matching={"mode": "appointed"})
    live(world, until=open_early)
    return world


def test_each_side_is_asked_alone_some_weeks_after_the_start(sqlite) -> None:
    world = imposed()
    assert world.today >= relationships_start(settings()) + timedelta(days=21)
    asked = [one for one in world.requests() if one.form in EARLY]
    pairs = world.pairs(P.ACTIVE)
    assert len(asked) == 2 * len(pairs) == 8
    assert {d.fields["kind"] for d in world.mails("review_request")} == {"early_check"}
    before = world.snapshot()
    world.advance()
    assert world.snapshot() == before


def test_content_pairs_go_on_and_the_coordinator_is_not_asked_for_a_report(sqlite) -> None:
    world = imposed()
    world.answer(*EARLY)
    world.advance(world.today + timedelta(days=1))
    assert not world.rows(Signal)
    assert not world.mails("facilitator_review")
    assert [m.state for m in world.milestones() if m.kind == "early_check"] == ["Completed"]
    assert len(world.pairs(P.ACTIVE)) == 4


def test_wish_to_change_is_a_signal_and_leads_to_another_partner_without_blame(sqlite) -> None:
    world = imposed()
    pair = world.pairs(P.ACTIVE)[0]
    world.answer(EARLY[1], about=f"pairing:{pair.id}", rematch="yes", help=SECRET)
    world.answer(*EARLY)
    world.advance(world.today + timedelta(days=1))
    assert {(s.code, s.about) for s in world.rows(Signal)} == {("RSK-09", f"pairing:{pair.id}")}
    world.decide("review", "rematch")
    world.advance(world.today + timedelta(days=1))
    closed = world.rows(Pairing, Pairing.id == pair.id)[0]
    assert (closed.status, closed.close_reason) == (P.CLOSED, CloseReason.REMATCH)
    told = world.mails("rematch_started")
    assert len(told) == 2
    assert SECRET not in str([d.fields for d in told])
    assert [
        d.reason for d in world.rows(decision.Decision) if d.subject == f"pairing:{pair.id}" and d.phase == "review"
    ]
    again = [p for p in world.pairs() if p.round == 2]
    assert (pair.mentor_id, pair.mentee_id) not in {(p.mentor_id, p.mentee_id) for p in again}


def test_silence_ends_the_check(sqlite) -> None:
    world = imposed()
    world.advance(world.today + timedelta(days=20))
    world.decide("review", "continue")
    world.advance(world.today + timedelta(days=1))
    assert [m.finished_on for m in world.milestones() if m.kind == "early_check"] != [None]


def test_those_who_chose_each_other_are_not_asked(sqlite) -> None:
    world = build(matching={"mode": "appointed"})
    live(world, until=lambda w: bool(w.milestone("agreement").finished_on))
    ids = {one.id for one in world.pairs(P.ACTIVE)[:3]}
    with transaction() as session:
        row = programme.by_slug(session, SLUG)
        mutual = settings(matching={"mode": "mutual"}).matching
        programme.keep(session, row.rules.model_copy(update={"matching": mutual}))
        for one in ids:
            session.get_one(Pairing, one).origin = "mutual"
    live(world, until=open_early)
    asked = {int(one.about.partition(":")[2]) for one in world.requests() if one.form in EARLY}
    assert asked == {one.id for one in world.pairs(P.ACTIVE)} - ids
    assert len(asked) == 1


def test_proposed_pairs_have_no_early_check(world_at) -> None:
    world = world_at("review")
    assert not any(one.kind == "early_check" for one in world.milestones())


def test_calendar_of_a_programme_that_is_read_again_renames_what_has_not_opened(sqlite) -> None:
    world = build(matching={"mode": "appointed"})
    assert {m.round: m.kind for m in world.milestones() if m.phase == "review"} == {1: "check_in", 2: "early_check"}
    with transaction() as session:
        changed = settings(matching={"mode": "appointed"}, review={"quarterly_months": 2, "pair_months": 4})
        programme.keep(session, changed)
    assert {m.round: m.kind for m in world.milestones() if m.phase == "review"} == {
        1: "check_in",
        2: "pair_review",
        3: "early_check",
    }


# Pairs of a later round


def later(world: World) -> World:
    """A mentor has room for one more, a month after the start: who waits gets a partner in another round."""
    live(world, until=lambda w: open_early(w) and w.today > relationships_start(settings()) + timedelta(days=30))
    with transaction() as session:
        session.execute(sa.update(Participant).where(Participant.role == Role.MENTOR).values(capacity=2))
    live(world, until=lambda w: any(one.round == 2 for one in w.pairs(P.ACTIVE)))
    return world


def own_checks(world: World) -> list[programme.Milestone]:
    return [one for one in world.milestones() if one.kind == "early_check" and one.round > BY_DAY]


def early(world: World, pair: Pairing) -> list[Request]:
    return [one for one in world.requests() if one.form in EARLY and one.about == f"pairing:{pair.id}"]


def test_pair_of_a_later_round_has_its_own_check_and_each_pair_one_only(sqlite) -> None:
    world = later(build(matching={"mode": "appointed"}))
    new = next(one for one in world.pairs(P.ACTIVE) if one.round == 2)
    [check] = own_checks(world)
    assert new.accepted_on
    assert check.opens_on >= new.accepted_on + timedelta(days=21)
    with transaction() as session:  # the file is read again
        programme.keep(session, programme.by_slug(session, SLUG).rules)
    live(world, until=lambda w: bool(own_checks(w)[0].finished_on))
    every = [one for one in world.pairs() if one.active_on]
    assert {len(early(world, one)) for one in every} == {2}
    assert {one.round for one in early(world, new)} == {check.round}
    assert min(one.opened_on for one in early(world, new)) >= new.accepted_on + timedelta(days=21)
    before = world.snapshot()
    world.advance()
    assert world.snapshot() == before


def test_pairs_that_begin_about_the_same_time_share_a_check_and_a_later_one_has_another(sqlite) -> None:
    world = later(build(matching={"mode": "appointed"}))
    pair = next(one for one in world.pairs(P.ACTIVE) if one.round == 2)
    for days, number in ((-10, 1), (0, 1), (30, 2), (30, 2)):
        with transaction() as session:
            found = session.get_one(Pairing, pair.id)
            found.accepted_on = pair.accepted_on + timedelta(days=days)
            milestone = programme.milestone_of(session, found.programme_id, "agreement", 1)
            on = (world.today, milestone.opens_on, milestone.closes_on)
            plan_early_check(
                session, Stage(milestone.id, found.programme_id, SLUG, "agreement", 1, "again", *on), found
            )
        assert len(own_checks(world)) == number


@pytest.mark.parametrize(
    "changes",
    [{"matching": {"mode": "proposed"}}, {"matching": {"mode": "appointed"}, "review": {"early_check_days": None}}],
)
def test_pair_that_is_not_asked_in_the_first_round_is_not_in_a_later_one(sqlite, changes) -> None:
    world = build(**changes)
    live(world, until=finished("agreement"))
    with transaction() as session:
        session.execute(sa.update(Participant).where(Participant.role == Role.MENTOR).values(capacity=2))
    live(world, until=lambda w: any(one.round == 2 for one in w.pairs(P.ACTIVE)))
    assert not own_checks(world)
