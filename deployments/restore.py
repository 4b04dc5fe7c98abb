"""`baken restore`: an installation from its backup, made safe to go on from.

1. The archive is read whole, and refused where it is damaged, of another kind of database, or of a newer version.
2. What is there is kept aside in a folder of its own; nothing is thrown away.
3. Database, keys and programme files are put in place, and the tables are brought up to date.
4. Links close, mails wait for a person's word, the calendar is placed anew, and who was erased since is erased again.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from deployments import archive
from deployments.backup import ANCHORS, LEDGER, MASTER, SECRET, secret_mark
from models import anchors, audit, copying, ledger, restored, schema
from models.base import transaction
from models.copying import CopyFailed, Standing
from models.restored import Tidied
from models.settings import master_key_file, settings
from tasks.erasing import replay


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done: what the database held before and holds now, where the old one is kept, who was erased again."""

    manifest: archive.Manifest
    before: Standing | None
    after: Standing
    aside: Path | None
    tidied: Tidied
    erased: int
    trail: audit.Verdict


def restore(path: Path, *, replace: bool = False, keep_links: bool = False) -> Restored:
    """Put a backup back; nothing may run beside it. Raises CopyFailed and BadArchive, and changes nothing then."""
    manifest = archive.check(path)
    if manifest.kind != copying.kind():
        msg = f"this is a backup of {manifest.kind}, and BAKEN_DATABASE_URL names a database of {copying.kind()}"
        raise CopyFailed(msg)
    if manifest.revision not in schema.revisions():
        msg = f"this backup is of a newer version of Baken ({manifest.version}): install that version, or a newer one"
        raise CopyFailed(msg)
    schema.refuse_newer()
    before = copying.standing() if schema.revision() else None
    if before and not replace and any(before.counts.get(name) for name in ("person", "programme")):
        raise CopyFailed("there is an installation here already; --replace keeps it aside and puts the backup there")
    settings().home.mkdir(parents=True, exist_ok=True, mode=0o700)
    same = _is_same(manifest)
    with TemporaryDirectory(dir=settings().home, prefix=".restore-") as scratch:
        copy = Path(scratch) / archive.DATABASE[manifest.kind]
        archive.take_out(path, copy.name, copy)
        if manifest.kind == "sqlite":
            _as_told(copying.look_into(copy), manifest)
        aside = _set_aside() if before else None
        with _back_again(aside):
            copying.put_in(copy)
            _as_told(copying.standing(), manifest)
    _put_files(path, manifest, aside, same=same)
    return _go_on(manifest, before, aside, keep_links=keep_links)


def _is_same(manifest: archive.Manifest) -> bool:
    """Whether the backup is of this installation: both have one key of links. Raises CopyFailed where none will fit.

    Links are signed with that key, and the ledger of erasures knows people by it alone.
    """
    same = secret_mark() == manifest.secret_mark
    if not same and (SECRET not in manifest.files or settings().secret_key.get_secret_value()):
        raise CopyFailed("the backup was made under another BAKEN_SECRET_KEY: set that one, and try again")
    return same


def _as_told(found: Standing, manifest: archive.Manifest) -> None:
    told = (manifest.revision, manifest.counts, manifest.head)
    if (found.revision, found.counts, found.head) != told:
        raise CopyFailed("what came out of the backup is not what its manifest says")


def _set_aside() -> Path:
    """Move the database to a folder that bears the moment, with copies of the files beside it."""
    home = settings().home
    folder = home / f"before-restore-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
    folder.mkdir(mode=0o700)
    try:
        copying.set_aside(folder)
    except CopyFailed:
        shutil.rmtree(folder)
        raise
    for one in (home / SECRET, home / MASTER, anchors.anchor_file()):
        if one.exists():
            shutil.copy2(one, folder)
    if (home / "programmes").exists():
        shutil.copytree(home / "programmes", folder / "programmes")
    return folder


@contextmanager
def _back_again(aside: Path | None) -> Iterator[None]:
    """What was set aside comes back when the backup cannot be put in its place."""
    try:
        yield
    except (CopyFailed, OSError):
        old = aside / archive.DATABASE[copying.kind()] if aside else None
        if old is not None and old.exists():
            copying.put_in(old)
        raise


def _put_files(path: Path, manifest: archive.Manifest, aside: Path | None, *, same: bool) -> None:
    home = settings().home
    if SECRET in manifest.files and not settings().secret_key.get_secret_value():
        archive.take_out(path, SECRET, home / SECRET)
    if aside and (home / "programmes").exists():
        shutil.rmtree(home / "programmes")  # the copies are aside
    for name in archive.programmes(manifest):
        archive.take_out(path, name, home / name)
    if ANCHORS in manifest.files and not (same and anchors.anchor_file().exists()):
        archive.take_out(path, ANCHORS, anchors.anchor_file())  # those of another installation bind another trail
    with TemporaryDirectory(dir=home, prefix=".restore-") as scratch:
        for name, there in ((MASTER, master_key_file()), (LEDGER, ledger.path())):
            if name in manifest.files:
                archive.take_out(path, name, Path(scratch) / name)
                _add_lines(Path(scratch) / name, there)


def _add_lines(new: Path, there: Path) -> None:
    """Lines that are not there yet go to the end of the file: no erasure and no key of today is lost."""
    known = there.read_bytes().splitlines() if there.exists() else []
    lines = [line for line in new.read_bytes().splitlines() if line not in known]
    if lines:
        there.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = there.with_name(f".{there.name}.new")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(b"\n".join([*known, *lines]) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(there)


def _go_on(manifest: archive.Manifest, before: Standing | None, aside: Path | None, *, keep_links: bool) -> Restored:
    schema.upgrade()
    anchors.keep(manifest.head, "restored")
    with transaction() as session:
        done = restored.tidy(session, manifest.head, links=not keep_links)
    came_back = copying.standing().counts["erasure"]
    replay()
    after = copying.standing()
    return Restored(manifest, before, after, aside, done, after.counts["erasure"] - came_back, audit.verify())
