"""The people whom somebody may choose from: a short card each, worded when the page is shown and kept nowhere.

A card tells what the roster says of a colleague at work, and of the application only what the reader may read
(`framework/visibility.py`). A question keeps ids: who has left meanwhile is no longer on the page (MAT-M03).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from framework.content import FORMS
from framework.participation import TAKES_PART
from framework.people import Role
from framework.questions import Kind, Questionnaire
from framework.visibility import Track, readable
from models import participant
from models.participant import Participant
from models.request import Request
from portal.page import Page
from portal.shown import told
from portal.words import CARD

TELLS: Mapping[Role, tuple[str, tuple[str, ...]]] = {
    Role.MENTOR: ("mentor_application", ("topics", "languages")),
    Role.MENTEE: ("mentee_application", ("competences", "languages")),
}
"""What of somebody's application may stand on the card: the form, and its questions."""
Options = Mapping[str, Sequence[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Card:
    """One person: `facts` is what the roster tells, in a row; `lines` are a word and what it stands before."""

    id: str
    name: str
    title: str
    facts: str
    lines: tuple[tuple[str, str], ...]


def of_request(session: Session, page: Page, asked: Request, form: Questionnaire, track: Track) -> tuple[Card, ...]:
    """The cards behind a question that puts people in order, as the question has them; none for any other form."""
    wanted = [
        int(value)
        for question in form.questions
        if question.kind is Kind.RANKING
        for value, label in asked.options.get(question.id, ())
        if not label
    ]
    found = participant.by_ids(session, asked.programme_id, wanted)
    here = [found[one] for one in wanted if one in found and _takes_part(found[one], asked)]
    return tuple(_card(page, one, form.by, track) for one in here)


def named(options: Options, cards: Sequence[Card]) -> Options:
    """The choices with the names of the people in the place of empty labels; who is on no card falls away."""
    labels = {card.id: f"{card.name}, {card.title}" if card.title else card.name for card in cards}
    return {
        question: [[value, label or labels[value]] for value, label in pairs if label or value in labels]
        for question, pairs in options.items()
    }


def _takes_part(one: Participant, asked: Request) -> bool:
    return one.status in TAKES_PART and one.person.left_on is None and one.person_id != asked.person_id


def _card(page: Page, one: Participant, reader: Role, track: Track) -> Card:
    who = one.person
    facts = [fact for fact in (who.job_title, who.department, who.site) if fact]
    form, names = TELLS[Role(one.role)]
    given = readable(FORMS[form], one.profile, reader, track)
    wanted = [q for q in FORMS[form].questions if q.id in names and given.get(q.id)]
    lines = [(page.say(CARD[q.id]), told(page, q, given[q.id])) for q in wanted]
    return Card(str(one.id), who.value().name, who.job_title, " · ".join(facts), tuple(lines))
