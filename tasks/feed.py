"""The people feed: a folder in which HR leaves its file, taken in by itself (CAP-190).

A file is taken once nothing has touched it for a minute: the change time of its inode counts, which no copy can preset
and which a rename sets, too. Names that begin with a dot or end as unfinished copies do are left alone, so it is best
to write under such a name and to rename. A file moves to `taking`, and from there to `done`, `held` or `refused`.
Names of files may be personal: Prefect and the database get digests and counts.
"""

import os
import stat
import time as clock
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from framework.feed import is_unusual
from models import feed, installation, watch
from models.base import reading, transaction
from models.settings import settings
from tasks.roster import MAX_BYTES, ImportReport, RosterError, apply_import, propose_import
from tasks.step import keep_error, step

ROUND_SECONDS = 840.0  # a round ends before the next one of the schedule begins
SETTLED_SECONDS = 60.0
KEEP = timedelta(days=35)  # what was taken or refused is thrown away then: these files hold names
UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".swp", "~")
COLUMNS = "columns.toml"  # beside the files: which column is which, as `baken roster import --map` reads it
FOLDERS = ("taking", "done", "held", "refused")


class LostRound(RuntimeError):
    """Somebody else holds the round by now: what this one was about to write is undone."""


@step
def is_set() -> bool:
    """Whether a folder is set."""
    return settings().feed is not None


@step
def begin_round() -> str:
    """Take the round of the feed; its token, or nothing where another one is going on."""
    token = uuid4().hex
    with transaction() as session:
        mine = watch.claim(session, "roster", token, seconds=ROUND_SECONDS, now=installation.now())
    return token if mine else ""


@step
def take_files(token: str) -> dict[str, int]:
    """Take every whole file, the oldest first; how many were taken, held, refused, and how many rows were not taken.

    `away` is 1 where the folder cannot be read. A file that a crash left in `taking` goes first.
    """
    folder = settings().feed
    if folder is None or not folder.is_dir():
        return {"away": 1}
    for name in FOLDERS:
        (folder / name).mkdir(mode=0o700, exist_ok=True)
    with reading() as session:
        today = installation.today(session)
    found: Counter[str] = Counter()
    _release(folder)
    for path in [*_files(folder / "taking"), *_whole(folder)]:
        found += _take(_into(path, folder / "taking"), folder, token, today)
    _forget(folder)
    return dict(found)


@step
def end_round(token: str) -> None:
    """The round is over, and was held."""
    with transaction() as session:
        watch.end(session, "roster", token, now=installation.now())


def by_hand(path: Path) -> Callable[[Session, ImportReport], None]:
    """What an import by hand writes down beside it: a held file that a person applied counts as taken."""
    digest = _digest(path)

    def note(session: Session, report: ImportReport) -> None:
        feed.keep(session, digest, "taken", now=installation.now(), refused=len(report.refused))

    return note


def _files(folder: Path) -> list[Path]:
    """The plain files of a folder, the oldest change first; links are not followed."""
    plain = [(seen, path) for path in folder.iterdir() if stat.S_ISREG((seen := path.lstat()).st_mode)]
    return [path for _, path in sorted(plain, key=lambda one: (one[0].st_mtime, one[1].name))]


def _whole(folder: Path) -> Iterator[Path]:
    """The files that nobody is still writing."""
    for path in _files(folder):
        if path.name == COLUMNS or path.name.startswith(".") or path.name.lower().endswith(UNFINISHED):
            continue
        if clock.time() - path.lstat().st_ctime >= SETTLED_SECONDS:
            yield path


def _into(path: Path, folder: Path) -> Path:
    """Where nobody writes to it any more; a file of the same name that waits there stays as it is."""
    if path.parent == folder:
        return path
    there = folder / path.name
    return path.rename(folder / f"{uuid4().hex[:6]}-{path.name}" if there.exists() else there)


def _take(path: Path, folder: Path, token: str, today: date) -> Counter[str]:
    """One file, to its end; a race with somebody who changes people leaves it for the next round."""
    try:
        return _decide(path, folder, token, today)
    except RosterError as wrong:
        return _refuse(path, folder, str(wrong))
    except (SQLAlchemyError, OSError, LostRound):
        raise
    except Exception as error:  # noqa: BLE001 - a file that nobody foresaw stops no other
        number = keep_error("feed.take", error)
        return _refuse(path, folder, f"It could not be read; the rest stands in log/errors.log, under {number}.")


