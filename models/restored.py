"""A database that came back from a backup: what it believes is of the past, and must not be acted on unseen.

Links that were taken back since would open again, mails that went out since would go again, and runs in Prefect of
which it knows may be gone. So links close, mails wait for a person's word, and the calendar is placed anew.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from framework.mail import DeliveryStatus
from models import event, link, placement
from models.delivery import Delivery
from models.event import Head
from models.phase_lock import PhaseLock

S = DeliveryStatus
ON_ITS_WAY = (S.QUEUED, S.LEASED, S.SENDING, S.BUNDLED)


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was done: mails that wait for a person now, links that were closed, runs in Prefect that were forgotten."""

    mails: int
    links: int
    runs: int


def tidy(session: Session, head: Head, *, links: bool) -> Tidied:
    """Make it safe to go on from there, and say so in the trail. Links stay open unless `links`."""
    done = Tidied(hold_mails(session), link.revoke_all(session) if links else 0, placement.forget_runs(session))
    session.execute(sa.delete(PhaseLock))  # whoever held a phase is gone
    told = {"links": done.links, "mails": done.mails, "runs": done.runs, "place": head.place}
    event.record(session, "operator", "restored", "installation", **told)
    return done


def hold_mails(session: Session) -> int:
    """Whatever was on its way waits for `baken mail release`; how many messages."""
    held = (
        sa.update(Delivery)
        .where(Delivery.state.in_(ON_ITS_WAY))
        .values(
            state=S.DRAFT.value,
            released=False,
            carrier_id=None,
            lease=None,
            lease_until=None,
            retry_at=None,
            evidence="restored from a backup",
        )
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return len(session.scalars(held).all())
