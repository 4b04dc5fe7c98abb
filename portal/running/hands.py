"""What may be done by hand, as subjects of decisions, and the one way in which such a word is taken (house idea 8).

A word is recorded once, for exactly what was shown; `tasks/by_hand.py` carries it out. Until then nothing else can be
decided about the same subject. The same word twice is one word; a second coordinator is shown what the first one did.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from framework import by_hand, desk
from framework.by_hand import PHASE
from framework.content import FORMS
from framework.desk import Choice, Subject
from framework.meetings import MeetingStatus
from framework.pairing import OPEN, PairingStatus
from framework.participation import ParticipantStatus
from framework.reading import Typed
from framework.requests import RequestStatus
from models import agreement, decision, event, glance, meeting, signal
from models.decision import Decision
from models.pairing import Pairing
from models.participant import Participant
from models.request import Request
from models.signal import Signal
from portal.visit import DeskVisit

SUBJECT = re.compile(r"(pairing|participant|signal|request):([1-9][0-9]{0,8})", re.ASCII)
Books = Mapping[str, Sequence[Decision]]
Row = TypeVar("Row", Pairing, Participant, Signal, Request)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """What may be done about one thing, what was done, and what is recorded and still to be carried out."""

    subject: Subject
    before: Sequence[Decision] = ()

    @property
    def pending(self) -> Decision | None:
        """The word that is recorded and waits for the next run."""
        return next((one for one in self.before if not one.applied), None)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What may be done now."""
        return self.subject.choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How a word was taken: `problem` is a phrase about what is missing; `stale` that what was shown has changed."""

    subject: str
    choice: str = ""
    reason: str = ""
    problem: str = ""
    stale: bool = False


def books(session: Session, visit: DeskVisit) -> dict[str, list[Decision]]:
    """All that was decided by hand in this programme, by subject, in the order taken."""
    found: dict[str, list[Decision]] = {}
    for one in decision.of_phase(session, visit.link.programme_id, PHASE):
        found.setdefault(one.subject, []).append(one)
    return found


def _hand(name: str, choices: tuple[Choice, ...], shown: Mapping[str, object], made: Books) -> Hand:
    before = made.get(name, [])
    if any(not one.applied for one in before):
        choices = ()
    return Hand(subject=Subject(id=name, choices=choices, shown={**shown, "turn": len(before)}), before=before)


def on_pair(session: Session, pair: Pairing, made: Books) -> Hand:
    """What may be done about a pair; it rests on where the pair, its agreement, meetings and signals stand."""
    name, agreed = f"pairing:{pair.id}", agreement.of_pairing(session, pair.id)
    every = signal.of_programme(session, pair.programme_id)
    signals = [one.id for one in every if one.about == name and one.settled_on is None]
    shown = {
        "mentor": pair.mentor.person.value().name,
        "mentee": pair.mentee.person.value().name,
        "status": str(pair.status),
        "agreement": str(agreed.status) if agreed else "",
        "held": sum(one.status == MeetingStatus.HELD for one in meeting.of_pairing(session, pair.id)),
        "signals": signals,
    }
    return _hand(name, by_hand.of_pair(PairingStatus(pair.status)), shown, made)


def on_participant(session: Session, one: Participant, made: Books) -> Hand:
    """What may be done about somebody's part; it rests on the part and on the pairs that hang on it."""
    shown = {
        "name": one.person.value().name,
        "role": str(one.role),
        "status": str(one.status),
        "pairs": [pair.id for pair in glance.pairs_of(session, [one.id]) if pair.status in OPEN],
    }
    return _hand(f"participant:{one.id}", by_hand.of_participant(ParticipantStatus(one.status)), shown, made)


def on_signal(one: Signal, made: Books) -> Hand:
    """A signal may be settled once somebody has looked."""
    shown = {"code": one.code, "about": one.about, "numbers": dict(sorted(one.numbers.items()))}
    choices = () if one.settled_on else (by_hand.SETTLE,)
    return _hand(f"signal:{one.id}", choices, shown | {"raised_on": one.raised_on.isoformat()}, made)


