"""The doors to a running programme's pages, on the front of the desk: a word and a number each."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from framework.health import Health
from models import glance, signal
from portal.running.lines import counts, lines
from portal.visit import DeskVisit


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """How many pairs stand where (by health), how many signals nobody has looked at, how many people have a part."""

    pairs: Mapping[str, int]
    signals: int
    people: int

    @property
    def needs(self) -> int:
        """The pairs that need the coordinator."""
        return self.pairs.get(Health.NEEDS, 0)


def front(session: Session, visit: DeskVisit) -> Front:
    """The numbers on the doors, today."""
    own = visit.link.programme_id
    return Front(
        pairs=counts(lines(session, visit)),
        signals=sum(one.settled_on is None for one in signal.of_programme(session, own)),
        people=len(glance.roles(session, own)),
    )
