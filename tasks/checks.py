"""What is looked at on this machine and in its database: shared by `baken doctor` and by the watchdog.

Each check yields findings and raises nothing for what is wrong. What the watchdog minds bears a code of
`framework.watch.MEANINGS`; the doctor shows the whole.
"""

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from framework.programme import PHASES
from framework.watch import MEANINGS, Finding
from framework.working_time import may_post
from models import delivery, feed, installation, keyring, programme, schema, sending, watch
from models.base import engine, reading
from models.settings import master_key_file, secret_key, settings
from notifications.settings import MailSettings
from tasks.manners import place_of_row, rules_of
from tasks.stage import may_open

SAMPLE = 500  # people's keys that are opened to see whether they do
SILENT = timedelta(minutes=30)  # six rounds of the mail, three of the watchdog
BEYOND = timedelta(minutes=10)  # after the end of a lease: two rounds of the mail, each of which takes over
ROOM = 1_000_000_000  # bytes that should be free on the disk
OWNER_ALONE = 0o600


def minded(code: str, what: str, found: str, number: int = 0) -> Finding:
    """A finding that the watchdog tells of."""
    return Finding(what, "wrong", found, MEANINGS[code].do, code, number)


def secret() -> Iterator[Finding]:
    """The key of the links: its file is its owner's alone."""
    path = settings().home / "secret.key"
    if settings().secret_key.get_secret_value():
        yield Finding("secret key", "ok", "from BAKEN_SECRET_KEY")
        return
    secret_key()
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode == OWNER_ALONE:
        yield Finding("secret key", "ok", f"{path}, mode {mode:o}")
    else:
        yield Finding("secret key", "wrong", f"{path}, mode {mode:o}", f"chmod 600 {path}", "keys-wrong", 1)


def seals() -> Iterator[Finding]:
    """The master key: its file is its owner's alone, and people's keys open with it."""
    path = master_key_file()
    if settings().master_keys.get_secret_value():
        where = "from BAKEN_MASTER_KEYS"
    elif path.exists() and (mode := stat.S_IMODE(path.stat().st_mode)) != OWNER_ALONE:
        yield Finding("master key", "wrong", f"{path}, mode {mode:o}", f"chmod 600 {path}", "keys-wrong", 1)
        return
    else:
        where = f"{path}, mode 600" if path.exists() else f"{path} does not exist yet"
    try:
        opens, lost = keyring.sample(SAMPLE) if schema.is_current() else (0, 0)
    except sa.exc.SQLAlchemyError:  # the finding on the database says so
        opens, lost = 0, 0
    except ValueError:
        advice = "See docs/operator.md, Keys."
        yield Finding("master key", "wrong", f"{where}: it is not a key", advice, "keys-wrong", 1)
        return
    finally:
        engine().dispose()
    if lost:
        advice = "Put the older master key back; see docs/operator.md, Keys."
        found = f"{where}: {lost} of {opens + lost} people's keys do not open"
        yield Finding("master key", "wrong", found, advice, "keys-wrong", lost)
    else:
        yield Finding("master key", "ok", f"{where}; {opens} people's keys looked at")


def disk() -> Iterator[Finding]:
    """Whether there is room where Baken keeps its files."""
    home = settings().home
    if not home.exists():
        return
    free = shutil.disk_usage(home).free
    found = f"{free // 1_000_000} MB free at {home}"
    yield Finding("disk", "ok", found) if free >= ROOM else minded("disk-full", "disk", found)


def tables() -> Iterator[Finding]:
    """Whether the database has the tables of this version, no older and no newer ones."""
    if schema.is_current() and not schema.is_newest():
        yield minded("tables-old", "tables", "the database is at another revision")


def rounds() -> Iterator[Finding]:
    """Whether the rounds that go by the clock are held. Where none ever was, cron may do the work: that is no fault."""
    now = installation.now()
    with reading() as session:
        last = watch.last_rounds(session)
        runs = any(not programme.is_over(session, one.id) for one in programme.all_programmes(session))
    for name, what in (("mail", "round of the mail"), ("watch", "round of the watchdog")):
        at = last.get(name)
        if at is None or not runs:
            yield Finding(what, "note", "none yet", "`baken serve` holds them.")
        elif now - at <= SILENT:
            yield Finding(what, "ok", f"{_minutes(now - at)} minutes ago")
        elif name == "mail":
            yield minded("mail-silent", what, f"{_minutes(now - at)} minutes ago")
        else:
            yield Finding(what, "wrong", f"{_minutes(now - at)} minutes ago", "See whether `baken serve` runs.")


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)


