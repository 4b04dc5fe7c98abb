"""People as the matcher sees them: who has a free place, and who still looks for a partner."""

from sqlalchemy.orm import Session

from framework.matching.criteria import Candidate
from framework.pairing import OPEN, CloseReason
from framework.participation import TAKES_PART
from framework.people import Role
from models import pairing, participant
from models.participant import Participant
from models.programme import Programme
from tasks.stage import Stage

DONE = frozenset({CloseReason.COMPLETED, CloseReason.ENDED_EARLY})


def candidate(one: Participant, places: int, *, was_mentee: bool = False) -> Candidate:
    """A participant with what the application told; nothing of a special category is in it."""
    profile = one.profile
    return Candidate(
        id=one.id,
        person=one.person.value(),
        places=places,
        wants=tuple(profile.get("competences", ())),
        offers=tuple(profile.get("topics", ())),
        languages=tuple(profile.get("languages", ())) or (one.person.language,),
        channel=str(profile.get("channel", "both")),
        avoid=str(profile.get("avoid", "")),
        motives=tuple(profile.get("motives", ())),
        was_mentee=was_mentee,
    )


def free(session: Session, stage: Stage) -> tuple[list[Candidate], list[Candidate]]:
    """Mentors with a free place, and mentees who still look for a partner; only people who are still here."""
    every = pairing.of_programme(session, stage.programme)
    open_ = [p for p in every if p.status in OPEN]
    load = {m: sum(p.mentor_id == m for p in open_) for m in {p.mentor_id for p in open_}}
    taken = {p.mentee_id for p in open_} | {p.mentee_id for p in every if p.close_reason in DONE}
    here = [
        one
        for one in participant.of_programme(session, stage.programme, None, *TAKES_PART)
        if one.person.value().is_here(stage.today)
    ]
    most = session.get_one(Programme, stage.programme).rules.matching.capacity
    before = participant.once(session, Role.MENTEE)
    mentors = [
        candidate(m, min(m.capacity, most) - load.get(m.id, 0), was_mentee=m.person_id in before)
        for m in here
        if m.role == Role.MENTOR
    ]
    mentees = [candidate(m, 1) for m in here if m.role == Role.MENTEE and m.id not in taken]
    return [m for m in mentors if m.places > 0], mentees
