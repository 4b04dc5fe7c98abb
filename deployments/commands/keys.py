"""`baken keys`: seal, open, renew and look after the keys of what people confide (docs/operator.md, Keys)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from cyclopts import App
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from deployments import quiet, terminal  # noqa: F401 - quiet before Prefect

app = App(name="keys", help="The keys of what people confide: seal, rotate, look.")
HOW_TO_SET = """The master keys are set in BAKEN_MASTER_KEYS. Put a new one in front there, with a comma after it, for
everything that runs; make it with:
python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"
Restart what runs, then run this command again."""
OPENED = """This lays open in the database everything that people confided: answers, profiles, reasons, mails. Whoever
reads the database or a backup of it from now on reads all of that. It is for going back to a version without seals, and
for nothing else. Stop `baken serve` and everything else that writes first; drafts are lost on the way back."""
GONE = """Keys that no master key opens will count as destroyed: what was sealed with them can never be read again, even
if the master key is found later. Look for the key file in your backups first."""


@app.command
def status(*, json: bool = False) -> int:
    """How the keys stand: how many there are, how many an older master key still wraps, and what stands open.

    Exit 0 where all is well, 1 where something is open or lost.

    Args:
        json: One JSON object instead of a table.

    """
    from models import keyring, schema

    schema.upgrade()
    found = keyring.standing()
    open_ = sum(found.open.values())
    if json:
        terminal.as_json(asdict(found))
    else:
        rows = [(name, found.sealed[name], found.open.get(name, 0)) for name in found.sealed]
        terminal.table("What people confide", ("table", "sealed", "open"), rows)
        terminal.say(f"Master keys: {found.master}. People's keys: {found.keys}; destroyed: {found.destroyed}.")
        terminal.say(f"Under an older master key: {found.old_master}; replaced by a newer one: {found.replaced}.")
        _advise(found.lost, open_, found.old_master, found.master, found.replaced)
    return 1 if open_ or found.lost else 0


def _advise(lost: int, open_: int, old_master: int, masters: int, replaced: int) -> None:
    if lost:
        terminal.say(f"{lost} keys open with no master key here: put the older master key back. See docs/operator.md.")
    if open_:
        terminal.say(f"{open_} rows stand open: `baken keys seal` seals them.")
    if old_master:
        terminal.say("A change of keys is not done: `baken keys rotate` goes on with it.")
    elif masters > 1 or replaced:
        terminal.say("Nothing new is sealed with the old keys: `baken keys rotate --drop` takes them away.")


@app.command
def seal(*, json: bool = False) -> int:
    """Seal what an older version left open. Safe to stop, to run again, and beside the running product.

    Args:
        json: One JSON object instead of words.

    """
    from models import keyring, schema

    schema.upgrade()
    return _told("sealed", _swept("Sealing", keyring.seal()), json=json)


@app.command
def unseal(*, confirm: str = "", json: bool = False) -> int:
    """Lay open everything that is sealed, to go back to a version without seals.

    Args:
        confirm: The word `unseal`, where nobody can be asked.
        json: One JSON object instead of words.

    """
    from models import keyring, schema

    if not _sure(OPENED, "unseal", confirm):
        return 2
    schema.upgrade()
    return _told("opened", _swept("Opening", keyring.unseal()), json=json)


@app.command
def rotate(*, people: bool = False, drop: bool = False, json: bool = False) -> int:
    """Put a new master key in the place of the old one; stopped half-way, the next run goes on with it.

    Args:
        people: Renew every person's own key as well, and seal everything again with the new ones.
        drop: Take away the old keys, once nothing uses them; no new key is made.
        json: One JSON object instead of words.

    """
    from models import keyring, master_file, schema

    schema.upgrade()
    before = keyring.standing()
    if before.lost:
        terminal.err.print(f"{before.lost} keys open with no master key here: put the older master key back first.")
        return 1
    if not drop and not before.old_master and not _new_master(before.master):
        return 1
    told = {"wrapped": _counted("Wrapping", keyring.rewrap(), before.keys)}
    if people and not drop:
        told["renewed"] = _counted("Renewing", keyring.renew(), before.keys)
    if people or (drop and before.replaced):
        changed, broken = _swept("Sealing again", keyring.reseal())
        told |= {"sealed again": sum(changed.values()), "broken": broken}
    if drop:
        told |= {"people's old keys dropped": 0 if told.get("broken") else keyring.drop_replaced()}
        told |= {"master keys dropped": master_file.drop() if master_file.is_file() else 0}
    _say_rotated(told, drop=drop, json=json)
    return 1 if told.get("broken") else 0


def _new_master(there_are: int) -> bool:
    """A new master key at the head; False where the environment holds them, and there is no new one yet."""
    from models import master_file

    if master_file.is_file():
        master_file.add()
    elif there_are == 1:
        terminal.err.print(HOW_TO_SET, markup=False)
        return False
    return True


def _say_rotated(told: dict[str, int], *, drop: bool, json: bool) -> None:
    from models import keyring, master_file

    now = keyring.standing()
    if json:
        terminal.as_json(told | {"masters": now.master, "old_master": now.old_master, "replaced": now.replaced})
        return
    terminal.say(f"Done: {terminal.pairs(told)}.")
    if told.get("broken"):
        terminal.say("Some texts do not open, for they were moved or changed; they were left as they are.")
    if now.master > 1 and master_file.is_file():
        terminal.say("The old master key may go: `baken keys rotate --drop`. Until then, keep the file's backup.")
    elif now.master > 1:
        terminal.say(
            "The old master key may go: leave the first one alone in BAKEN_MASTER_KEYS, and restart what runs."
        )
    if now.replaced:
        wait = "less than an hour old" if drop else "kept for an hour"
        terminal.say(f"{now.replaced} replaced keys of people are {wait}: `baken keys rotate --drop` takes them away.")


@app.command
def give_up(*, confirm: str = "", json: bool = False) -> int:
    """The master key is lost for good: go on without what was sealed.

    Args:
        confirm: The word `give-up`, where nobody can be asked.
        json: One JSON object instead of words.

    """
    from models import keyring, schema

    schema.upgrade()
    if not keyring.standing().lost:
        terminal.say("Every key opens; there is nothing to give up.")
        return 0
    if not _sure(GONE, "give-up", confirm):
        return 2
    gone = keyring.give_up()
    if json:
        terminal.as_json({"given_up": gone})
    else:
        terminal.say(f"{gone} keys are gone. What people tell from now on is sealed with new ones.")
    return 0


def _sure(warning: str, word: str, confirm: str) -> bool:
    """Whether somebody typed the word; the warning is said first."""
    terminal.err.print(warning, markup=False)
    typed = confirm
    if not typed and terminal.err.is_terminal:
        typed = terminal.err.input(f"Type {word} to go on: ").strip()
    if typed == word:
        return True
    terminal.err.print(f"Nothing was changed. To go on: --confirm {word}", markup=False)
    return False


def _told(what: str, found: tuple[Counter[str], int], *, json: bool) -> int:
    changed, broken = found
    if json:
        terminal.as_json({what: dict(changed), "broken": broken})
    else:
        terminal.say(f"Rows {what}: {terminal.pairs({name: n for name, n in changed.items() if n})}.")
        if broken:
            terminal.say(f"{broken} rows do not open, for they were moved or changed; they were left as they are.")
    return 1 if broken else 0


def _swept(title: str, batches: Iterable[Any]) -> tuple[Counter[str], int]:
    from models import keyring

    changed: Counter[str] = Counter()
    broken = 0
    with _bar(title, keyring.rows()) as step:
        for batch in batches:
            changed[batch.table] += batch.changed
            broken += batch.broken
            step(batch.seen)
    return changed, broken


def _counted(title: str, batches: Iterable[int], total: int) -> int:
    done = 0
    with _bar(title, total) as step:
        for number in batches:
            done += number
            step(number)
    return done


@contextmanager
def _bar(title: str, total: int) -> Iterator[Any]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=terminal.err, transient=True) as progress:
        task = progress.add_task(title, total=total)
        yield lambda number: progress.advance(task, number)
