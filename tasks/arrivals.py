"""New colleagues who come while a programme for new hires runs: a mentor is appointed before day one (CAP-108, MAT-03).

Nobody calls them, for nobody has to apply for a mentor that the company appoints; what they want to learn comes later,
in the agreement of the pair. Other programmes have their calls, and leave who comes later to the next one.
"""

from datetime import date

from framework.participation import ParticipantStatus
from framework.people import Role
from framework.recruitment import role_for
from framework.visibility import Track
from models import event, participant, person, programme
from models.base import insert_once, transaction
from models.participant import Participant
from tasks.stage import next_round
from tasks.step import step


@step
def welcome_new_hires(slug: str, today: date) -> int:
    """Take in who was hired since the campaign closed, and open a round of matching for them; how many came today."""
    with transaction() as session:
        row = programme.by_slug(session, slug)
        if row.rules.track is not Track.NEW_HIRE or row.rules.matching.mode != "appointed":
            return 0
        if programme.milestone_of(session, row.id, "recruitment", 1).finished_on is None:
            return 0  # they are called with everybody else
        if programme.milestone_of(session, row.id, "closure", 1).opens_on <= today:
            return 0
        known = {one.person_id for one in participant.of_programme(session, row.id)}
        group = row.rules.target_group
        new = [
            one
            for one in person.here_on(session, today)
            if one.id not in known and role_for(one.value(), group, one.hired_on, today) is Role.MENTEE
        ]
        for one in new:
            values = {"programme_id": row.id, "person_id": one.id, "role": Role.MENTEE}
            first = insert_once(session, Participant, **values, status=ParticipantStatus.CONFIRMED, capacity=1)
            if first:
                event.record(session, "flow", "arrived", f"person:{one.id}")
        if new and programme.milestone_of(session, row.id, "matching", 1).finished_on is not None:
            next_round(session, row.id, "matching", today, days=14)
        return len(new)
