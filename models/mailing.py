"""What may go together, what is stale, and what must wait: the queue as people get it, before anything is posted."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from framework.mail import DeliveryStatus
from models.delivery import Delivery

S = DeliveryStatus
MOST_AT_ONCE = 10_000  # numbers in one statement; SQLite takes 32,766, PostgreSQL 65,535
TURN = 0x42616B656E  # the name of the lock: "Baken"
MAILING_DAYS = 3  # a mailing that was queued over several days is still one


@dataclass(frozen=True, slots=True)
class Due:
    """One message that may go, as far as manners ask."""

    id: int
    programme_id: int
    person_id: int
    template: str
    language: str
    place: str
    planned_on: date
    attempts: int
    began_at: float | None
    released: bool


def take_turns(session: Session) -> None:
    """One sender at a time makes the queue fit, till the end of the transaction; SQLite sees to that by itself."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(TURN)))


def due(session: Session, today: date, places: Collection[tuple[int, str]] | None) -> list[Due]:
    """What waits to go today, in the order in which it was written."""
    columns = [getattr(Delivery, name) for name in Due.__slots__]
    query = sa.select(*columns).where(Delivery.state == S.QUEUED, Delivery.due_on <= today).order_by(Delivery.id)
    if places is not None:
        query = query.where(sa.tuple_(Delivery.programme_id, Delivery.place).in_(list(places)))
    return [Due(*row) for row in session.execute(query)]


def outdate(session: Session, templates: Collection[str]) -> int:
    """Of several messages of one kind that wait about one thing, the newest alone goes; how many were called off.

    What they are about stands in their keys: all but the last part, which is the occasion.
    """
    waiting = sa.select(Delivery.id, Delivery.key, Delivery.began_at).where(
        Delivery.state == S.QUEUED, Delivery.template.in_(list(templates))
    )
    newest: dict[str, int] = {}
    stale = []
    for number, key, began_at in session.execute(waiting.order_by(Delivery.id.desc())):
        if newest.setdefault(key.rpartition(":")[0], number) != number and began_at is None:
            stale.append(number)
    return _call_off(session, stale)


def unasked(session: Session, templates: Collection[str]) -> int:
    """Reminders of questions whose own invitation still waits make no sense yet; how many were called off."""
    first = aliased(Delivery)
    invitation = sa.and_(
        first.request_id == Delivery.request_id,
        first.template.not_in(list(templates)),
        first.state.in_((S.QUEUED, S.DRAFT, S.BUNDLED)),
    )
    wanted = (Delivery.state == S.QUEUED, Delivery.began_at.is_(None), Delivery.template.in_(list(templates)))
    return _call_off(
        session, list(session.scalars(sa.select(Delivery.id).where(*wanted, sa.exists().where(invitation))))
    )


def _call_off(session: Session, stale: Sequence[int]) -> int:
    """Asked for and called off in two steps: PostgreSQL would see rows of the same statement both ways."""
    for some in _slices(stale):
        off = sa.update(Delivery).where(Delivery.id.in_(some), Delivery.state == S.QUEUED)
        session.execute(off.values(state=S.CANCELLED.value, evidence="a newer one goes"))
    return len(stale)


