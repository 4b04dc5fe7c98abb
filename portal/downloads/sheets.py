"""The lists that a coordinator may take along, as data: each column with its class, in words, and where it comes from.

`reads` is the class of the answer that a column rests on (`framework.visibility`), and None where it rests on the staff
record or on the course of the programme. A column goes out only where the table lets a coordinator read its class; no
column may hold what people wrote in their own words (CAP-198). Meetings are counted by pair, as people were told:
the day and the length of a single one are for the two alone.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from framework.people import Role
from framework.visibility import Track, Visibility, may_read
from portal.downloads import evaluation, worded
from portal.downloads.cells import Value
from portal.visit import DeskVisit

Kind = Literal["text", "number", "date"]
Rows = Callable[[Session, DeskVisit], Iterable[tuple[Value, ...]]]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `about` says what stands in it; `wide` is its width in characters.

    `of` names the question (`form.question`) that a class comes from, where it is one question.
    """

    title: str
    about: str
    kind: Kind = "text"
    wide: int = 16
    reads: Visibility | None = None
    of: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One list: its columns, and its rows with a value for each. `personal`: it names people."""

    id: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows: Rows
    personal: bool = True

    def open_to(self, track: Track) -> tuple[int, ...]:
        """The places of the columns that a coordinator may read on that track."""
        told = enumerate(self.columns)
        return tuple(n for n, one in told if one.reads is None or may_read(Role.COORDINATOR, one.reads, track))

    def of(self, session: Session, visit: DeskVisit) -> Iterator[tuple[Value, ...]]:
        """The rows, with the columns that may go out."""
        places = self.open_to(visit.programme.track)
        for row in self.rows(session, visit):
            yield tuple(row[place] for place in places)


def _family(whose: str = "Family name") -> Column:
    return Column(whose, "As in the staff record.", wide=20)


def _given(whose: str = "Given name") -> Column:
    return Column(whose, "As in the staff record.")


_NAMES = (_family(), _given(), Column("E-mail", "The address that mails go to.", wide=30))
_TWO = (
    Column("%(mentor)s: family name", "As in the staff record.", wide=20),
    Column("%(mentor)s: given name", "As in the staff record."),
    Column("%(mentee)s: family name", "As in the staff record.", wide=20),
    Column("%(mentee)s: given name", "As in the staff record."),
)
_ROLE = Column("Role", "In which role this person takes part.")
_PAIR = Column("Pair", "The number of the pair; the same in every list.", "number", 8)

SHEETS = (
    Sheet(
        "participants",
        "Participants",
        "Everybody who was asked to take part, and where they stand.",
        (
            Column("Number", "The number of this participant; the same in every list.", "number", 9),
            *_NAMES,
            _ROLE,
            Column("Status", "Where this person stands in the programme today.", wide=24),
            Column(
                "Places",
                "How many people this person can guide.",
                "number",
                9,
                Visibility.APPLICATION,
                "mentor_application.capacity",
            ),
            Column("Score", "The score of the selection, out of 100.", "number", 9, Visibility.APPLICATION),
            Column("Waiting since", "The day on which no partner was found for the first time.", "date", 14),
            Column("Department", "As in the staff record.", wide=20),
            Column("Site", "As in the staff record."),
            Column("Country", "As in the staff record.", wide=12),
            Column("Job title", "As in the staff record.", wide=24),
            Column("Language", "The language of mails and pages.", wide=10),
            Column("Left on", "The day on which this person left the company.", "date", 14),
        ),
        worded.participants,
    ),
    Sheet(
        "pairs",
        "Pairs",
        "Every pair that was proposed, and what became of it.",
        (
            _PAIR,
            Column("Round", "In which round of matching the pair was made.", "number", 8),
            *_TWO,
            Column("Status", "Where the pair stands today.", wide=24),
            Column("Made by", "How the pair came about.", wide=24),
            Column("Score", "How well the two fit, out of 1000.", "number", 9, Visibility.PROFILE),
            Column("Together since", "The day on which both had agreed.", "date", 14),
            Column("Agreement since", "The day from which their agreement stands.", "date", 15),
            Column("Ended on", "The day on which it ended.", "date", 14),
            Column("Why it ended", "In one of a few words, never a story.", wide=28),
        ),
        worded.pairs,
    ),
    Sheet(
        "meetings",
        "Meetings",
        "How many meetings each pair has had. When and how long the two met is for them alone.",
        (
            _PAIR,
            *_TWO,
            Column("First planned", "The day planned for the first meeting.", "date", 14),
            Column("Last planned", "The day planned for the last meeting.", "date", 14),
            Column("Still to come", "How many meetings are planned.", "number", 12),
            Column("Held", "How many took place.", "number", 8),
            Column("Missed", "How many did not take place.", "number", 8),
            Column("Unconfirmed", "Of how many nobody said whether they took place.", "number", 12),
        ),
        worded.meetings,
    ),
    Sheet(
        "questions",
        "Open questions",
        "Who still owes an answer, to which form, and since when. The answers are not in it.",
        (
            Column("Form", "What is asked.", wide=36),
            *_NAMES,
            Column("Asked on", "The day on which the question was put.", "date", 14),
            Column("Due on", "The last day to answer.", "date", 14),
            Column("Reminders", "How many reminders went out.", "number", 10),
            Column("Last reminder", "The day of the last reminder.", "date", 14),
            Column("Status", "Whether the time to answer is over.", wide=18),
        ),
        worded.questions,
    ),
    Sheet(
        "mails",
        "E-mails",
        "The envelope of every e-mail: to whom, which, when, and whether it arrived. Never what it said.",
        (
            Column("Number", "The number of this e-mail, as in its address on the desk.", "number", 9),
            Column("Kind", "The name of the e-mail in the gallery.", wide=26),
            *_NAMES,
            Column("Language", "In which language it was written.", wide=10),
            Column("Planned for", "The day that was meant.", "date", 14),
            Column("Not before", "The day from which it may go.", "date", 14),
            Column("Sent on", "The day on which it went.", "date", 14),
            Column("Status", "How it stands.", wide=24),
        ),
        worded.mails,
    ),
    Sheet(
        "training",
        "Training",
        "Who follows the training, and which session.",
        (
            *_NAMES,
            _ROLE,
            Column("Status", "Where this person stands in the training.", wide=24),
            Column("Session", "The day of the session that was chosen.", "date", 14),
            Column("Minutes", "How long the session lasts.", "number", 9),
            Column("Place", "Where the session is held.", wide=20),
            Column("Booked again", "How often another session was chosen.", "number", 12),
        ),
        worded.training,
    ),
    Sheet(
        "signals",
        "Signals",
        "What crossed a line, without names: the numbers are those of the other lists.",
        (
            Column("Code", "The code of the risk.", wide=9),
            Column("Signal", "What it means.", wide=44, reads=Visibility.REVIEW),
            Column("About", "A pair or a participant, by number.", wide=18),
            Column("Round", "In which round it was seen.", "number", 8),
            Column("Seen on", "The day on which it was seen.", "date", 14),
            Column("Settled on", "The day on which it was dealt with.", "date", 14),
        ),
        worded.signals,
    ),
    Sheet(
        "evaluation",
        "Programme evaluation",
        "How often each answer was given. Groups of fewer than five people are left out.",
        (
            Column("Form", "What was asked, and whom.", wide=44),
            Column("Round", "In which round it was asked.", "number", 8),
            Column("Question", "The question as it was asked.", wide=60),
            Column("Answer", "The answer that is counted.", wide=30, reads=Visibility.PROGRAMME),
            Column("Times given", "How many people gave it.", "number", 12, Visibility.PROGRAMME),
            Column("Answered by", "How many people answered this question.", "number", 12, Visibility.PROGRAMME),
        ),
        evaluation.counts,
        personal=False,
    ),
)


def by_id(name: str) -> Sheet | None:
    """The list of that name."""
    return next((one for one in SHEETS if one.id == name), None)
