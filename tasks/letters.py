"""Letters for people without a mailbox (CAP-042): wording what is held, and writing down what is on paper.

A letter counts as printed once the file that holds it is safe on disk, and not before: a crash in between prints a
letter twice at worst, and loses none. A conditional UPDATE decides which of two who print at once has handed it over.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from framework.mail import CLOCKS, DeliveryStatus
from models import event, installation, person, programme
from models.base import transaction
from models.delivery import Delivery
from models.link import Link
from notifications.emails.mail_letters import LettersWaiting
from notifications.letters import Letter, letters
from tasks.composing import word
from tasks.requests import coordinator_of, tell
from tasks.stage import Stage
from tasks.step import keep_error, step

S = DeliveryStatus
TOLD_EVERY_DAYS = 7


def held(slug: str, today: date | None = None) -> int:
    """How many letters of a programme wait to be printed; with a day, only those that are due by then."""
    with transaction() as session:
        waiting = _waiting(session, programme.by_slug(session, slug).id)
        return sum(1 for row in waiting if today is None or row.due_on <= today)


def print_letters(slug: str, today: date, *, again: date | None = None) -> tuple[bytes, list[int]]:
    """The letters that wait, as one PDF in the order of site, department and name, and which deliveries they are.

    Nothing is written down: that is for `mark_printed`, once the file is safe. `again` gives the letters that were
    printed on that day instead, dated as they were. A letter that cannot be worded or set stops no other: it waits on,
    and what was wrong stands in the log. Empty bytes and no ids where there is nothing to print.
    """
    return _pdf(_worded(slug, today, again=again))


def print_these(slug: str, ids: Collection[int], today: date) -> tuple[bytes, list[int]]:
    """As `print_letters`, for these deliveries alone, printed or not."""
    return _pdf(_worded(slug, today, ids=ids))


def mark_printed(ids: Collection[int], today: date, *, actor: str = "operator") -> list[int]:
    """The file is safe: these letters are on paper. Gives those that this call moved, and none that another had."""
    wanted = sa.and_(Delivery.id.in_(list(ids)), Delivery.state == S.HELD)
    done = sa.update(Delivery).where(wanted).values(state=S.PRINTED.value, sent_on=today, sent_at=installation.now())
    with transaction() as session:
        moved = sorted(session.scalars(done.returning(Delivery.id)))
        for one in moved:
            event.record(session, actor, "printed", f"delivery:{one}")
    return moved


@step
def tell_about_letters(slug: str, today: date) -> int:
    """Tell the coordinator, at most once in seven days, while letters wait to be printed; how many wait."""
    with transaction() as session:
        row = programme.by_slug(session, slug)
        waiting = [one for one in _waiting(session, row.id) if one.template != LettersWaiting.name]
        due = [one for one in waiting if one.due_on <= today]
        overdue = any(one.due_on <= today - timedelta(days=CLOCKS[S.HELD].days) for one in due)
        last = session.scalar(
            sa.select(sa.func.max(Delivery.planned_on)).where(
                Delivery.programme_id == row.id, Delivery.template == LettersWaiting.name
            )
        )
        if overdue and (last is None or (today - last).days >= TOLD_EVERY_DAYS):
            who = coordinator_of(session, row.id)
            mail = LettersWaiting(
                given_name=who.given_name,
                count=len(due),
                since=min(one.due_on for one in due),
                command=f"baken mail letters {slug} letters.pdf",
            )
            stage = Stage(0, row.id, slug, "mail", 1, "mail", today, today, today)
            tell(session, stage, who, mail, about="letters", occasion=str(today))
        return len(due)


def _waiting(session: Session, programme_id: int) -> Sequence[Delivery]:
    wanted = (Delivery.programme_id == programme_id, Delivery.state == S.HELD)
    return session.scalars(sa.select(Delivery).where(*wanted).order_by(Delivery.id)).all()


def _worded(
    slug: str, today: date, *, again: date | None = None, ids: Collection[int] | None = None
) -> list[tuple[int, Letter]]:
    """The letters in the order in which they are handed out."""
    found: list[tuple[tuple[str, ...], int, Letter]] = []
    with transaction() as session:
        programme_id = programme.by_slug(session, slug).id
        which: sa.ColumnElement[bool]
        if ids is not None:
            which = Delivery.id.in_(list(ids))
        elif again is not None:
            which = sa.and_(Delivery.state == S.PRINTED, Delivery.sent_on == again)
        else:
            which = sa.and_(Delivery.state == S.HELD, Delivery.due_on <= today)
        query = sa.select(Delivery).where(Delivery.programme_id == programme_id, which).order_by(Delivery.id)
        for row in session.scalars(query):
            whom = session.get_one(person.Person, row.person_id)
            if not whom.value().is_here(today):
                continue
            try:
                letter = _letter(session, row, whom, row.sent_on or today)
            except Exception as error:  # noqa: BLE001 - one letter that cannot be worded stops no other
                keep_error("letters.word", error)
                continue
            order = (whom.site, whom.department, whom.family_name, whom.given_name)
            found.append((tuple(part.casefold() for part in order), row.id, letter))
    return [(row_id, letter) for _, row_id, letter in sorted(found, key=lambda one: one[:2])]


def _letter(session: Session, row: Delivery, whom: person.Person, on: date) -> Letter:
    """One held message in words. Raises ValueError for a link that is not this person's, and what `word` raises."""
    behind = session.get_one(Link, row.link_id) if row.link_id else None
    if behind is not None and behind.person_id != row.person_id:
        raise ValueError("the link behind this letter is not the reader's own")
    coordinator, worded = coordinator_of(session, row.programme_id).value(), word(session, row)
    return Letter(
        rendered=worded.rendered,
        brand=worded.brand,
        language=row.language,
        name=whom.value().name,
        department=whom.department,
        site=whom.site,
        on=on,
        link=worded.link,
        reach=(", ".join(filter(None, (coordinator.department, coordinator.site))), coordinator.email or ""),
    )


def _pdf(worded: Sequence[tuple[int, Letter]]) -> tuple[bytes, list[int]]:
    if not worded:
        return b"", []
    try:
        return letters([letter for _, letter in worded]), [row_id for row_id, _ in worded]
    except ValueError:
        kept = [one for one in worded if _can_be_set(one[1])]
        if len(kept) == len(worded):
            raise
    return _pdf(kept)


def _can_be_set(letter: Letter) -> bool:
    try:
        letters([letter])
    except ValueError as error:
        keep_error("letters.set", error)
        return False
    return True
