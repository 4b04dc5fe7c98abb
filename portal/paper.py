"""Letters on the desk: what waits for people without a mailbox, as one PDF, and the word that it is on paper.

Looking at the PDF marks nothing: a letter waits until somebody says that it is printed, so that none is lost (CAP-042).
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from framework.mail import DeliveryStatus
from models import event, installation
from models.delivery import Delivery
from models.person import Person
from notifications.letters import Letter, letters
from portal import gate, mails
from portal.visit import DeskVisit


def print_out(session: Session, visit: DeskVisit, rows: Sequence[Delivery]) -> tuple[bytes, list[int]]:
    """The letters as one PDF in the order of site, department and name, and which messages they are.

    A letter that cannot be worded or set stops no other, and waits on. So does one that holds what a coordinator may
    not read: the operator's command prints it. Empty bytes where there is nothing to print.
    """
    found: list[tuple[tuple[str, ...], int, Letter]] = []
    for row in rows:
        whom = session.get_one(Person, row.person_id)
        if not whom.value().is_here(visit.today) or not mails.may_be_seen(row, visit.programme):
            continue
        try:
            worded = mails.letter(session, row, visit.today)
        except Exception as wrong:  # noqa: BLE001 - one letter that cannot be worded stops no other
            gate.log_failure(wrong)
            continue
        order = (whom.site, whom.department, whom.family_name, whom.given_name)
        found.append((tuple(part.casefold() for part in order), row.id, worded))
    return _pdf([(number, worded) for _, number, worded in sorted(found, key=lambda one: one[:2])])


def _pdf(worded: Sequence[tuple[int, Letter]]) -> tuple[bytes, list[int]]:
    if not worded:
        return b"", []
    try:
        return letters([one for _, one in worded]), [number for number, _ in worded]
    except ValueError as wrong:
        kept = [one for one in worded if _can_be_set(one[1])]
        if len(kept) == len(worded):
            raise
        gate.log_failure(wrong)
    return _pdf(kept)


def _can_be_set(one: Letter) -> bool:
    try:
        letters([one])
    except ValueError:
        return False
    return True


def mark_printed(session: Session, visit: DeskVisit, rows: Sequence[Delivery]) -> int:
    """These letters are on paper: those of them that can be printed at all; how many."""
    _, ids = print_out(session, visit, rows)
    done = 0
    for number in ids:
        row = session.get_one(Delivery, number, with_for_update=True, populate_existing=True)
        if row.state != DeliveryStatus.HELD:
            continue  # somebody else said so at the same moment
        row.state, row.sent_on, row.sent_at = DeliveryStatus.PRINTED.value, visit.today, installation.now()
        event.record(session, f"person:{visit.link.person_id}", "printed", f"delivery:{number}")
        done += 1
    return done
