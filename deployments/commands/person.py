"""`baken person`: find somebody, hand over all that is held, erase (GDPR art. 15, 17 and 20; docs/operator.md)."""

from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from deployments import quiet, terminal  # noqa: F401 - quiet before Prefect

app = App(name="person", help="One person: find, hand over all that is held, erase.")
WILL = "This empties all that is kept of person {number} and cannot be undone:"
BEYOND = """Out of reach of this command: mails in people's own mailboxes, HR's own lists, backups made before
(once restored, they are erased again by the ledger), and in what others wrote: a given name alone, a nickname,
a slip of the pen."""
KINDS = {
    "ended": "roles in running programmes that end now; partners hear that it ends, not why",
    "roles": "roles in programmes: what was told for them, score and reason",
    "answers": "answers: what is counted of them stays as numbers without a person",
    "drafts": "drafts",
    "questions": "open questions, called off",
    "mails": "mails to this person: their words; those that wait do not go",
    "quotes": "mails to others about this person's pairs, meetings and questions: their words",
    "links": "personal links, which open nothing any more",
    "wishes": "names put on lists, by or about this person",
    "pairs": "pairs: why the two were proposed",
    "matchings": "runs of matching: what they saw of this person",
    "certificates": "certificates: their numbers",
    "decisions": "reasons of decisions about this person",
    "led": "people whose line manager this was",
    "mentioned": "texts of others in which the name stood",
    "keys": "keys: what they sealed never opens again, in no backup without its master key",
}


@app.command
def find(*words: str, json: bool = False) -> int:
    """Who bears these words in number, address or name: the number here, and what he or she takes part in.

    Args:
        words: Parts of a name, an address or an employee number.
        json: One JSON object instead of a table.

    """
    from models import event, participant, person, schema
    from models.base import transaction

    schema.upgrade()
    with transaction() as session:
        found = [
            {
                "id": one.id,
                "number": one.employee_number or "",
                "name": one.value().name,
                "address": one.email or "",
                "takes_part": participant.everywhere(session, one.id),
            }
            for one in person.matching(session, " ".join(words))
        ]
        event.record(session, "operator", "looked_up", "person", found=len(found))
    if json:
        terminal.as_json({"people": found})
    elif found:
        rows = [(one["id"], one["number"], one["name"], one["address"], "; ".join(_parts(one))) for one in found]
        terminal.table("People", ("id", "number", "name", "address", "takes part in"), rows)
    else:
        terminal.say("Nobody.")
    return 0


def _parts(one: dict[str, Any]) -> list[str]:
    return [f"{part['programme']} ({part['role']}, {part['status'].replace('_', ' ')})" for part in one["takes_part"]]


@app.command
def erase(who: str, /, *, yes: bool = False, json: bool = False) -> int:
    """Erase somebody, after showing what will happen. What was counted stays counted, without the person.

    Args:
        who: The number here, the employee number or the e-mail address.
        yes: Do not ask.
        json: One JSON object instead of words.

    """
    from models import erasure
    from models.base import dry_run
    from tasks import erasing

    number = _number(who)
    if number is None:
        return _nobody(who)
    with dry_run():
        coming = erasing.erase(number)
    if not coming:
        terminal.err.print(f"Person {number} was erased before; nothing is held any more.")
        return 0
    if not json:
        terminal.say(WILL.format(number=number))
        for name, many in coming.items():
            terminal.say(f"{many:6}  {KINDS[name]}")
        terminal.say(BEYOND)
    if not (yes or _agreed(number)):
        terminal.err.print("Nothing was changed. To go on without a question: --yes", markup=False)
        return 2
    found = places_of(number)
    done = erasing.erase(number)
    swept = erasure.sweep()
    if json:
        terminal.as_json({"person": number, "erased": done, "files": found, "swept": swept})
        return 0
    terminal.say(f"Done: person {number} is erased.")
    if found:
        terminal.say(f"The address still stands in: {', '.join(found)}. Take it out there by hand.")
    if not swept:
        terminal.say("PostgreSQL keeps old rows until `VACUUM FULL`; run it when nobody is at work.")
    return 0


def places_of(number: int) -> list[str]:
    """The files of `BAKEN_HOME` in which that person's number or address stands: programmes and logs."""
    from models.base import transaction
    from models.person import Person
    from models.settings import settings

    with transaction() as session:
        one = session.get_one(Person, number)
        keys = [key.encode() for key in (one.email, one.value().name) if key]
    home = settings().home
    files = [path for folder in ("programmes", "log") for path in sorted((home / folder).glob("*")) if path.is_file()]
    return [str(path.relative_to(home)) for path in files if any(key in path.read_bytes() for key in keys)]


@app.command
def readmit(who: str, /) -> int:
    """Let HR's list bring somebody back who was erased: hired again, or willing again. Nothing of before returns.

    Args:
        who: The employee number or e-mail address as HR's list has it.

    """
    from models import installation, ledger, schema
    from models.base import transaction

    schema.upgrade()
    known = [one for one in ledger.entries() if ledger.names(who, who, [one])]
    if not known:
        terminal.err.print("Nobody with that number or address was erased.")
        return 1
    with transaction() as session:
        on = installation.today(session)
    for one in known:
        ledger.lift(one, on)
    terminal.say("Done. The next import may list this person again, as somebody new.")
    return 0


def _agreed(number: int) -> bool:
    return terminal.err.is_terminal and terminal.err.input(f"Type {number} to erase: ").strip() == str(number)


def _number(who: str) -> int | None:
    """The number of the person: as given, or by employee number or address; None for nobody."""
    from models import person, schema
    from models.base import transaction
    from models.person import Person

    schema.upgrade()
    with transaction() as session:
        found = person.by_key(session, who)
        if found is None and who.isascii() and who.isdigit():
            found = session.get(Person, int(who))
        return found.id if found else None


def _nobody(who: str) -> int:
    terminal.err.print(
        f"Nobody here has the number or address {who!r}; `baken person find` looks for parts.", markup=False
    )
    return 1


@app.command
def export(who: str, /, *, to: Annotated[Path, Parameter(name="--to")], json: bool = False) -> int:
    """All that is held on somebody, as a ZIP file that its owner alone may read: a page to read, JSON and CSV.

    Args:
        who: The number here, the employee number or the e-mail address.
        to: The file to write; one that exists is not written over.
        json: One JSON object of figures instead of words.

    """
    from deployments.person_export import write

    number = _number(who)
    if number is None:
        return _nobody(who)
    if to.exists():
        terminal.err.print(f"{to} exists already; name another file.", markup=False)
        return 1
    counts = write(number, to)
    if json:
        terminal.as_json({"person": number, "held": counts})
    elif any(counts.values()):
        terminal.say(f"Written: {to} ({terminal.pairs({name: n for name, n in counts.items() if n})}).")
        terminal.say("It holds personal data in the open: hand it over in person or encrypted, and delete your copy.")
    else:
        terminal.say(f"Written: {to}. Nothing is held on person {number}.")
    return 0
