"""A mentor chosen for a mentee though the list of pairs did not name that one beside the proposal (CAP-104, MAT-08)."""

from sqlalchemy.orm import Session

from framework.matching.record import restored
from framework.matching.scoring import Scorer
from framework.matching.settings import Matching
from framework.matching.shapes import PINS
from models import matching_run
from models.pairing import Pairing
from tasks.matching.candidates import Seen


def reasons(session: Session, old: Pairing, mentor: int, seen: Seen) -> dict[str, int] | None:
    """What each factor gives these two, in thousandths, as the desk showed it: from the run that proposed the pair.

    Where that run did not know the two, as they are today. None where nobody can be chosen so: in groups, among peers,
    and for who does not guide.
    """
    if seen.settings.shape not in PINS or mentor not in seen.mentors:
        return None
    one, other, settings = seen.mentors[mentor], seen.mentees[old.mentee_id], seen.settings
    run = matching_run.at(session, old.programme_id, old.round, old.number)
    if run and run.people:
        given = restored(run.people, Matching.model_validate(run.settings))
        mentors, mentees = ({each.id: each for each in side} for side in (given.mentors, given.mentees))
        if mentor in mentors and other.id in mentees:
            one, other, settings = mentors[mentor], mentees[other.id], given.settings
    return Scorer([other], [one], settings, seen.managers).points(0, 0)
