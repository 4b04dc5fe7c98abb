"""Who found nobody waits, first in line for the next round (MAT-M12, CAP-101)."""

from framework.pairing import PairingStatus
from framework.participation import ParticipantStatus
from models import pairing
from models.base import transaction
from models.participant import Participant
from notifications.emails.matching import WaitingList
from tasks.candidates import free
from tasks.requests import tell
from tasks.stage import Stage, again
from tasks.step import step


@step
def close_round(stage: Stage) -> dict[str, int]:
    """Who found nobody goes on the waiting list, and hears so; new pairs go on to training and agreement."""
    with transaction() as session:
        _, unmatched = free(session, stage)
        for position, one in enumerate(unmatched, 1):
            mentee = session.get_one(Participant, one.id)
            if mentee.status == ParticipantStatus.CONFIRMED:
                mentee.move(ParticipantStatus.WAITING)
            mail = WaitingList(given_name=mentee.person.given_name, position=position)
            tell(session, stage, mentee.person, mail, about=f"participant:{mentee.id}")
        made = [
            p for p in pairing.of_programme(session, stage.programme, PairingStatus.ACCEPTED) if p.round == stage.round
        ]
        if stage.round > 1 and made:
            again(session, stage, "agreement", days=14)
        return {"pairs": len(made), "unmatched": len(unmatched)}