def _slices(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """As many at once as any database takes in one statement."""
    return (numbers[at : at + MOST_AT_ONCE] for at in range(0, len(numbers), MOST_AT_ONCE))


def mailings(session: Session, today: date) -> dict[tuple[int, str], int]:
    """To how many people each e-mail of each programme goes or went these days; released ones do not count."""
    near = (
        Delivery.planned_on > today - timedelta(days=MAILING_DAYS),
        Delivery.state.in_((S.QUEUED, S.LEASED, S.SENDING, S.SENT, S.BUNDLED, S.DRAFT)),
        Delivery.released.is_(False),
    )
    reach = sa.func.count(Delivery.person_id.distinct())
    query = sa.select(Delivery.programme_id, Delivery.template, reach).where(*near)
    grouped = query.group_by(Delivery.programme_id, Delivery.template)
    return {(programme, template): number for programme, template, number in session.execute(grouped)}


def draft(session: Session, programme_id: int, template: str) -> int:
    """Hold what has not gone of a mailing until a person releases it; how many."""
    wanted = sa.and_(
        Delivery.programme_id == programme_id,
        Delivery.template == template,
        Delivery.state == S.QUEUED,
        Delivery.began_at.is_(None),
        Delivery.released.is_(False),
    )
    held = sa.update(Delivery).where(wanted).values(state=S.DRAFT.value).returning(Delivery.id)
    return len(list(session.scalars(held)))


def drafts(session: Session, programme_id: int | None = None) -> dict[tuple[int, str], int]:
    """The mailings that wait for a person's word, of one programme or of all, and to how many people each goes."""
    reach = sa.func.count(Delivery.person_id.distinct())
    query = sa.select(Delivery.programme_id, Delivery.template, reach).where(Delivery.state == S.DRAFT)
    if programme_id is not None:
        query = query.where(Delivery.programme_id == programme_id)
    grouped = query.group_by(Delivery.programme_id, Delivery.template).order_by(Delivery.template)
    return {(programme, template): number for programme, template, number in session.execute(grouped)}


def first_draft(session: Session, programme_id: int, template: str) -> Delivery:
    """One message of a held mailing, to look at."""
    wanted = (Delivery.programme_id == programme_id, Delivery.template == template, Delivery.state == S.DRAFT)
    return session.scalars(sa.select(Delivery).where(*wanted).order_by(Delivery.id).limit(1)).one()


def let_go(session: Session, programme_id: int, template: str, *, send: bool) -> int:
    """A person's word on a held mailing: it goes, or it does not; how many messages."""
    waiting = sa.and_(Delivery.programme_id == programme_id, Delivery.template == template, Delivery.state == S.DRAFT)
    end = {"state": S.QUEUED.value if send else S.CANCELLED.value, "released": True}
    return len(list(session.scalars(sa.update(Delivery).where(waiting).values(**end).returning(Delivery.id))))


def unbundle(session: Session) -> int:
    """Bundles of which nobody has begun to post anything come apart, to be made anew; how many messages wait again."""
    waits = aliased(Delivery)
    free = sa.exists().where(waits.id == Delivery.carrier_id, waits.state == S.QUEUED, waits.began_at.is_(None))
    mine = sa.and_(Delivery.state == S.BUNDLED, free)
    again = sa.update(Delivery).where(mine).values(state=S.QUEUED.value, carrier_id=None)
    return len(list(session.scalars(again.returning(Delivery.id))))


def bundle(session: Session, carrier: int, inside: Sequence[int]) -> bool:
    """These messages go inside the first; False when somebody has taken that one meanwhile, and nothing changes."""
    if not inside:
        return False
    still = sa.select(Delivery.id).where(Delivery.id == carrier, Delivery.state == S.QUEUED).with_for_update()
    if session.scalar(still) is None:  # what would go inside it now would be called sent, and never go
        return False
    wanted = sa.and_(Delivery.id.in_(inside), Delivery.state == S.QUEUED)
    packed = sa.update(Delivery).where(wanted).values(state=S.BUNDLED.value, carrier_id=carrier)
    now_inside = list(session.scalars(packed.returning(Delivery.id)))
    theirs = sa.and_(Delivery.carrier_id.in_(now_inside), Delivery.state == S.BUNDLED)
    session.execute(sa.update(Delivery).where(theirs).values(carrier_id=carrier))  # no bundle lies inside a bundle
    return True


def postpone(session: Session, ids: Sequence[int], to: date) -> None:
    """These messages wait for another day."""
    wanted = sa.and_(Delivery.id.in_(ids), Delivery.state == S.QUEUED)
    session.execute(sa.update(Delivery).where(wanted).values(due_on=to))


def got(session: Session, people: Collection[int], since: date, today: date) -> dict[int, tuple[int, int]]:
    """How many mails each of these people got today, and since that day; what came inside another does not count."""
    found: dict[int, tuple[int, int]] = {}
    for some in _slices(list(people)):
        found |= _got(session, some, since, today)
    return found


def _got(session: Session, people: Sequence[int], since: date, today: date) -> dict[int, tuple[int, int]]:
    sent = (
        Delivery.person_id.in_(people),
        Delivery.state.in_((S.SENT, S.SENDING, S.LEASED)),
        Delivery.carrier_id.is_(None),
        sa.func.coalesce(Delivery.sent_on, today) >= since,
    )
    on_the_day = sa.func.sum(sa.case((sa.func.coalesce(Delivery.sent_on, today) >= today, 1), else_=0))
    query = sa.select(Delivery.person_id, on_the_day, sa.func.count()).where(*sent).group_by(Delivery.person_id)
    return {whom: (int(day), int(week)) for whom, day, week in session.execute(query)}


def give_up_unsure(session: Session, before: float) -> int:
    """Unsure messages whose last try was before that moment (seconds since 1970) are dead; how many."""
    old = sa.and_(Delivery.state == S.UNSURE, Delivery.began_at < before)
    end = {"state": S.DEAD.value, "evidence": "nobody knows whether it arrived"}
    gone = list(session.scalars(sa.update(Delivery).where(old).values(**end).returning(Delivery.id)))
    inside = sa.and_(Delivery.carrier_id.in_(gone), Delivery.state == S.BUNDLED)
    session.execute(sa.update(Delivery).where(inside).values(**end))
    return len(gone)
