"""What the watchdog may find, what each finding means and asks for, and when the operator hears of it.

One sentence on what it means, one on what to do; both are phrases of the catalogues. Nothing here names a person, a
programme or a place: counts alone leave the machine. Source: LEG-02 (somebody answers for it), house idea 1.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

Verdict = Literal["ok", "note", "wrong"]
TELL_AGAIN = timedelta(days=1)
"""How long after a mail a finding that is still there is told again."""

HEAD_AGAIN = timedelta(days=7) - timedelta(hours=1)
"""How long after a mail with the end of the audit trail the next one goes: each week, at the same daily run."""

SURELY_OVER = timedelta(minutes=25)
"""How long a finding must be out of sight before it is said to be over: two rounds, so that nothing flickers."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `advice` says what to do where it is not ok.

    `found` is for the machine's own terminal, and may hold a path. What the watchdog minds bears a `code` of MEANINGS;
    `number` says how many, 0 where that says nothing.
    """

    what: str
    verdict: Verdict
    found: str
    advice: str = ""
    code: str = ""
    number: int = 0

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code means and what to do. It is told once it has been there for `patience` minutes."""

    means: str
    do: str
    patience: int = 0


MEANINGS: dict[str, Meaning] = {
    "runs-late": Meaning(
        "Runs that should have started by now have not.",
        "See whether Baken still serves, and start it again. What is late then catches up by itself.",
        patience=15,
    ),
    "runs-failed": Meaning(
        "A run ended in an error, and no later run of the same kind went well.",
        "Open it in Prefect: the text of the error has a number, and the file of errors tells the rest.",
        patience=60,
    ),
    "runs-crashed": Meaning(
        "A run was cut off, and no later run of the same kind went well.",
        "Often the machine was restarted, or had no memory left. The next run goes on where this one stopped.",
        patience=60,
    ),
    "runs-silent": Meaning(
        "A run says that it is busy, but gives no sign of life any more.",
        "Prefect marks it as crashed by itself. If it does not, serve Baken anew, so that its automations are made.",
        patience=15,
    ),
    "mail-silent": Meaning(
        "The outbox has not been looked at for half an hour.",
        "See whether Baken still serves, and start it again. What waits goes out then.",
        patience=30,
    ),
    "mail-stuck": Meaning(
        "A sender stopped in the middle of its work, and nobody took over what it held.",
        "See whether Baken still serves. The next round of the mail takes them over.",
        patience=15,
    ),
    "mail-waits": Meaning(
        "Mails that may go wait, and none went for half an hour.",
        "Look at the outbox and at the pace that you have set for the relay.",
        patience=30,
    ),
    "relay-down": Meaning(
        "The mail relay does not take our mail, or could not be reached.",
        "Check the relay, its name and the password. Baken tries again by itself, an hour after a wrong password.",
        patience=15,
    ),
    "relay-unset": Meaning(
        "Mails wait, and no mail relay is set.",
        "Give the settings of the relay, and start Baken again.",
        patience=30,
    ),
    "mail-unsure": Meaning(
        "Nobody knows of some mails whether they arrived.",
        "Read the relay's log into Baken, or settle them by hand. After seven days they are given up.",
    ),
    "programme-behind": Meaning(
        "In a programme something was due on an earlier day, and has not been done.",
        "See whether the hourly advance runs; a phase that fails each time says why in Prefect.",
        patience=60,
    ),
    "look-broken": Meaning(
        "The watchdog could not look at everything.",
        "The file of errors says what broke. Until it is mended, run the doctor on the machine each day.",
        patience=15,
    ),
    "disk-full": Meaning(
        "The disk is almost full.",
        "Make room: Baken stops taking answers when nothing can be written.",
    ),
    "tables-old": Meaning(
        "The database does not have the tables of this version.",
        "Stop what runs, make a backup, and start Baken again: it brings the tables up to date.",
    ),
    "trail-broken": Meaning(
        "The trail of who did what is not what was written.",
        "Keep the machine as it is, and have the trail verified on it. Somebody may have changed the database by hand.",
    ),
    "keys-wrong": Meaning(
        "A key does not open what it should, or others can read its file.",
        "Run the doctor on the machine: it says which key, and what to do.",
    ),
    "feed-away": Meaning(
        "The folder in which HR leaves its file cannot be read.",
        "Check that the folder is there, and that Baken's user may read it and move files in it.",
        patience=30,
    ),
    "feed-silent": Meaning(
        "No file has come from HR for days.",
        "Ask HR whether its export still runs, and whether it still arrives in the folder.",
    ),
    "feed-refused": Meaning(
        "The newest file from HR could not be taken.",
        "The report beside it, in the folder for refused files, says why.",
    ),
    "feed-rows": Meaning(
        "In the newest file from HR some rows could not be taken; the others were.",
        "The report in the folder for refused files names each row and column.",
    ),
    "feed-held": Meaning(
        "A file from HR would change more people than is usual, and waits for a person.",
        "Look what it would do by importing it by hand. If it is right, apply it; if not, take it away.",
    ),
}


@dataclass(frozen=True, slots=True)
class Sighting:
    """A finding as it is remembered. Instants in UTC; `told_at` is None as long as nobody has heard of it."""

    code: str
    number: int
    first_seen: datetime
    last_seen: datetime
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What the operator is to hear now: what is new, what is still there, what is over."""

    new: tuple[Sighting, ...] = ()
    still: tuple[Sighting, ...] = ()
    over: tuple[Sighting, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.still or self.over)


def is_over(one: Sighting, now: datetime) -> bool:
    """Whether a finding has been out of sight for long enough."""
    return now - one.last_seen >= SURELY_OVER


def news(remembered: tuple[Sighting, ...], now: datetime) -> News:
    """What to tell at this instant: on first sight, after its patience; again after a day; and when it is over.

    When a mail goes for one reason, all that is still there is told with it, so that each mail shows the whole.
    """
    there = [one for one in remembered if not is_over(one, now)]
    new = tuple(one for one in there if one.told_at is None and _is_ripe(one, now))
    told = tuple(one for one in there if one.told_at is not None)
    over = tuple(one for one in remembered if is_over(one, now) and one.told_at is not None)
    again = any(one.told_at is not None and now - one.told_at >= TELL_AGAIN for one in told)
    return News(new, told, over) if new or over or again else News()


def _is_ripe(one: Sighting, now: datetime) -> bool:
    return now - one.first_seen >= timedelta(minutes=MEANINGS[one.code].patience)
