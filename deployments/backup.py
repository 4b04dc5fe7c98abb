"""`baken backup`: everything that an installation is, in one file, while it runs."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory

from deployments import archive
from models import copying, ledger
from models.anchors import anchor_file
from models.settings import master_key_file, secret_key, settings

SECRET, MASTER, LEDGER, ANCHORS = "secret.key", "master.key", "erasures.jsonl", "audit-heads.log"
NAMED = "baken-*.zip"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made: where it is, how large in bytes, and what it holds."""

    path: Path
    size: int
    manifest: archive.Manifest


def own_version() -> str:
    """The version of Baken that runs; `unknown` in a folder that was never installed."""
    try:
        return version("baken")
    except PackageNotFoundError:
        return "unknown"


def secret_mark() -> str:
    """What tells this installation's key of links from another one."""
    return hmac.new(secret_key(), b"which key", sha256).hexdigest()[:16]


def standard_path(at: datetime) -> Path:
    """Where a backup goes unless somebody says otherwise."""
    return settings().home / "backups" / f"baken-{at:%Y%m%d-%H%M%S-%f}.zip"


def make(path: Path | None = None, *, with_master_key: bool = False) -> Backup:
    """Back everything up to a new file of mode 600, and read it once more. Raises CopyFailed, FileExistsError."""
    at = datetime.now(UTC)
    to = path or standard_path(at)
    if to.exists():
        msg = f"{to} is there already; choose another name"
        raise copying.CopyFailed(msg)
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(dir=to.parent, prefix=".backup-") as scratch:
        name = archive.DATABASE[copying.kind()]
        copied = copying.copy_out(Path(scratch) / name)
        mark = secret_mark()  # makes the key where there was none
        files = {name: Path(scratch) / name} | _beside(with_master_key=with_master_key)
        manifest = archive.Manifest(
            made_at=at,
            version=own_version(),
            kind=copying.kind(),
            revision=copied.revision,
            counts=copied.counts,
            place=copied.head.place,
            mark=copied.head.mark,
            secret_mark=mark,
            with_master_key=MASTER in files,
            files=archive.digests(files),
        )
        archive.write(to, manifest, files)
    return Backup(to, to.stat().st_size, manifest)


def _beside(*, with_master_key: bool) -> dict[str, Path]:
    """The files beside the database that there are."""
    home = settings().home
    files = {f"programmes/{one.name}": one for one in sorted((home / "programmes").glob("*.toml"))}
    files |= {LEDGER: ledger.path(), ANCHORS: anchor_file()}
    if not settings().secret_key.get_secret_value():
        files[SECRET] = home / SECRET
    if with_master_key and not settings().master_keys.get_secret_value():
        files[MASTER] = master_key_file()
    return {name: path for name, path in files.items() if path.is_file()}


def drop_old(folder: Path, days: int, at: datetime) -> int:
    """Take away the backups in that folder that are older than so many days; how many went."""
    old = [one for one in folder.glob(NAMED) if one.stat().st_mtime < (at - timedelta(days=days)).timestamp()]
    for one in old:
        one.unlink()
    return len(old)
