"""Every pair at a glance, in a few statements however many there are: the health of each and what it rests on."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from framework.agreement import AgreementStatus
from framework.content import FORMS
from framework.content.review import FORM_OF
from framework.health import Health, Met, Pulse, Standing, last_met, standing
from framework.meetings import MeetingStatus
from framework.pairing import PairingStatus
from framework.people import Role
from framework.visibility import readable
from models import glance, response, signal
from models.glance import Couple, Open
from models.response import Given
from portal.running.phrases import ENDED
from portal.visit import DeskVisit

REVIEWED = tuple(dict.fromkeys(FORM_OF.values()))
ORDER = (Health.NEEDS, Health.LOOK, Health.WELL, ENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What the last review says, as far as a coordinator may read it: the day, and how content each is, of 5."""

    on: date | None = None
    mentor: int | None = None
    mentee: int | None = None

    @property
    def gap(self) -> int:
        """How far the two are apart."""
        return abs(self.mentor - self.mentee) if self.mentor and self.mentee else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One pair: the two, its health and why, its meetings, its last review, and what is open."""

    pair: Couple
    state: str
    standing: Standing
    met: Sequence[Met]
    held: int
    planned: int
    last_on: date | None
    review: Sides
    questions: Sequence[Open]
    signals: Sequence[signal.Signal]

    @property
    def since(self) -> date | None:
        """The first day of the two together."""
        return self.pair.active_on or self.pair.accepted_on


def lines(session: Session, visit: DeskVisit, only: int | None = None) -> list[Line]:
    """Every pair of the programme that came about, or only that one; the one that needs somebody most comes first."""
    own = visit.link.programme_id
    met, belongs = glance.meetings(session, own)
    asked = _by_pair(glance.open_questions(session, own), belongs)
    signals: dict[str, list[signal.Signal]] = {}
    for one in signal.of_programme(session, own):
        if one.settled_on is None:
            signals.setdefault(one.about, []).append(one)
    reviews: dict[str, list[Given]] = {}
    for given in response.latest(session, own, REVIEWED, about=f"pairing:{only}" if only else None):
        reviews.setdefault(given.about, []).append(given)
    found = [
        _line(
            visit,
            pair,
            met.get(pair.id, []),
            asked.get(pair.id, []),
            signals.get(f"pairing:{pair.id}", []),
            reviews.get(f"pairing:{pair.id}", []),
        )
        for pair in glance.couples(session, own)
        if only in {None, pair.id}
    ]
    return sorted(found, key=_urgency)


def _urgency(line: Line) -> tuple[int, int, int, str]:
    return ORDER.index(line.state), -len(line.signals), -len(line.standing.findings), line.pair.mentee.casefold()


def _by_pair(asked: Sequence[Open], belongs: Mapping[int, int]) -> dict[int, list[Open]]:
    """The open questions about each pair, and about its meetings."""
    found: dict[int, list[Open]] = {}
    for one in asked:
        kind, _, number = one.about.partition(":")
        pair = int(number) if kind == "pairing" else belongs.get(int(number)) if kind == "meeting" else None
        if pair is not None:
            found.setdefault(pair, []).append(one)
    return found


def _line(
    visit: DeskVisit,
    pair: Couple,
    met: Sequence[Met],
    asked: Sequence[Open],
    signals: Sequence[signal.Signal],
    given: Sequence[Given],
) -> Line:
    review, answered = _sides(visit, pair, given)
    ended = pair.status == PairingStatus.CLOSED
    pulse = Pulse(
        today=visit.today,
        begun_on=pair.accepted_on,
        agreed=pair.agreement == AgreementStatus.ACTIVE or pair.status == PairingStatus.ACTIVE,
        every_days=visit.programme.meetings.every_days,
        meetings=met,
        satisfied=[value for value in (review.mentor, review.mentee) if value],
        asked=bool(answered) and not any(one.form in REVIEWED for one in asked),
        escalated=sum(one.escalated_on is not None for one in asked),
        signals=[one.code for one in signals],
    )
    how = Standing(Health.WELL) if ended else standing(pulse)
    return Line(
        pair=pair,
        state=ENDED if ended else how.health,
        standing=how,
        met=met,
        held=sum(one.status == MeetingStatus.HELD for one in met),
        planned=len(met),
        last_on=last_met(met),
        review=review,
        questions=asked,
        signals=signals,
    )


def _sides(visit: DeskVisit, pair: Couple, given: Sequence[Given]) -> tuple[Sides, int]:
    """How content each of the two said to be in the last round; and how many answered it."""
    if not given:
        return Sides(), 0
    newest = max(given, key=lambda one: (one.answered_on, one.round))
    last = [one for one in given if one.round == newest.round]
    said: dict[int, int] = {}
    for one in last:
        value = readable(FORMS[one.form], one.answers, Role.COORDINATOR, visit.programme.track).get("satisfied")
        if isinstance(value, int):
            said[one.person_id] = value
    told = Sides(on=newest.answered_on, mentor=said.get(pair.mentor_id), mentee=said.get(pair.mentee_id))
    return told, len(last)


def counts(found: Sequence[Line]) -> Counter[str]:
    """How many pairs stand where."""
    return Counter(str(line.state) for line in found)
