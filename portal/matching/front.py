"""The figures and the order of the page of matching: what to look at twice comes first, the clear pairs in rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from framework.desk import Subject
from framework.pairing import OPEN
from models import decision, matching_run, pairing
from models.desk import solved
from models.desk.rounds import Round
from portal.visit import DeskVisit

GRAVEST = ("bent", "no_goal", "low", "rival")
STEP = 100  # of the score, in the picture of how good the pairs are


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What the page shows around the pairs. `spread` is how many pairs have each score, a hundred points a step."""

    mentees: int
    paired: int
    without: int
    bent: int
    twice: Sequence[Subject]
    clear: Sequence[Subject]
    spread: Sequence[int]
    idle: int
    adopted: bool
    explained: bool
    fairness: str


def front(now: Round, visit: DeskVisit, subjects: Sequence[Subject]) -> Front:
    """The page's figures for the proposals of the round."""
    left = left_over(now)
    twice = sorted((one for one in subjects if _flags(one)), key=_gravity)
    clear = sorted((one for one in subjects if not _flags(one)), key=_name)
    mentees = len(subjects) if left is None else left.mentees
    without = len(left.without) if left else 0
    return Front(
        mentees=mentees,
        paired=max(0, mentees - without),
        without=without,
        bent=sum("bent" in _flags(one) for one in subjects),
        twice=twice,
        clear=clear,
        spread=_spread(subjects),
        idle=len(left.idle) if left else 0,
        adopted=is_adopted(now),
        explained=left is not None,
        fairness=fairness(visit),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Of the newest run: how many mentees it looked at, who of them has nobody now, and mentors with nobody."""

    mentees: int
    without: Sequence[int]
    idle: Sequence[int]


def left_over(now: Round) -> Left | None:
    """Who is left over in this round, by participant id; nothing where no run was kept."""
    run = matching_run.last(now.session, now.programme_id, now.milestone.round)
    if run is None or not run.people:
        return None
    paired = [one for one in pairing.outline(now.session, now.programme_id) if one.status in OPEN]
    busy = {one.mentee_id for one in paired} | {one.mentor_id for one in paired}
    mentees, mentors = ([one["id"] for one in run.people[side]] for side in ("mentees", "mentors"))
    return Left(
        mentees=len(mentees) + len(_earlier(now, set(mentees))),
        without=[one for one in mentees if one not in busy],
        idle=[one for one in mentors if one not in busy],
    )


def _earlier(now: Round, known: set[int]) -> set[int]:
    """The mentees with a proposal of an earlier run of this round that the newest one did not look at."""
    rows = pairing.of_programme(now.session, now.programme_id, *OPEN, number=now.milestone.round)
    return {one.mentee_id for one in rows} - known


def is_adopted(now: Round) -> bool:
    """Whether other settings were chosen, and wait for the next run to match anew with them."""
    waiting = decision.of_round(now.session, now.programme_id, "matching", now.milestone.round, applied=False)
    return any(one.subject.startswith("run:") for one in waiting)


def fairness(visit: DeskVisit) -> str:
    """The address of the page on fairness."""
    return visit.page.link(f"/desk/{visit.token}/matching/fairness")


def newest(now: Round) -> solved.Solved | None:
    """The newest run of the round that proposed something, opened; nothing where none was kept."""
    run = matching_run.last(now.session, now.programme_id, now.milestone.round)
    return solved.opened(run) if run and run.people else None


def _flags(one: Subject) -> Sequence[str]:
    found = one.shown["flags"]
    return found if isinstance(found, list) else []


def _gravity(one: Subject) -> tuple[int, int, str]:
    return min(GRAVEST.index(flag) for flag in _flags(one)), int(str(one.shown["score"])), one.id


def _name(one: Subject) -> tuple[str, str]:
    mentee = one.shown["mentee"]
    return (str(mentee["name"]) if isinstance(mentee, Mapping) else ""), one.id


def _spread(subjects: Sequence[Subject]) -> list[int]:
    steps = [min(int(str(one.shown["score"])) // STEP, 9) for one in subjects]
    return [steps.count(step) for step in range(10)]
