"""A yes outside the desk: for exactly what was shown, by who carries the programme, once; and the desk is as good."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from framework import desk
from framework.desk import Verdict
from models import decision, installation, pairing, programme
from models.base import transaction
from models.decision import Decision
from models.desk import rulings, shown
from models.desk.rulings import Door
from models.event import Event
from models.settings import settings
from tasks import approval
from tasks.approval import Outcome
from tests.portal import stage as stages
from tests.portal.stage import TODAY, Stage

SLUG, RUN = "growth", "5e1f1f9c-0000-4000-8000-000000000001"
PAIRS = (("tom", "zoe"), ("jan", "zoe"), ("jan", "tom"))


@pytest.fixture
def room(database: str, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Two proposed pairs that wait for amira, whose staff number is `amira`; both may be approved in Prefect's pages."""
    monkeypatch.setenv("BAKEN_UI_APPROVALS", "matching, readiness")
    made = stages.build()
    made.open("matching")
    for mentor, mentee in PAIRS[:2]:
        made.pair(mentor, mentee)
    return made


def lay_out(phase: str = "matching", run: str = RUN):
    return approval.lay_out.fn(SLUG, phase, run)


def word(given, *, yes: bool = True, staff_number: str = "amira") -> Outcome:
    return approval.take_word.fn(given, yes=yes, staff_number=staff_number)


def made() -> list[tuple[str, str, int, str]]:
    """What was decided: subject, choice, by whom, for which digest."""
    with transaction() as session:
        rows = session.scalars(sa.select(Decision).order_by(Decision.subject)).all()
        return [(one.subject, one.choice, one.decided_by, one.digest) for one in rows]


def trail(action: str) -> list[tuple[str, str]]:
    with transaction() as session:
        rows = session.scalars(sa.select(Event).where(Event.action == action).order_by(Event.id)).all()
        return [(one.actor, one.about) for one in rows]


def on_desk(room: Stage, choices: dict[str, str]) -> int:
    """The coordinator decides on the desk, by the rows that the desk writes."""
    with transaction() as session:
        milestone = programme.milestone_of(session, room.programme, "matching", 1)
        verdicts = [Verdict(name, choice, "not these two", "0" * 64) for name, choice in choices.items()]
        who = room.people["amira"]
        return rulings.record(session, milestone, verdicts, Door(who, f"person:{who}", TODAY))


def change(subject: str) -> None:
    """Something that the desk shows of a pair is another now."""
    with transaction() as session:
        session.get_one(pairing.Pairing, int(subject.removeprefix("pairing:"))).score = 321


def test_yes_is_recorded_as_the_desk_records_it_and_once(room: Stage) -> None:
    given = lay_out()
    assert (given.open, given.reach) == (2, 2)
    assert word(given) == Outcome("Approved", {"approved": 2, "left": 0})
    first = made()
    with transaction() as session:
        row = session.get_one(programme.Programme, room.programme)
        listed = approval.laid(session, row, "matching").subjects
    assert first == [(one.id, "approve", room.people["amira"], one.digest()) for one in listed]
    assert trail("decided") == [("prefect-ui", one.id) for one in listed]
    assert word(given) == Outcome("Approved", {"approved": 2, "left": 0})
    assert lay_out() == Outcome("Approved", {"approved": 2, "left": 0})
    assert made() == first
    assert len(trail("answered")) == 1


def test_what_a_run_showed_first_counts_when_it_is_run_again(room: Stage) -> None:
    given = lay_out()
    room.pair("jan", "tom")
    assert lay_out() == given
    assert len(trail("shown")) == 1
    assert lay_out(run=RUN[:-1] + "2").digest != given.digest


@pytest.mark.parametrize("other", ["score", "one more"])
def test_changed_proposal_is_refused_and_nothing_recorded(room: Stage, other: str) -> None:
    given = lay_out()
    change("pairing:1") if other == "score" else room.pair("jan", "tom")
    assert word(given).word == "Changed-Meanwhile"
    assert made() == []
    assert word(lay_out(run=RUN[:-1] + "2")).word == "Approved"  # the control: looked at again, it holds


@pytest.mark.parametrize("number", ["zoe", "", " ", "0", "amira@example.org"])
def test_only_who_carries_the_programme_can_decide(room: Stage, number: str) -> None:
    assert word(lay_out(), staff_number=number).word == "Unknown-Number"
    assert made() == []


def test_no_leaves_it_for_the_desk(room: Stage) -> None:
    assert word(lay_out(), yes=False) == Outcome("Left-To-The-Desk", {"left": 2})
    assert made() == []


def test_what_the_desk_decided_first_stands(room: Stage) -> None:
    given = lay_out()
    assert on_desk(room, {"pairing:1": "strike"}) == 1
    assert word(given) == Outcome("Approved", {"approved": 1, "left": 0})
    assert [(subject, choice) for subject, choice, *_ in made()] == [("pairing:1", "strike"), ("pairing:2", "approve")]


def test_all_decided_on_the_desk_ends_the_question(room: Stage) -> None:
    given = lay_out()
    assert approval.passed_approvals.fn(SLUG, TODAY) == {}
    on_desk(room, {"pairing:1": "strike", "pairing:2": "approve"})
    assert approval.passed_approvals.fn(SLUG, TODAY) == {RUN: "Decided-Elsewhere"}
    assert word(given).word == "Decided-Elsewhere"
    assert approval.passed_approvals.fn(SLUG, TODAY) == {}
    assert len(made()) == 2