def on_request(one: Request, made: Books) -> Hand:
    """What may be done about a question; nothing about one that is answered on the desk itself."""
    shown = {
        "person": one.person_id,
        "form": one.form,
        "status": str(one.status),
        "due_on": one.due_on.isoformat(),
        "version": one.link.version,
    }
    form = FORMS.get(one.form)
    own = one.link.purpose == "form" and form is not None and bool(form.sections)
    return _hand(f"request:{one.id}", by_hand.of_request(RequestStatus(one.status)) if own else (), shown, made)


def find(session: Session, visit: DeskVisit, name: str, made: Books) -> Hand:
    """The subject of that name as it stands now. Raises HTTPException 404 where this programme has none."""
    found = SUBJECT.fullmatch(name)
    if found is None:
        raise HTTPException(404)
    kind, number = found[1], int(found[2])
    if kind == "pairing":
        return on_pair(session, own(session, visit, Pairing, number), made)
    if kind == "participant":
        return on_participant(session, own(session, visit, Participant, number), made)
    if kind == "signal":
        return on_signal(own(session, visit, Signal, number), made)
    return on_request(own(session, visit, Request, number), made)


def own(session: Session, visit: DeskVisit, kind: type[Row], number: int) -> Row:
    """A row of this desk's programme. Raises HTTPException 404 for any other."""
    row = session.get(kind, number)
    if row is None or row.programme_id != visit.link.programme_id:
        raise HTTPException(404)
    return row


def take(session: Session, visit: DeskVisit, typed: Typed, back: str, page: Callable[[Taken], Response]) -> Response:
    """Record the word that was sent and go back to the page; or give the page with what stands in the way."""
    names = [field.removesuffix(".digest") for field in typed if field.endswith(".digest")]
    if len(names) != 1:
        raise HTTPException(400)
    taken = _record(session, visit, names[0], typed)
    if taken.problem or taken.stale:
        return page(taken)
    return RedirectResponse(visit.page.link(f"/desk/{visit.token}{back}", done=taken.choice), 303)


def _record(session: Session, visit: DeskVisit, name: str, typed: Typed) -> Taken:
    made = books(session, visit)
    hand = find(session, visit, name, made)
    reason = (typed.get(f"{name}.reason") or [""])[-1]
    choice, digest = (typed.get(name) or [""])[-1].strip(), typed[f"{name}.digest"][-1].strip()
    if _known(hand.before, choice, digest):
        return Taken(subject=name, choice=choice)
    if digest != hand.subject.digest() or not hand.choices:
        return Taken(subject=name, choice=choice, reason=reason, stale=True)
    if not choice:
        return Taken(subject=name, reason=reason, problem="Choose one of the answers.")
    ruling = desk.read(PHASE, [hand.subject], typed, {})
    if ruling.problems:
        return Taken(subject=name, choice=choice, reason=reason, problem=ruling.problems[0].text)
    who, asks = visit.link.person_id, next(one.reason for one in hand.choices if one.id == choice)
    first = decision.decide(
        session,
        programme_id=visit.link.programme_id,
        phase=PHASE,
        round=len(hand.before) + 1,
        subject=name,
        choice=choice,
        reason=ruling.verdicts[0].reason if asks else "",
        digest=digest,
        decided_by=who,
        decided_on=visit.today,
    )
    if first:
        event.record(session, f"person:{who}", "decided", name, phase=PHASE, round=len(hand.before) + 1)
    elif not _known(decision.of_phase(session, visit.link.programme_id, PHASE, subject=name), choice, digest):
        return Taken(subject=name, choice=choice, reason=reason, stale=True)
    return Taken(subject=name, choice=choice)


def _known(before: Sequence[Decision], choice: str, digest: str) -> bool:
    """Whether just this was recorded already: a double click."""
    return any(one.choice == choice and one.digest == digest for one in before)


def status(taken: Taken | None) -> int:
    """The status of a page that is shown again, or for the first time."""
    return 200 if taken is None else 409 if taken.stale else 422
