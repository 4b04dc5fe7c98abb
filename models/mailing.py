"""What may go together, what is stale, and what must wait: the queue as people get it, before anything is posted."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from framework.mail import DeliveryStatus
from models.delivery import Delivery
from models.person import Person

S = DeliveryStatus
MOST_AT_ONCE = 10_000  # numbers in one statement; SQLite takes 32,766, PostgreSQL 65,535
TURN = 0x42616B656E  # the name of the lock: "Baken"
MAILING_DAYS = 3  # a mailing that was queued over several days is still one


_ROWS = cast("sa.Table", Delivery.__table__)
_INTO = (
    sa.update(_ROWS)
    .where(Delivery.id == sa.bindparam("which"), Delivery.state == S.QUEUED.value)
    .values(state=S.BUNDLED.value, carrier_id=sa.bindparam("carrier"))
)
_OUTER = aliased(Delivery)
_NO_BUNDLE_IN_A_BUNDLE = (
    sa.update(Delivery)
    .where(Delivery.state == S.BUNDLED)
    .values(carrier_id=sa.select(_OUTER.carrier_id).where(_OUTER.id == Delivery.carrier_id).scalar_subquery())
    .execution_options(synchronize_session=False)
)


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


def due(
    session: Session, today: date, places: Collection[tuple[int, str]] | None, at_once: Collection[str] = ()
) -> list[Due]:
    """What waits to go today, in the order in which it was written; the e-mails in `at_once` from every place."""
    columns = [getattr(Delivery, name) for name in Due.__slots__]
    query = sa.select(*columns).where(Delivery.state == S.QUEUED, Delivery.due_on <= today).order_by(Delivery.id)
    if places is not None:
        here = sa.tuple_(Delivery.programme_id, Delivery.place).in_(list(places))
        query = query.where(sa.or_(here, Delivery.template.in_(list(at_once))))
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


def waiting_for(session: Session, programme_id: int, template: str = "") -> list[tuple[int, int, str | None, date]]:
    """Every message that waits for a word, of one e-mail or of all: its number, person, address, planned day."""
    columns = (Delivery.id, Delivery.person_id, Person.email, Delivery.planned_on)
    query = sa.select(*columns).join(Person, Person.id == Delivery.person_id)
    query = query.where(Delivery.programme_id == programme_id, Delivery.state == S.DRAFT)
    if template:
        query = query.where(Delivery.template == template)
    return [(n, to, address, on) for n, to, address, on in session.execute(query.order_by(Delivery.id))]


def first_draft(session: Session, programme_id: int, template: str) -> Delivery:
    """One message of a held mailing, to look at."""
    wanted = (Delivery.programme_id == programme_id, Delivery.template == template, Delivery.state == S.DRAFT)
    return session.scalars(sa.select(Delivery).where(*wanted).order_by(Delivery.id).limit(1)).one()


def let_go(session: Session, programme_id: int, template: str, *, messages: int, send: bool) -> int:
    """A person's word on a held mailing of so many messages: it goes, or it does not; 0 if there are others by now."""
    waiting = sa.and_(Delivery.programme_id == programme_id, Delivery.template == template, Delivery.state == S.DRAFT)
    now = session.scalars(sa.select(Delivery.id).where(waiting).with_for_update()).all()
    if len(now) != messages:
        return 0
    end = {"state": S.QUEUED.value if send else S.CANCELLED.value, "released": True}
    return len(list(session.scalars(sa.update(Delivery).where(waiting).values(**end).returning(Delivery.id))))


def let_some_go(session: Session, programme_id: int, messages: Collection[int], *, send: bool) -> int:
    """A person's word on some messages of held mailings; 0 if not all of them wait any more."""
    mine = sa.and_(Delivery.programme_id == programme_id, Delivery.state == S.DRAFT)
    for some in _slices(sorted(set(messages))):
        waiting = sa.select(Delivery.id).where(mine, Delivery.id.in_(some)).order_by(Delivery.id).with_for_update()
        if len(session.scalars(waiting).all()) != len(some):
            return 0
    end = {"state": S.QUEUED.value if send else S.CANCELLED.value, "released": True}
    for some in _slices(sorted(set(messages))):
        session.execute(sa.update(Delivery).where(mine, Delivery.id.in_(some)).values(**end))
    return len(set(messages))


def unbundle(session: Session) -> int:
    """Bundles of which nobody has begun to post anything come apart, to be made anew; how many messages wait again."""
    part = aliased(Delivery)
    holds = sa.exists().where(part.carrier_id == Delivery.id, part.state == S.BUNDLED)
    whole = sa.select(Delivery.id).where(Delivery.state == S.QUEUED, Delivery.began_at.is_(None), holds)
    free = 0
    # locked first: of a bundle that is being posted nothing may wait by itself as well
    for some in _slices(session.scalars(whole.order_by(Delivery.id).with_for_update()).all()):
        mine = sa.and_(Delivery.carrier_id.in_(some), Delivery.state == S.BUNDLED)
        again = sa.update(Delivery).where(mine).values(state=S.QUEUED.value, carrier_id=None)
        free += len(list(session.scalars(again.returning(Delivery.id))))
    return free


def bundle(session: Session, units: Iterable[Sequence[int]]) -> int:
    """Of each unit the others go inside the first; how many. A unit whose first was taken meanwhile stays as it was."""
    wanted = {unit[0]: unit[1:] for unit in units if len(unit) > 1}
    still: list[int] = []
    for some in _slices(list(wanted)):  # locked: what went into one that is being posted would be called sent, unsent
        query = sa.select(Delivery.id).where(Delivery.id.in_(some), Delivery.state == S.QUEUED).order_by(Delivery.id)
        still += session.scalars(query.with_for_update())
    inside = [{"which": one, "carrier": first} for first in still for one in wanted[first]]
    if inside:
        session.connection().execute(_INTO, inside)
    for some in _slices([one["which"] for one in inside]):
        went = session.scalars(sa.select(Delivery.id).where(Delivery.id.in_(some), Delivery.state == S.BUNDLED)).all()
        session.execute(_NO_BUNDLE_IN_A_BUNDLE.where(Delivery.carrier_id.in_(went)))
    return len(inside)


def postpone(session: Session, ids: Sequence[int], to: date) -> None:
    """These messages wait for another day."""
    wanted = sa.and_(Delivery.id.in_(ids), Delivery.state == S.QUEUED)
    session.execute(sa.update(Delivery).where(wanted).values(due_on=to))


def got(
    session: Session, people: Collection[int], since: date, today: date, without: Collection[str] = ()
) -> dict[int, tuple[int, int]]:
    """How many mails each of these people got today, and since that day.

    What came inside another does not count, nor do the e-mails in `without`.
    """
    found: dict[int, tuple[int, int]] = {}
    for some in _slices(list(people)):
        found |= _got(session, some, since, today, without)
    return found


def _got(
    session: Session, people: Sequence[int], since: date, today: date, without: Collection[str]
) -> dict[int, tuple[int, int]]:
    sent = (
        Delivery.person_id.in_(people),
        Delivery.state.in_((S.SENT, S.SENDING, S.LEASED)),
        Delivery.carrier_id.is_(None),
        Delivery.template.not_in(list(without)),
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
