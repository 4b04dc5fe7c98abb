"""Retention: what was kept long enough is emptied, a programme that runs does not notice, and figures stay."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from framework.retention import Kind
from models import fairness, programme, tally
from models.base import dry_run, transaction
from models.certificate import Certificate
from models.delivery import Delivery
from models.event import Event
from models.pairing import Pairing
from models.participant import Participant
from models.response import Response
from tasks.keeping import let_go, over, programmes_kept
from tests.tasks.test_erasing import ended, every_figure, everything, opened, posted  # noqa: F401 - a fixture
from tests.world import SECRET, SLUG, START, World, live, settings, willing

pytestmark = pytest.mark.slow
LATER = date(2040, 1, 1)
REFLECTIONS = ("meeting_log", "meeting_preparation", "mentor_reflection")


def left(world: World, *forms: str) -> int:
    """How many answers to these forms still stand."""
    return len(world.rows(Response, Response.form.in_(forms), Response.emptied_on.is_(None)))


def test_nothing_goes_before_its_time(world_at: Callable[..., World]) -> None:
    world = world_at("training")
    posted()
    before = everything()
    assert over(SLUG, START + timedelta(days=60)) == dict.fromkeys(Kind, 0)
    assert everything() == before
    assert world.rows(Event, Event.action == "let_go") == []


def test_mails_lose_their_words_after_their_days_and_what_waits_keeps_them(world_at: Callable[..., World]) -> None:
    world = world_at("review")
    posted()
    with transaction() as session:
        session.execute(sa.update(Delivery).values(sent_on=START))
        waiting = session.scalars(sa.select(Delivery).order_by(Delivery.id)).first()
        assert waiting is not None
        waiting.state = "held"
    assert over(SLUG, START + timedelta(days=89))[Kind.MAILS] == 0
    assert over(SLUG, START + timedelta(days=90))[Kind.MAILS] > 50
    open_ = {one.id for one in world.requests() if one.status == "open"}
    whole = world.rows(Delivery, Delivery.sealed != "")
    assert {one.id for one in whole if one.request_id not in open_} == {waiting.id}
    assert {one.request_id for one in whole} >= open_ != set()


def test_dry_run_counts_and_changes_nothing(ended: World) -> None:  # noqa: F811
    before = everything()
    with dry_run():
        assert all(number for kind, number in over(SLUG, LATER).items() if kind not in {Kind.DRAFTS, Kind.REFUSED})
    assert everything() == before


def test_figures_stay_when_all_has_gone(ended: World) -> None:  # noqa: F811
    before = json.dumps(every_figure(), default=str)
    assert SECRET in opened(), "the control"
    found = over(SLUG, LATER)
    assert found[Kind.ANSWERS] > 20
    assert json.dumps(every_figure(), default=str) == before
    assert SECRET not in opened()
    assert over(SLUG, LATER) == dict.fromkeys(Kind, 0), "what was let go is not found again"
    assert {one.number[:7] for one in ended.rows(Certificate)} == {"erased-"}
    assert {json.dumps(one.reasons) for one in ended.rows(Pairing)} == {"{}"}
    assert {one.sealed for one in ended.rows(Participant)} == {""}
    assert ended.rows(Response, Response.emptied_on.is_(None)) == []
    [told] = ended.rows(Event, Event.action == "let_go")
    assert set(told.detail) <= {kind.value for kind in Kind}


def test_each_class_goes_in_its_own_time(ended: World) -> None:  # noqa: F811
    closed = max(one.closed_on for one in ended.pairs() if one.closed_on)
    with transaction() as session:
        changes = {"reflections_months": 2, "answers_months": 4, "agreements_months": 8, "certificates_months": 9}
        programme.keep(session, settings(retention=changes))
    assert left(ended, *REFLECTIONS)
    over(SLUG, closed + timedelta(days=50))
    assert left(ended, *REFLECTIONS)
    over(SLUG, closed + timedelta(days=64))
    assert left(ended, *REFLECTIONS) == 0
    assert left(ended, "check_in_mentee")
    over(SLUG, closed + timedelta(days=124))
    assert left(ended, "check_in_mentee") == 0
    assert left(ended, "mentee_application") == 0
    assert left(ended, "growth_contract")
    over(SLUG, closed + timedelta(days=250))
    assert left(ended, "growth_contract") == 0
    assert all(not one.number.startswith("erased") for one in ended.rows(Certificate))


@pytest.mark.long
def test_programme_that_runs_does_not_notice(world_at: Callable[..., World], ended: World) -> None:  # noqa: F811
    whole = json.dumps(every_figure(), default=str)
    world = world_at("matching")

    def behave(one: World) -> None:
        over(SLUG, one.today)
        willing(one)

    live(world, behave)
    posted()
    assert world.today == ended.today
    assert json.dumps(every_figure(), default=str) == whole


def test_steps_give_counts_alone(world_at: Callable[..., World]) -> None:
    world_at("review")
    assert programmes_kept.fn() == [SLUG]
    assert set(let_go.fn(SLUG, START)) == {kind.value for kind in Kind}


def test_tally_deals_out_what_was_given(ended: World) -> None:  # noqa: F811
    with transaction() as session:
        where = programme.by_slug(session, SLUG).id
        before = tally.given(session, where, "check_in_mentee")
        for one in session.scalars(sa.select(Response).where(Response.form == "check_in_mentee")).unique():
            assert tally.empty(session, one, ended.today)
            assert not tally.empty(session, one, ended.today)
        after = tally.given(session, where, "check_in_mentee")
    assert len(after) == len(before) > 3
    assert sorted(one["satisfied"] for one in after) == sorted(one["satisfied"] for one in before)
    assert {name for one in after for name in one} == {"satisfied"}


def test_fairness_is_kept_until_there_is_more_to_count(ended: World) -> None:  # noqa: F811
    with transaction() as session:
        where = programme.by_slug(session, SLUG).id
        before = fairness.sides(session, where, 1)
        fairness.freeze(session, where, 1)
        assert fairness.sides(session, where, 1) == before
        for run in session.scalars(sa.select(fairness.MatchingRun)):
            run.trial = True
        session.flush()
        assert fairness.sides(session, where, 1) != before
