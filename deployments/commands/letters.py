"""`baken mail letters`: what waits for people without a mailbox, as one file to print."""

import os
from datetime import date
from pathlib import Path

from deployments import quiet, terminal  # noqa: F401 - quiet before Prefect


def letters(slug: str, place: Path, /, *, again: date | None = None, json: bool = False) -> int:
    """Write the letters that wait to one PDF, ready for envelopes with a window, and note that they are printed.

    Args:
        slug: The programme.
        place: The file to write, or a folder for it. A file that is there already stays as it is.
        again: The letters that were printed on that day once more, as YYYY-MM-DD; nothing new is noted.
        json: One JSON object instead of words.

    """
    from models import installation, programme, schema
    from models.base import transaction
    from tasks.letters import held, mark_printed, print_letters, print_these

    schema.upgrade()
    with transaction() as session:
        today = installation.today(session, programme.by_slug(session, slug).rules.time_zone)
    file = place / f"letters-{slug}-{again or today}.pdf" if place.is_dir() else place
    if file.exists():
        terminal.err.print(f"{file} is there already; name another file.", markup=False)
        return 1
    pdf, ids = print_letters(slug, today, again=again)
    if not ids:
        return _told(None, 0, 0 if again else held(slug, today), json=json)
    try:
        write_new(file, pdf)
    except OSError as error:
        terminal.err.print(f"{file} cannot be written ({error.strerror}); every letter still waits.", markup=False)
        return 1
    if again is None and (mine := mark_printed(ids, today)) != sorted(ids):  # somebody printed at the same time
        pdf, ids = print_these(slug, mine, today) if mine else (b"", [])
        if not ids:
            file.unlink()
            return _told(None, 0, held(slug, today), json=json)
        beside = file.with_name(f"{file.name}.mine")
        write_new(beside, pdf)
        beside.replace(file)
    return _told(file, len(ids), 0 if again else held(slug, today), json=json)


def _told(file: Path | None, number: int, waiting: int, *, json: bool) -> int:
    """What was done and what is next; 1 where letters wait that could not be made."""
    if json:
        terminal.as_json({"letters": number, "file": str(file) if file else None, "waiting": waiting})
    elif file is None:
        terminal.say("No letter was printed.")
    else:
        what = "1 letter is" if number == 1 else f"{number} letters are"
        terminal.say(f"{what} in {file}: print it, one letter an envelope; the order is site, department, name.")
    if waiting:
        who = "1 letter still waits" if waiting == 1 else f"{waiting} letters still wait"
        terminal.err.print(f"{who}; log/errors.log of BAKEN_HOME tells what kept them.", markup=False)
    return 1 if waiting else 0


def write_new(file: Path, content: bytes) -> None:
    """A new file that only its owner reads, safe on disk when this returns. Raises OSError, and leaves nothing then."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
    except OSError:
        file.unlink(missing_ok=True)
        raise
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
