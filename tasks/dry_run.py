"""A dry run: what would be sent, to whom, when and behind which links, by the code that sends; nothing stays of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from framework.working_time import opens_at
from models import delivery, installation, programme
from models.base import dry_run, transaction
from notifications.capture import Capture, Taken
from notifications.emails import EMAILS
from tasks.mail import post_due
from tasks.manners import place_of_row, rules_of


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One message that would go. `goes_at` is an instant; in a rehearsal its day is that of the rehearsal."""

    template: str
    to: str
    subject: str
    goes_at: datetime | date
    links: tuple[str, ...]
    file: Path | None


@dataclass(frozen=True, slots=True)
class DryRun:
    """All that would go, and the counts of what would not: stale, held as a draft, bundled, put off, on paper."""

    mails: tuple[Foreseen, ...]
    counts: dict[str, int]


def foresee(
    slug: str, today: date, *, before: Callable[[], object] = lambda: None, folder: Path | None = None
) -> DryRun:
    """Run `before` (a phase, say) and post the outbox of `today` into a folder, then undo all of it.

    In the folder stand the mails that bring nobody's answers.

    Raises UnknownProgramme. Whatever stands in the outbox of other programmes is left out of the answer.
    """
    capture = Capture(folder)
    with dry_run():
        with transaction() as session:
            own = programme.by_slug(session, slug).id
        before()
        counts = post_due(today, lambda: capture)
        with transaction() as session:
            rehearsal = installation.is_rehearsal(session)
            mails = []
            for one in map(_discreet(session), capture.taken):
                row = delivery.by_message_id(session, one.digest)
                if row is None or row.programme_id != own:
                    continue
                at: datetime | date = today
                if not rehearsal:
                    place = place_of_row(session, row.programme_id, row.place)
                    at = opens_at(installation.now(), place, rules_of(session, row.programme_id))
                mails.append(_foreseen(row.template, one, at))
            paper = len(delivery.in_state(session, delivery.S.HELD, programme_id=own))
    kept = ("stale", "drafted", "bundled", "postponed")
    return DryRun(tuple(mails), {name: counts[name] for name in kept} | {"paper": paper})


def _discreet(session: Session) -> Callable[[Taken], Taken]:
    """A mail that brings somebody's answer leaves no file: whoever runs the installation reads none (LEG-11)."""

    def checked(one: Taken) -> Taken:
        row = delivery.by_message_id(session, one.digest)
        parts = delivery.parts_of(session, [row.id]).get(row.id, []) if row else []
        kinds = [EMAILS[each.template] for each in (row, *parts) if each and each.template in EMAILS]
        if one.file is None or not any(kind.holds for kind in kinds):
            return one
        one.file.unlink()
        return replace(one, file=None)

    return checked


def _foreseen(template: str, one: Taken, at: datetime | date) -> Foreseen:
    return Foreseen(template, one.to, one.subject, at, tuple(one.links), one.file)
