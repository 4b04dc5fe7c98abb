"""How a pair is, at a glance: every line on its own side, and what was looked at weighs less."""

from datetime import date, timedelta

import pytest

from framework.health import Health, Met, Pulse, measured, rhythm, standing
from framework.meetings import MeetingStatus as M
from framework.signals import GRAVE, THRESHOLDS, WATCH

TODAY = date(2027, 4, 20)


def met(*days: tuple[int, M]) -> list[Met]:
    """Meetings by how many days ago they were planned."""
    return [Met(TODAY - timedelta(days=ago), how) for ago, how in days]


def pulse(**changes: object) -> Pulse:
    """A pair that is well, but for what is said."""
    fine: dict[str, object] = {
        "today": TODAY,
        "begun_on": TODAY - timedelta(days=60),
        "agreed": True,
        "every_days": 28,
        "meetings": met((36, M.HELD), (8, M.HELD), (-20, M.PLANNED)),
        "satisfied": (4, 5),
        "asked": True,
    }
    return Pulse(**(fine | changes))  # type: ignore[arg-type]


def test_a_pair_without_a_finding_is_well() -> None:
    assert standing(pulse()).health is Health.WELL
    assert standing(pulse()).findings == ()


@pytest.mark.parametrize(
    ("changes", "measure"),
    [
        ({"satisfied": (3, 4)}, "satisfied_least"),
        ({"satisfied": (2, 4)}, "satisfied_gap"),
        ({"satisfied": (4,)}, "silent"),
        ({"escalated": 1}, "escalated"),
        ({"agreed": False, "begun_on": TODAY - timedelta(days=22)}, "unsigned_days"),
        ({"meetings": met((36, M.HELD), (8, M.MISSED))}, "missed"),
        ({"meetings": met((36, M.HELD), (8, M.UNCONFIRMED))}, "missed"),
        ({"meetings": met((85, M.HELD), (57, M.HELD), (-20, M.PLANNED))}, "rhythms"),
    ],
)
def test_each_line_of_watch_makes_a_pair_worth_a_look(changes: dict[str, object], measure: str) -> None:
    found = standing(pulse(**changes))
    assert found.health is Health.LOOK
    assert measure in {one.measure for one in found.findings}


@pytest.mark.parametrize(
    "changes",
    [
        {"signals": ("RSK-09",)},
        {"agreed": False, "begun_on": TODAY - timedelta(days=43)},
        {"meetings": met((113, M.HELD), (85, M.HELD), (-20, M.PLANNED))},
    ],
)
def test_a_signal_and_each_line_of_grave_need_the_coordinator(changes: dict[str, object]) -> None:
    assert standing(pulse(**changes)).health is Health.NEEDS


@pytest.mark.parametrize(
    "changes",
    [
        {"satisfied": (4, 5)},
        {"satisfied": (4, 4)},
        {"agreed": False, "begun_on": TODAY - timedelta(days=21)},
        {"meetings": met((64, M.HELD), (36, M.HELD), (-20, M.PLANNED))},
        {"meetings": met((92, M.HELD), (64, M.MISSED), (36, M.HELD), (8, M.HELD))},
        {"satisfied": (), "asked": False},
        {"meetings": []},
    ],
)
def test_just_inside_a_line_is_well(changes: dict[str, object]) -> None:
    assert standing(pulse(**changes)).health is Health.WELL


def test_what_was_settled_is_worth_a_look_at_most() -> None:
    """The answers behind a settled signal are still there: somebody has looked, and it does not cry any more."""
    bad = {"satisfied": (1, 5), "meetings": met((36, M.HELD), (22, M.MISSED), (8, M.MISSED))}
    assert standing(pulse(**bad, signals=("RSK-09",))).health is Health.NEEDS
    assert standing(pulse(**bad)).health is Health.LOOK


def test_one_measure_is_told_once_and_the_grave_line_first() -> None:
    found = standing(pulse(agreed=False, begun_on=TODAY - timedelta(days=50), satisfied=(3, 3)))
    assert [one.measure for one in found.findings] == ["unsigned_days", "satisfied_least"]


def test_a_pair_has_its_own_rhythm() -> None:
    weekly = met((22, M.HELD), (15, M.HELD), (8, M.PLANNED))
    assert rhythm(pulse(meetings=weekly)) == 7
    assert measured(pulse(meetings=weekly))["rhythms"] == 2
    assert rhythm(pulse(meetings=met((8, M.HELD)))) == 28


def test_silence_before_the_first_meeting_counts_from_a_rhythm_before_it() -> None:
    waiting = met((30, M.PLANNED), (2, M.PLANNED))
    assert measured(pulse(meetings=waiting))["rhythms"] == 2
    assert measured(pulse(meetings=met((-5, M.PLANNED), (-33, M.PLANNED))))["rhythms"] == 0


def test_the_lines_speak_of_known_risks_and_leave_the_signals_their_own() -> None:
    for line in (*WATCH, *GRAVE):
        assert line.code.startswith("RSK-")
        assert line.says
    limits = {(line.code, line.measure): line.limit for line in THRESHOLDS}
    for line in WATCH:
        raised = limits.get((line.code, line.measure))
        assert raised is None or (line.limit >= raised if line.side == "below" else line.limit <= raised)
