"""How fast mail may go, and whether it may go: one row a relay (`relay:<host>:<port>`) or domain (`domain:<name>`).

Several processes ask at once: what two could take is decided by a lock on the row or a conditional UPDATE. Clocks are
seconds since 1970, rates are messages a minute; both are arguments, and so are the dice. Whoever asks for several keys
in one transaction asks in their order, or two senders wait for each other.
"""

from math import floor
from random import Random

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, insert_once

BURST_SECONDS = 10.0
"""What was not sent for so long may go at once."""

SLOW_SECONDS, SLOWEST, FIRST_SLOW = 900.0, 1.0, 60.0
"""How long a slower rate lasts, the slowest there is, and the first one where no rate was set."""

WAVE_SECONDS = 10.0
"""Complaints so soon after one another are one: every connection gets the same answer."""

OPEN_FIRST, OPEN_MOST, OPEN_FOR_GOOD = 5.0, 300.0, 3600.0
"""How long the breaker stays open: at first, at most, and where waiting will not help."""

PROBE_SECONDS = 60.0
"""How long one sender has to find out whether the relay is back; longer than a connection takes to fail."""

CLOCKS_DIFFER = 120.0
"""How far the clocks of two senders may lie apart; what lies further ahead was written by a clock that was wrong."""

NEARLY = 1e-3  # of a message: clocks are floats
DOWN, LOGIN, PROBING = "down", "login", "probing"


class Pace(Base):
    """One relay or domain: when the next message may go, and until when none may.

    `next_at` is when all that was taken will have been paid off; `per_minute` is the rate of now, 0 for no limit, and
    a slower one until `slowed_until`. `failures` counts how often the breaker opened since mail last went.
    """

    __tablename__ = "pace"

    key: Mapped[str] = mapped_column(sa.String(300), unique=True)
    next_at: Mapped[float] = mapped_column(sa.Double, default=0.0)
    per_minute: Mapped[float] = mapped_column(sa.Double, default=0.0)
    slowed_until: Mapped[float] = mapped_column(sa.Double, default=0.0)
    failures: Mapped[int] = mapped_column(default=0)
    closed_until: Mapped[float] = mapped_column(sa.Double, default=0.0)
    reason: Mapped[str] = mapped_column(sa.String(20), default="")


def take(session: Session, key: str, per_minute: float, wanted: int, *, clock: float) -> int:
    """How many of `wanted` messages may go now; they count as gone. `per_minute` is the rate as set, 0 for no limit.

    At most ten seconds' worth goes at once, and at least one. A relay that asked for less gets less for a while.
    """
    if wanted <= 0:
        return 0
    if per_minute <= 0:
        seen = _seen(session, key)
        if seen is None or not seen.per_minute:  # nothing to write down
            return wanted
    row = _locked(session, key)
    rate = max(per_minute, 0.0)
    if _is_slowed(row, clock):
        rate = min(rate, row.per_minute) if rate else row.per_minute
    row.per_minute = rate
    if not rate:
        return wanted
    paid_off = _paid_off(row, clock)
    room = floor((clock + _burst(rate) * 60 / rate - paid_off) * rate / 60 + NEARLY)
    taken = max(0, min(wanted, room))
    row.next_at = paid_off + taken * 60 / rate
    return taken


def wait_for(session: Session, key: str, clock: float) -> float:
    """Seconds until the next message may go at the rate of now, 0 when it may go at once."""
    row = _seen(session, key)
    if row is None or not row.per_minute:
        return 0.0
    each = 60 / row.per_minute
    return max(0.0, _paid_off(row, clock) + each - _burst(row.per_minute) * each - clock)


def slow_down(session: Session, key: str, *, clock: float) -> None:
    """The relay asked for less (421, 454): half the rate for 15 minutes, not below one a minute; then the old one."""
    row = _locked(session, key)
    if _is_slowed(row, clock) and row.slowed_until > clock + SLOW_SECONDS - WAVE_SECONDS:
        return
    row.per_minute = max(row.per_minute / 2, SLOWEST) if row.per_minute else FIRST_SLOW
    row.slowed_until = clock + SLOW_SECONDS


def trip(session: Session, key: str, *, clock: float, dice: Random, for_good: bool = False) -> float:
    """The relay is down: no mail for a while, twice as long each time; an hour when waiting will not help (`for_good`).

    The seconds until somebody may try again. Senders that fail together open the breaker once.
    """
    row = _locked(session, key)
    is_open = row.reason in (DOWN, LOGIN) and not _may_probe(row.closed_until, clock)
    if is_open and (row.reason == LOGIN or not for_good):
        return row.closed_until - clock
    longest = OPEN_FOR_GOOD if for_good else min(OPEN_FIRST * 2.0 ** min(row.failures, 10), OPEN_MOST)
    seconds = longest * dice.uniform(0.85, 1.0)
    row.failures += 1
    row.closed_until, row.reason = clock + seconds, LOGIN if for_good else DOWN
    return seconds


def closed(session: Session, key: str, *, clock: float) -> float:
    """Seconds that no mail may go, 0 when it may.

    When the time is over, one sender alone is told 0: it tries, and says `well` or `trip`. The others wait meanwhile.
    """
    row = _seen(session, key)
    if row is None or not row.failures:
        return 0.0
    if not _may_probe(row.closed_until, clock):
        return row.closed_until - clock
    mine = (
        sa.update(Pace)
        .where(Pace.key == key, Pace.failures > 0, Pace.closed_until == row.closed_until)
        .values(closed_until=clock + PROBE_SECONDS, reason=PROBING)
        .execution_options(synchronize_session=False)
    )
    won = session.scalar(mine.returning(Pace.id)) is not None
    return 0.0 if won else PROBE_SECONDS


def well(session: Session, key: str) -> None:
    """Mail went: the breaker is shut and its count begins anew. Writes nothing when nothing was wrong."""
    session.execute(
        sa.update(Pace)
        .where(Pace.key == key, Pace.failures > 0)
        .values(failures=0, closed_until=0.0, reason="")
        .execution_options(synchronize_session=False)
    )


def _seen(session: Session, key: str) -> Pace | None:
    """The row as it is now, without a lock."""
    return session.scalar(sa.select(Pace).where(Pace.key == key).execution_options(populate_existing=True))


def _locked(session: Session, key: str) -> Pace:
    """The row, made if need be, for us alone until the transaction ends."""
    mine = sa.select(Pace).where(Pace.key == key).with_for_update().execution_options(populate_existing=True)
    row = session.scalar(mine)
    if row is None:
        insert_once(session, Pace, key=key)
        row = session.scalars(mine).one()
    return row


def _burst(rate: float) -> int:
    """How many messages may go at once at this rate."""
    return max(1, floor(rate * BURST_SECONDS / 60))


def _paid_off(row: Pace, clock: float) -> float:
    """When what was taken is paid off, not before now."""
    full = _burst(row.per_minute) * 60 / row.per_minute
    if row.next_at > clock + full + CLOCKS_DIFFER:
        return clock + full
    return max(row.next_at, clock)


def _is_slowed(row: Pace, clock: float) -> bool:
    """Whether the slower rate still holds."""
    return clock < row.slowed_until <= clock + SLOW_SECONDS + CLOCKS_DIFFER


def _may_probe(closed_until: float, clock: float) -> bool:
    """Whether the breaker's time is over; one that is open for longer than can be was opened by a wrong clock."""
    return not clock < closed_until <= clock + OPEN_FOR_GOOD + CLOCKS_DIFFER