def outbox() -> Iterator[Finding]:
    """Whether mail goes: nothing is stuck, what may go does, and nobody wonders whether something arrived."""
    with reading() as session:
        stuck = watch.stuck(session, (installation.now() - BEYOND).timestamp())
        unsure = len(delivery.unsure(session))
        waiting = 0 if installation.is_rehearsal(session) else _waiting(session)
        failures = _failures(session)
    if stuck:
        yield minded("mail-stuck", "outbox", f"{stuck} held by a sender that is gone", stuck)
    if unsure:
        yield minded("mail-unsure", "outbox", f"{unsure} mails of which nobody knows whether they arrived", unsure)
    if waiting and not MailSettings().smtp_host:
        yield minded("relay-unset", "outbox", f"{waiting} mails wait, and no relay is set", waiting)
    elif failures:
        yield minded("relay-down", "outbox", f"the relay was not there {failures} times in a row", failures)
    elif waiting:
        yield minded("mail-waits", "outbox", f"{waiting} mails may go, and none went in half an hour", waiting)
    if not (stuck or unsure or waiting or failures):
        yield Finding("outbox", "ok", "nothing is stuck")


def _failures(session: Session) -> int:
    """How often in a row the relay was not there, while mail waits for it."""
    relay = MailSettings()
    waits = delivery.waits(session, installation.today(session))
    return watch.relay_failures(session, f"relay:{relay.smtp_host}:{relay.smtp_port}") if waits else 0


def _waiting(session: Session) -> int:
    """Messages that may go at this hour where they go, and could have for half an hour; 0 while any mail goes."""
    now, today = installation.now(), installation.today(session)
    since = now - SILENT
    if watch.last_posted(session) > since.timestamp():
        return 0
    places = [
        one
        for one in sending.waiting_places(session, today)
        if all(may_post(at, place_of_row(session, *one), rules_of(session, one[0])) for at in (since, now))
    ]
    return watch.could_have_gone(session, today, places, since.timestamp())


def programmes() -> Iterator[Finding]:
    """Whether what was due on an earlier day was done, in every programme."""
    behind = {}
    with reading() as session:
        for row in programme.all_programmes(session):
            today = installation.today(session, row.rules.time_zone)
            if late := [m.phase for m in programme.milestones(session, row.id) if _is_behind(session, m, today)]:
                behind[row.slug] = late
    found = "; ".join(f"{slug}: {', '.join(sorted(set(late), key=PHASES.index))}" for slug, late in behind.items())
    if behind:
        yield minded("programme-behind", "programmes", f"due before today, not done: {found}", len(behind))
    else:
        yield Finding("programmes", "ok", "nothing is left from an earlier day")


def _is_behind(session: Session, milestone: programme.Milestone, today: date) -> bool:
    due = milestone.wake_on or today
    open_ = milestone.finished_on is None and max(due, milestone.opens_on) < today
    return open_ and may_open(session, milestone)


def people_feed() -> Iterator[Finding]:
    """Whether HR's files come, and are taken."""
    folder, days = settings().feed, settings().feed_silent_days
    if folder is None:
        return
    if not (folder.is_dir() and os.access(folder, os.R_OK | os.W_OK | os.X_OK)):
        yield minded("feed-away", "people feed", f"{folder} is not a folder that can be read")
        return
    with reading() as session:
        last, newest = feed.newest(session, "taken"), feed.newest(session)
    held = sum(one.suffix != ".report" for one in (folder / "held").glob("*"))
    if held:
        yield minded("feed-held", "people feed", f"{held} files in {folder / 'held'}", held)
    if newest and newest.fate == "refused":
        yield minded("feed-refused", "people feed", f"see the report in {folder / 'refused'}")
    elif newest and newest.fate == "taken" and newest.refused:
        yield minded("feed-rows", "people feed", f"see the report in {folder / 'refused'}", newest.refused)
    if last and days and installation.now() - last.at > timedelta(days=days):
        yield minded("feed-silent", "people feed", f"the last file was taken on {last.at:%Y-%m-%d}", days)
    elif not held:
        yield Finding("people feed", "ok", str(folder))
