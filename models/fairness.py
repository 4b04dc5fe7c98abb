"""Who was looked at in a round of matching, in which groups, and with what result: counted by `framework` (LEG-23)."""

from contextlib import suppress
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from framework.matching.fairness import WAYS, Count, Seat, Side, Table, Verdict, report
from framework.matching.record import restored
from framework.matching.settings import Matching
from framework.people import Role
from models import frozen, matching_run
from models.matching_run import MatchingRun
from models.participant import Participant

NAME = "fairness"


def sides(session: Session, programme_id: int, number: int) -> tuple[Side, ...]:
    """The report of a round: as it was kept when somebody in it was erased, else as the records say now."""
    kept = frozen.of(session, programme_id, NAME, number, _basis(session, programme_id, number))
    return _thawed(kept) if kept else report(seats(session, programme_id, number))


def freeze(session: Session, programme_id: int, number: int) -> None:
    """Keep the report of a round as it is: somebody in it is about to be erased, or what its runs saw is dropped.

    Of a run that nobody can read any more there is no report to keep; nobody stays for its sake.
    """
    basis = _basis(session, programme_id, number)
    with suppress(KeyError, TypeError, ValueError):
        frozen.keep(session, programme_id, NAME, number, basis, lambda: _kept(session, programme_id, number))


def _kept(session: Session, programme_id: int, number: int) -> dict[str, Any]:
    return {"sides": [asdict(side) for side in report(seats(session, programme_id, number))]}


def _basis(session: Session, programme_id: int, number: int) -> int:
    return sum(not run.trial for run in matching_run.of_round(session, programme_id, number))


def _thawed(kept: dict[str, Any]) -> tuple[Side, ...]:
    return tuple(
        Side(
            Role(side["role"]),
            _count(side["whole"]),
            tuple(Table(one["way"], tuple(_counts(one["counts"])), _count(one["rest"])) for one in side["tables"]),
        )
        for side in kept["sides"]
    )


def _counts(rows: list[dict[str, Any]]) -> list[Count]:
    return [found for row in rows if (found := _count(row))]


def _count(row: dict[str, Any] | None) -> Count | None:
    if row is None:
        return None
    verdict = row["verdict"]
    return Count(**row | {"verdict": Verdict(verdict) if verdict else None})


def seats(session: Session, programme_id: int, number: int) -> list[Seat]:
    """Everybody in the round's runs, trials left out; who was matched anew counts with the last result.

    Groups are as the records hold them today; who is in them no more is not counted. Gender is left out where nobody
    has one.
    """
    runs = [run for run in matching_run.of_round(session, programme_id, number) if not run.trial]
    waited, scores, mentors = _results(runs)
    wanted = sa.select(Participant).where(Participant.id.in_(waited.keys() | mentors.keys()))
    rows = {one.id: one for one in session.scalars(wanted)}
    ways = [way for way in WAYS if way != "gender" or any(one.person.gender for one in rows.values())]
    return [
        Seat(
            role=role,
            groups={way: _group(one, way) for way in ways},
            score=round(sum(held) / len(held)) if (held := of[number]) else None,
            waited=waited.get(number, 0) if role is Role.MENTEE else 0,
        )
        for role, of in ((Role.MENTEE, scores), (Role.MENTOR, mentors))
        for number in of
        if (one := rows.get(number))
    ]


def _results(runs: list[MatchingRun]) -> tuple[dict[int, int], dict[int, list[int]], dict[int, list[int]]]:
    """Days waited and scores of each mentee, and scores of each mentor: ids of participants."""
    waited: dict[int, int] = {}
    pairs: list[tuple[int, int, int]] = []
    mentors: set[int] = set()
    for run in runs:
        held = restored(run.people, Matching.model_validate(run.settings))
        anew = {one.id: one.waited for one in held.mentees}
        mentors |= {one.id for one in held.mentors}
        waited |= anew
        pairs = [pair for pair in pairs if anew.keys().isdisjoint(pair[:2])]
        pairs += [(int(one), int(other), int(score)) for one, other, score, *_ in run.result.get("pairs", ())]
    scores: dict[int, list[int]] = {one: [] for one in (*waited, *sorted(mentors))}
    for *both, score in pairs:
        for one in both:
            scores.setdefault(one, []).append(score)
    return waited, {one: scores[one] for one in waited}, {one: scores[one] for one in mentors - waited.keys()}


def _group(one: Participant, way: str) -> str:
    """A group by its name in the records; a rank that is not known has none."""
    return str(getattr(one.person, way) or "")