def test_readiness_decided_otherwise_on_the_desk_stands(room: Stage) -> None:
    room.open("readiness", counts={"needs": [], "recommend": {"go": 2}, "asked": 2, "answered": 2})
    given = lay_out("readiness")
    with transaction() as session:
        milestone = programme.milestone_of(session, room.programme, "readiness", 1)
        who = room.people["amira"]
        rulings.record(
            session, milestone, [Verdict("readiness", "not_needed", "no", "0" * 64)], Door(who, f"person:{who}", TODAY)
        )
    assert word(given).word == "Decided-Elsewhere"
    assert [choice for _, choice, *_ in made()] == ["not_needed"]


def test_readiness_is_a_go(room: Stage) -> None:
    room.open("readiness", counts={"needs": [], "recommend": {"go": 2}, "asked": 2, "answered": 2})
    assert word(lay_out("readiness")).word == "Approved"
    assert [(subject, choice) for subject, choice, *_ in made()] == [("readiness", "go")]


def test_pair_that_bends_a_rule_needs_a_reason_and_is_not_reached(room: Stage) -> None:
    with transaction() as session:
        session.get_one(pairing.Pairing, 2).relaxed = ["site"]
    given = lay_out()
    assert (given.open, given.reach) == (2, 1)
    assert word(given) == Outcome("Approved", {"approved": 1, "left": 1})
    assert [subject for subject, *_ in made()] == ["pairing:1"]
    assert lay_out(run=RUN[:-1] + "2") == Outcome("Needs-Reasons")


def test_approvals_here_are_off_unless_named(room: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    given = lay_out()
    monkeypatch.setenv("BAKEN_UI_APPROVALS", "readiness")
    assert lay_out(run=RUN[:-1] + "2") == Outcome("Desk-Only")
    assert word(given).word == "Desk-Only"
    monkeypatch.delenv("BAKEN_UI_APPROVALS")
    assert settings().approved_in_ui == frozenset()
    assert approval.wanted_approvals.fn(SLUG) == {}
    assert made() == []


@pytest.mark.parametrize("named", ["review", "matching,review", "Matching"])
def test_review_cannot_be_named_for_a_signal_asks_for_a_look(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAKEN_UI_APPROVALS", named)
    with pytest.raises(ValidationError, match="as a whole"):
        settings()
    assert "review" not in desk.AS_A_WHOLE


def test_nothing_is_shown_where_nothing_can_be_decided(room: Stage) -> None:
    assert approval.lay_out.fn("nowhere", "matching", RUN) == Outcome("Unknown-Programme")
    assert lay_out("readiness") == Outcome("Nothing-To-Decide")
    room.open("matching", state="Awaiting-Wishes")
    assert lay_out() == Outcome("Not-Yet")
    assert trail("shown") == []


def test_question_that_nobody_answered_lapses_and_the_desk_still_waits(room: Stage) -> None:
    given = lay_out()
    with transaction() as session:
        day = given.since.toordinal() + approval.LAPSES_AFTER
        later = given.since.fromordinal(day)
        installation.move_to(session, later)
    assert approval.passed_approvals.fn(SLUG, later.fromordinal(day - 1)) == {}
    assert approval.passed_approvals.fn(SLUG, later) == {RUN: "Lapsed"}
    assert approval.settle_approval.fn(RUN, "Lapsed") == "Lapsed"
    assert word(given) == Outcome("Lapsed")
    assert made() == []


def test_one_run_is_wanted_for_what_lies_there_and_none_beside_it(room: Stage) -> None:
    wanted = approval.wanted_approvals.fn(SLUG)
    assert list(wanted) == ["matching"]
    assert approval.wanted_approvals.fn(SLUG) == wanted
    lay_out()
    assert approval.wanted_approvals.fn(SLUG) == {}
    room.pair("jan", "tom")
    fresh = approval.wanted_approvals.fn(SLUG)
    assert list(fresh) == ["matching"]
    assert fresh != wanted


def test_trail_of_an_approval_names_nobody(room: Stage) -> None:
    word(lay_out())
    with transaction() as session:
        rows = session.scalars(sa.select(Event).where(Event.actor == shown.DOOR)).all()
        told = " ".join(f"{one.about} {one.detail}" for one in rows)
    assert "decided" in {one.action for one in rows}
    assert not [name for name in ("amira", "tom", "Peeters", "example.org") if name in told.lower()]


@pytest.mark.parametrize("attempt", range(3))
def test_desk_and_prefect_at_once_decide_each_pair_once(room: Stage, attempt: int) -> None:
    given = lay_out()
    gate = Barrier(4)

    def begin(act):
        gate.wait(30)
        return act()

    struck = {"pairing:1": "strike", "pairing:2": "strike"}
    run = RUN[:-1] + "9"
    acts = [
        lambda: word(given).numbers.get("approved", 0),
        lambda: word(replace(given, run=run)).numbers.get("approved", 0),
        lambda: on_desk(room, struck),
        lambda: on_desk(room, struck),
    ]
    with ThreadPoolExecutor(4) as pool:
        counted = [one.result(60) for one in [pool.submit(begin, act) for act in acts]]
    assert sum(counted) == 2
    assert [subject for subject, *_ in made()] == ["pairing:1", "pairing:2"]
    assert sorted(about for _, about in trail("decided")) == ["pairing:1", "pairing:2"]
    with transaction() as session:
        assert len(decision.of_round(session, room.programme, "matching", 1)) == 2