def _decide(path: Path, folder: Path, token: str, today: date) -> Counter[str]:
    if path.stat().st_size > MAX_BYTES:
        raise RosterError(f"larger than {MAX_BYTES // 1_000_000} MB")
    digest, mapping = _digest(path), folder / COLUMNS
    columns = mapping if mapping.exists() else None
    with transaction() as session:
        last = feed.newest(session, "taken")
        if last is not None and last.digest == digest:  # a crash came between, or HR sent the same again
            feed.keep(session, digest, "taken", now=installation.now(), refused=last.refused)
            return _away(path, folder / "done", digest, "same")
    plan = propose_import(path, columns, today)
    if _is_unusual(plan):
        with transaction() as session:
            feed.keep(session, digest, "held", now=installation.now())
        _report(folder / "held", digest, ["Look at it: `baken roster import` shows what it would do.", *_counts(plan)])
        return _away(path, folder / "held", digest, "held")

    def also(session: Session, report: ImportReport) -> None:
        if not watch.holds(session, "roster", token, now=installation.now()):
            raise LostRound
        feed.keep(session, digest, "taken", now=installation.now(), refused=len(report.refused))

    try:
        done = apply_import(path, columns, today, expected=plan.digest, actor="feed", also=also)
    except RosterError:  # the people changed since the plan was made
        return Counter({"again": 1})
    if done.refused:
        rows = [f'Row {one.row}, column "{one.column}": {one.reason}' for one in done.refused]
        _report(folder / "refused", digest, [*_counts(done), *rows])
    return _away(path, folder / "done", digest, "taken") + Counter({"rows refused": len(done.refused)})


def _is_unusual(plan: ImportReport) -> bool:
    known = len(plan.changed) + len(plan.unchanged) + len(plan.left) + len(plan.missing)
    leaving = len(plan.left) + sum("left_on" in one.fields and bool(one.entry.left_on) for one in plan.changed)
    moving = sum("email" in one.fields for one in (*plan.changed, *plan.left))
    return is_unusual(leaving=leaving, moving=moving, known=known, share=settings().feed_share)


def _refuse(path: Path, folder: Path, why: str) -> Counter[str]:
    """A file of which nothing was taken, with a report beside it."""
    digest = _digest(path)
    with transaction() as session:
        feed.keep(session, digest, "refused", now=installation.now())
    _report(folder / "refused", digest, [why.replace("\n", " ")])
    return _away(path, folder / "refused", digest, "refused")


def _counts(report: ImportReport) -> list[str]:
    return [f"{kind}: {number}" for kind, number in report.counts().items()]


def _report(folder: Path, digest: str, lines: list[str]) -> None:
    """Rows, columns and reasons, no cell of the file; its owner alone may read it."""
    path = folder / f"{digest[:12]}.report"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write("\n".join([f"{installation.now():%Y-%m-%d %H:%M} UTC", *lines, ""]))


def _away(path: Path, folder: Path, digest: str, kind: str) -> Counter[str]:
    path.rename(folder / f"{digest[:12]}-{path.name}")
    return Counter({kind: 1})


def _release(folder: Path) -> None:
    """A held file that a person has applied by hand is done, and so is its report."""
    for path in _files(folder / "held"):
        if path.suffix == ".report":
            continue
        digest = _digest(path)
        with transaction() as session:
            applied = feed.is_taken(session, digest)
        if applied:
            (folder / "held" / f"{digest[:12]}.report").unlink(missing_ok=True)
            path.rename(folder / "done" / path.name)
    kept = {path.name[:12] for path in _files(folder / "held") if path.suffix != ".report"}
    for path in _files(folder / "held"):
        if path.suffix == ".report" and path.stem not in kept:
            path.unlink()


def _forget(folder: Path) -> None:
    """What was done with long ago goes: these files hold names."""
    before = clock.time() - KEEP.total_seconds()
    for path in [*_files(folder / "done"), *_files(folder / "refused")]:
        if path.lstat().st_ctime < before:
            path.unlink()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return sha256(file.read(MAX_BYTES + 1)).hexdigest()
