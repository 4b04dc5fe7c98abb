"""`baken backup` and `baken restore`: an installation in one file, and back (docs/operator.md, Procedures)."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deployments import quiet, terminal  # noqa: F401 - quiet before Prefect

WITH_MASTER = """This backup holds master.key: whoever has the file can read all that people confided. Keep it where
nobody else comes, and apart from other backups."""
SHOWN = ("person", "programme", "participant", "request", "response", "delivery", "event")


def backup(
    file: Path | None = None, /, *, with_master_key: bool = False, keep: int | None = None, json: bool = False
) -> int:
    """Back everything up to one file of mode 600, while it runs: database, key of links, programmes, ledger, anchors.

    Args:
        file: A file that is not there yet; in `backups` of BAKEN_HOME unless you say otherwise.
        with_master_key: Put master.key into it, too. Without it nobody reads what people confided; keep it elsewhere.
        keep: Take away the backups of more than so many days ago from the same folder, once this one is made.
        json: One JSON object instead of words.

    """
    from deployments.backup import drop_old, make

    if with_master_key:
        terminal.err.print(WITH_MASTER, markup=False)
    made = make(file, with_master_key=with_master_key)
    gone = drop_old(made.path.parent, keep, datetime.now(UTC)) if keep is not None else 0
    told = made.manifest
    if json:
        terminal.as_json({"file": str(made.path), "bytes": made.size, "dropped": gone, **told.model_dump(mode="json")})
        return 0
    rows = sum(told.counts.values())
    terminal.say(f"{made.path}: {made.size} bytes, {rows} rows, revision {told.revision}; read again, and whole.")
    if not told.with_master_key:
        terminal.say("master.key is not in it: keep that somewhere else.")
    if gone:
        terminal.say(f"{gone} older backups are gone.")
    return 0


def restore(file: Path, /, *, replace: bool = False, keep_links: bool = False, json: bool = False) -> int:
    """Put a backup back, after everything that runs was stopped. Mails wait for your word afterwards.

    Exit 1 where it was refused, or where people's keys or the audit trail do not hold afterwards.

    Args:
        file: The backup.
        replace: There is an installation here: keep it aside in a folder, and put the backup in its place.
        keep_links: Leave links in mails open. Without it they all close, for some may have been taken back since.
        json: One JSON object instead of tables.

    """
    from deployments.restore import restore as put_back
    from models import keyring

    done = put_back(file, replace=replace, keep_links=keep_links)
    opens, lost = keyring.sample(500)
    if json:
        terminal.as_json({**_as_dict(done), "keys": {"open": opens, "lost": lost}})
    else:
        _tell(done, lost)
    return 0 if done.trail.holds and not lost else 1


def _as_dict(done: Any) -> dict[str, Any]:
    return {
        "made_at": done.manifest.made_at,
        "before": asdict(done.before) if done.before else None,
        "after": asdict(done.after),
        "aside": str(done.aside) if done.aside else None,
        "done": asdict(done.tidied),
        "erased": done.erased,
        "trail": asdict(done.trail),
    }


def _tell(done: Any, lost: int) -> None:
    before, after = done.before, done.after
    rows = [(name, before.counts.get(name, 0) if before else "", after.counts.get(name, 0)) for name in SHOWN]
    rows.append(("revision", before.revision if before else "", after.revision))
    rows.append(("trail, last link", before.head.place if before else "", after.head.place))
    terminal.table(f"Restored: the backup of {done.manifest.made_at:%Y-%m-%d %H:%M} UTC", ("", "before", "now"), rows)
    if done.aside:
        terminal.say(f"What was here before is kept in {done.aside}.")
    tidied = done.tidied
    terminal.say(f"Links closed: {tidied.links}; runs forgotten: {tidied.runs}; erased again: {done.erased}.")
    if tidied.mails:
        terminal.say(
            f"{tidied.mails} mails wait for your word: `baken mail held PROGRAMME`, then `baken mail release`."
        )
    if not done.trail.holds:
        terminal.say(f"The audit trail does not hold: {done.trail.fault}. See `baken audit verify`.")
    if lost:
        terminal.say(f"{lost} of people's keys do not open: put the master.key of that time in its place.")
