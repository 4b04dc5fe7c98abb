"""Who found nobody waits, longest first in line; another round opens as soon as a pair is possible (MAT-M12, CAP-101).

The list remembers: who waits keeps the first day through all rounds, and the place that goes with it. People hear of
their place when it changes, not in every round, and why there is nobody yet: never what somebody asked in private.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from framework.matching.arrange import arrange
from framework.matching.criteria import Candidate
from framework.matching.scoring import Scorer
from framework.matching.settings import Rule
from framework.matching.shapes import without
from framework.matching.why import Reason, reason
from framework.pairing import OPEN, PairingStatus
from framework.participation import TAKES_PART, ParticipantStatus
from framework.people import Role
from framework.training import must_train
from models import event, pairing, participant, programme, training
from models.base import transaction
from models.pairing import Pairing
from models.participant import Participant
from models.programme import Programme
from notifications.emails.matching import Lack, WaitingList
from tasks.matching.candidates import DONE, free, inputs, look, second_leg
from tasks.requests import tell
from tasks.stage import Stage, again, next_round
from tasks.step import step

ROUND_DAYS = 14
TOO_LATE = timedelta(days=28)
"""So shortly before the closure nobody begins any more."""


@step
def close_round(stage: Stage) -> dict[str, int]:
    """Who found nobody goes on the waiting list, and hears so; new pairs go on to training and agreement."""
    with transaction() as session:
        waiting = _line_up(session, stage)
        made = [
            p for p in pairing.of_programme(session, stage.programme, PairingStatus.ACCEPTED) if p.round == stage.round
        ]
        if stage.round > 1 and made:
            if _untrained(session, stage, made):
                again(session, stage, "training", days=ROUND_DAYS)
            again(session, stage, "agreement", days=ROUND_DAYS)
        return {"pairs": len(made), "unmatched": len(waiting)}


def _line_up(session: Session, stage: Stage) -> list[Participant]:
    """Everybody without a partner, in the order of waiting; each is told a place that is new."""
    equals = session.get_one(Programme, stage.programme).rules.matching.shape == "peers"
    mentors, mentees = free(session, stage)
    waiting = [session.get_one(Participant, one.id) for one in (*mentees, *(mentors if equals else ()))]
    for one in waiting:
        one.waiting_since = one.waiting_since or stage.today
        if one.status == ParticipantStatus.CONFIRMED:
            one.move(ParticipantStatus.WAITING)
    waiting.sort(key=lambda one: (one.waiting_since, one.id))
    why = {} if equals else _why(session, stage, mentors, mentees)
    for position, one in enumerate(waiting, 1):
        mail = WaitingList(given_name=one.person.given_name, position=position, equals=equals, why=why.get(one.id, ""))
        occasion = f"{one.waiting_since}.{position}"
        tell(session, stage, one.person, mail, about=f"participant:{one.id}", occasion=occasion)
    return waiting


def _why(session: Session, stage: Stage, idle: Sequence[Candidate], mentees: Sequence[Candidate]) -> dict[int, Lack]:
    """Why each of these mentees has nobody, by participant id; no word where somebody with a place would be allowed.

    Everybody who guides is looked at, with a place left or not; rules that may be bent stand in nobody's way.
    """
    seen = look(session, stage)
    bent = (*seen.settings.relax, *((Rule.COMMON_LANGUAGE,) if seen.settings.shape == "two_mentors" else ()))
    settings, apart = without(seen.settings, *bent), seen.apart()
    guides = [one for one in seen.mentors.values() if one.places > 0]
    every, left = (Scorer(mentees, side, settings, seen.managers, apart) for side in (guides, idle))
    words: dict[int, Lack] = {}
    for at, one in enumerate(mentees):
        match reason(every, at):
            case Reason.NO_MENTORS:
                words[one.id] = "no_mentors"
            case Reason.NOBODY_ALLOWED:
                words[one.id] = "nobody_allowed"
            case _:
                words[one.id] = "" if reason(left, at) is Reason.PLACES_TAKEN else "places_taken"
    return words


def _untrained(session: Session, stage: Stage, made: Sequence[Pairing]) -> bool:
    """Whether somebody of these pairs came after the training was over."""
    if any(one.finished_on is None for one in programme.milestones(session, stage.programme, "training")):
        return False  # who takes part is invited while it runs
    track = session.get_one(Programme, stage.programme).rules.track
    known = {one.participant_id for one in training.enrolments(session, stage.programme)}
    people = {one.id: Role(one.role) for pair in made for one in (pair.mentor, pair.mentee)}
    return any(must_train(role, track) and one not in known for one, role in people.items())


@step
def open_for_waiting(slug: str, today: date) -> int:
    """Open another round of matching once somebody waits and a pair is possible; how many pairs could be made.

    A place may have come free, a mentor may have joined late or offer one place more, somebody may have been selected
    after the matching, or have changed department: whatever it was, the rules are asked, and nothing opens in vain.
    """
    with transaction() as session:
        row = programme.by_slug(session, slug)
        if not _may_reopen(session, row, today) or not _somebody_waits(session, row):
            return 0
        last = programme.milestones(session, row.id, "matching")[-1]
        number = last.round + 1
        stage = Stage(last.id, row.id, slug, "matching", number, "again", today, today, today)
        possible = _possible(session, stage)
        if possible:
            next_round(session, row.id, "matching", today, days=ROUND_DAYS)
            event.record(session, "flow", "reopened", f"programme:{row.id}", phase="matching", pairs=possible)
        return possible


def _may_reopen(session: Session, row: Programme, today: date) -> bool:
    """Whether matching has run, nothing of it is open or planned, and there is time left before the closure."""
    if row.rules.matching.mode == "open_pool":
        return False
    rounds = programme.milestones(session, row.id, "matching")
    closure = programme.milestone_of(session, row.id, "closure", 1)
    ended = closure.opened_on is not None or closure.finished_on is not None
    return all(one.finished_on for one in rounds) and not ended and today + TOO_LATE <= closure.opens_on


def _somebody_waits(session: Session, row: Programme) -> bool:
    """Whether anybody who takes part is without a partner; a quick look, before everybody is read."""
    matching = row.rules.matching
    pairs = pairing.outline(session, row.id)
    taken = [p for p in pairs if p.status in OPEN or p.close_reason in DONE]
    if matching.shape == "two_mentors":
        return True
    busy = {one for p in taken for one in ((p.mentor_id, p.mentee_id) if matching.shape == "peers" else (p.mentee_id,))}
    roles = (Role.MENTOR, Role.MENTEE) if matching.shape == "peers" else (Role.MENTEE,)
    return any(one not in busy for role in roles for one in participant.ids(session, row.id, role, *TAKES_PART))


def _possible(session: Session, stage: Stage) -> int:
    """How many pairs the next round would find: it is looked for in the same way as they are proposed."""
    found = 0
    given = inputs(session, stage)
    peers = given.settings.shape == "peers"
    if (given.mentees and given.mentors) or (peers and (given.mentees or given.mentors)):
        found = len(arrange(given).proposals)
    for language in given.languages[:2] if given.settings.shape == "two_mentors" else ():
        leg = second_leg(session, stage, language)
        if leg and leg.mentors:
            found += len(arrange(leg).proposals)
    return found
