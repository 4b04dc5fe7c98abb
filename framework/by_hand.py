"""By hand: what a coordinator may do between the rounds, about a pair, a person, a question, a signal or the dates.

Source: LEG-20, REL-C12, CAP-100, CAP-101, CAP-168, CAP-174. Each deed is recorded with what was shown, and a step
carries it out. A reason stays with the coordinators: nobody else is told it (LEG-20, CAP-100).
"""

from enum import StrEnum

from framework.desk import Choice
from framework.pairing import CloseReason, PairingStatus
from framework.participation import MOVES, ParticipantStatus
from framework.requests import RequestStatus

PHASE = "by_hand"
"""Where these decisions stand in the books: they belong to no round of a phase."""
MORE_DAYS = (7, 14)
"""So many days may be added to the last day of a question."""


class Deed(StrEnum):
    """What is done; after a colon may stand a reason class or a number of days."""

    REMATCH = "rematch"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    SETTLE = "settle"
    RESEND = "resend"
    NEW_LINK = "new_link"
    EXTEND = "extend"
    MOVE = "move"
    UNTIL = "until"
    CALL_OFF = "call_off"


REMATCH = Choice(Deed.REMATCH, "Look for another partner, without blame", reason=True)
COMPLETE = Choice(
    f"{Deed.CLOSE}:{CloseReason.COMPLETED}", "They are done: what they set out to do is reached", reason=True
)
END = Choice(f"{Deed.CLOSE}:{CloseReason.ENDED_EARLY}", "It ends early; nobody is matched again", reason=True)
NOT_AGREED = Choice(
    f"{Deed.CLOSE}:{CloseReason.NOT_AGREED}", "They come to no agreement; both start afresh", reason=True
)
OWN_WISH = Choice(f"{Deed.WITHDRAW}:own", "Stops, by own wish")
BY_COMPANY = Choice(f"{Deed.WITHDRAW}:company", "Stops, for a reason of the company", reason=True)
SETTLE = Choice(Deed.SETTLE, "I have looked at it", reason=True)
RESEND = Choice(Deed.RESEND, "Send the e-mail once more")
NEW_LINK = Choice(Deed.NEW_LINK, "Let the old link stop, and send a new one")
EXTEND = tuple(Choice(f"{Deed.EXTEND}:{days}", "Give more days") for days in MORE_DAYS)

WITHDRAWABLE = frozenset(status for status, roads in MOVES.items() if ParticipantStatus.WITHDRAWN in roads) - {
    ParticipantStatus.COMPLETED,
    ParticipantStatus.NOT_SELECTED,
}
"""Who may still be taken out: whoever takes part, or may be asked to."""


def of_pair(status: PairingStatus) -> tuple[Choice, ...]:
    """What may be done about a pair: an active one has a relation to end, an accepted one only a beginning."""
    if status == PairingStatus.ACTIVE:
        return (REMATCH, END, COMPLETE)
    return (REMATCH, NOT_AGREED) if status == PairingStatus.ACCEPTED else ()


def of_participant(status: ParticipantStatus) -> tuple[Choice, ...]:
    """Who stops by own wish is asked for no reason; the company gives one, to the coordinators alone."""
    return (OWN_WISH, BY_COMPANY) if status in WITHDRAWABLE else ()


def of_request(status: RequestStatus) -> tuple[Choice, ...]:
    """An open question is sent again, under its own address or a new one, or gets more days.

    One that has lapsed is still welcome for some days: it may get a new link (CAP-203).
    """
    if status == RequestStatus.OPEN:
        return (RESEND, NEW_LINK, *EXTEND)
    return (NEW_LINK,) if status == RequestStatus.LAPSED else ()


def parse(choice: str) -> tuple[Deed, str]:
    """The deed, and what follows its first colon. Raises ValueError for another word."""
    deed, _, rest = choice.partition(":")
    return Deed(deed), rest
