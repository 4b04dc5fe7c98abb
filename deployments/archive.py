"""The archive of a backup: one ZIP file, for its owner alone, with a manifest that vouches for what is in it."""

import hashlib
import os
import shutil
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from models.copying import CopyFailed, Kind
from models.event import Head

MANIFEST, PART = "manifest.json", 1 << 20
DATABASE = {"sqlite": "baken.db", "postgresql": "baken.dump"}


class BadArchive(CopyFailed):
    """The file is no backup, or it is damaged; the text says which part."""


class Manifest(BaseModel):
    """What a backup holds. `files` maps a name in the archive to the SHA-256 of what it holds, in hexadecimal digits.

    `counts` are the rows of each table, `place` and `mark` where the trail's chain ended. `secret_mark` tells two keys
    of links apart without telling either.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    form: Literal[1] = 1
    made_at: datetime
    version: str
    kind: Kind
    revision: str
    counts: dict[str, int]
    place: int
    mark: str
    secret_mark: str
    with_master_key: bool
    files: dict[str, str]

    @property
    def head(self) -> Head:
        """Where the trail's chain ended."""
        return Head(self.place, self.mark)


def digest_of(file: IO[bytes]) -> str:
    """The SHA-256 of a file, read piece by piece."""
    found = hashlib.sha256()
    while piece := file.read(PART):
        found.update(piece)
    return found.hexdigest()


def digests(files: Mapping[str, Path]) -> dict[str, str]:
    """The digest of each of these files, by their name in the archive."""
    found = {}
    for name, path in files.items():
        with path.open("rb") as file:
            found[name] = digest_of(file)
    return found


def write(to: Path, manifest: Manifest, files: Mapping[str, Path]) -> None:
    """Write the archive whole or not at all, and read it once more before it gets its name. Raises BadArchive."""
    unfinished = to.with_name(f".{to.name}.part")
    unfinished.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
                for name, path in files.items():
                    archive.write(path, name)
            out.flush()
            os.fsync(out.fileno())
        check(unfinished)
        unfinished.replace(to)
    finally:
        unfinished.unlink(missing_ok=True)


def check(path: Path) -> Manifest:
    """Read every byte and compare it with the manifest, which it gives. Raises BadArchive."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = Manifest.model_validate_json(archive.read(MANIFEST))
            if {*archive.namelist()} != {MANIFEST, *manifest.files} or DATABASE[manifest.kind] not in manifest.files:
                raise BadArchive(f"{path} does not hold what its manifest says")
            for name, wanted in manifest.files.items():
                with archive.open(name) as part:
                    if digest_of(part) != wanted:
                        raise BadArchive(f"{name} in {path} is not what was backed up")
    except (zipfile.BadZipFile, KeyError, ValidationError, OSError, EOFError) as wrong:
        raise BadArchive(f"{path} is no backup of Baken, or is damaged ({type(wrong).__name__})") from None
    return manifest


def take_out(path: Path, name: str, to: Path) -> None:
    """Write one file of the archive to a path, for its owner alone."""
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    own = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    with zipfile.ZipFile(path) as archive, archive.open(name) as part, os.fdopen(os.open(to, own, 0o600), "wb") as out:
        shutil.copyfileobj(part, out)


def programmes(manifest: Manifest) -> list[str]:
    """The programme files in it; a name that leads out of its folder is left out."""
    return [name for name in manifest.files if PurePosixPath(name).match("programmes/*.toml") and name.count("/") == 1]
