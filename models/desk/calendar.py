"""A word on the dates of a programme: what would follow from it, and the word itself, once, for what was shown.

The desk shows what follows and takes the word; the next run carries it out, if the same still follows from it then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from framework.another_day import Word
from framework.by_hand import PHASE
from framework.desk import Choice, Subject
from framework.replanning import Change, Entry
from models import decision, event, programme, replanning
from models.decision import Decision
from models.programme import Milestone, Programme
from models.request import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What follows from a word: the dates that change, who gets more days, and the reminders that do not go."""

    word: Word
    changes: tuple[Change, ...]
    owing: Sequence[Request]
    outdated: Sequence[int]

    def digest(self, programme_id: int, turn: int) -> str:
        """The proof of what was shown: every date before and after. Who answers meanwhile makes no difference to it.

        `turn` is how many such words there were before.
        """
        shown = {"changes": [[*_plain(one.before), *_plain(one.after)] for one in self.changes], "turn": turn}
        choices = (Choice(self.word.choice, ""),)
        return Subject(id=subject(programme_id), choices=choices, shown=shown).digest()


def _plain(one: Entry) -> list[str | int | bool]:
    return [one.phase, one.round, str(one.opens_on), str(one.last_day), one.cancelled]


def subject(programme_id: int) -> str:
    """What such a word is about in the books: the calendar as a whole, so that one waits at a time."""
    return f"calendar:{programme_id}"


def foresee(
    session: Session, programme_id: int, word: Word, today: date, reminder: str, *, to_change: bool = False
) -> Foreseen:
    """What would follow; nothing is written. `reminder` is the e-mail that reminds of a question.

    With `to_change` the calendar stays as it is until this transaction ends. Raises Refused, LookupError.
    """
    row = session.get_one(Programme, programme_id)
    one = _milestone(session, programme_id, word.milestone)
    calendar = replanning.calendar(session, programme_id, to_change=to_change)
    must_attend = row.rules.training.must_attend
    changes = word.changes(calendar, (one.phase, one.round), today=today, must_attend=must_attend)
    owing = [asked for change in changes for asked in replanning.owing(session, programme_id, change)]
    outdated = replanning.outdated(session, owing, reminder)
    return Foreseen(word=word, changes=changes, owing=owing, outdated=outdated)


def _milestone(session: Session, programme_id: int, number: int) -> Milestone:
    every = programme.milestones(session, programme_id)
    found = next((one for one in every if one.id == number), None)
    if found is None:
        raise LookupError(number)
    return found


def said(session: Session, programme_id: int) -> Sequence[Decision]:
    """Every word on the dates of a programme, in the order taken."""
    return decision.of_phase(session, programme_id, PHASE, subject=subject(programme_id))


def take(session: Session, programme_id: int, foreseen: Foreseen, digest: str, *, who: int, today: date) -> bool:
    """Record the word for what was shown; False when something else holds by now. The same word twice is one word."""
    before = said(session, programme_id)
    if _known(before, foreseen.word, digest):
        return True
    if any(not one.applied for one in before) or foreseen.digest(programme_id, len(before)) != digest:
        return False
    about, turn = subject(programme_id), len(before) + 1
    first = decision.decide(
        session,
        programme_id=programme_id,
        phase=PHASE,
        round=turn,
        subject=about,
        choice=foreseen.word.choice,
        digest=digest,
        decided_by=who,
        decided_on=today,
    )
    if first:
        event.record(session, f"person:{who}", "decided", about, phase=PHASE, round=turn)
    return first or _known(said(session, programme_id), foreseen.word, digest)


def was_said(session: Session, programme_id: int, word: Word, digest: str) -> bool:
    """Whether just this word was taken before: a double click, or a page that was sent again."""
    return _known(said(session, programme_id), word, digest)


def _known(before: Sequence[Decision], word: Word, digest: str) -> bool:
    return any(one.choice == word.choice and one.digest == digest for one in before)


def holds(foreseen: Foreseen, taken: Decision) -> bool:
    """Whether the same still follows from a word as on the day on which it was given."""
    return foreseen.digest(taken.programme_id, taken.round - 1) == taken.digest
