"""The outbox at a glance: how many stand where, which mailings wait for a word, and what went wrong."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from framework.desk import Choice, Subject, list_digest
from framework.mail import DeliveryStatus
from framework.requests import RequestStatus
from models import delivery, mailing
from models.delivery import Delivery
from models.person import Person
from models.request import Request
from portal import mails, words
from portal.visit import DeskVisit

S = DeliveryStatus
SHOWN = 50  # troubles on one page; the others follow when these are settled
MAILING = (Choice("release", "Let it go"), Choice("cancel", "Call it off"))
PRINTED = (Choice("printed", "They are printed"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A mailing that waits for a word: to how many people, three of its messages, and the proof of what was shown.

    `numbers` are those of all its messages.
    """

    template: str
    subject: str
    people: int
    messages: int
    examples: tuple[int, ...]
    due_on: date
    digest: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusing:
    """An address that takes no mail, and how many mails of this programme came back from it."""

    name: str
    address: str
    since: date
    code: str
    mails: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A message that did not arrive (`dead`, `refused`), or perhaps did (`unsure`).

    `on` is the day that it was meant for; `again` says whether it still makes sense to send it.
    """

    id: int
    subject: str
    name: str
    address: str
    state: str
    on: date
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """What asks for a hand, as rows of the outbox; nothing is worded yet."""

    mailings: int
    letters: Sequence[Delivery]
    refusing: dict[int, list[Delivery]]
    troubles: Sequence[Delivery]

    @property
    def counts(self) -> list[tuple[int, str]]:
        """How many of each, with its phrase's key; only those that there are."""
        found = (
            (len(self.letters), "letters"),
            (len(self.refusing), "refusing"),
            (len(self.troubles), "troubles"),
        )
        return [(number, key) for number, key in found if number]


def tally(session: Session, visit: DeskVisit) -> list[tuple[str, str, int]]:
    """How many messages stand where: the state, its words, the number."""
    total: Counter[str] = Counter()
    for states in delivery.counts(session, visit.link.programme_id).values():
        for state, number in states.items():
            total[words.MAIL_STATES.get(state, state)] += number
    return [(state, visit.page.say(label), total[state]) for state, label in words.MAILS.items() if total[state]]


def state_of(visit: DeskVisit, row: Delivery) -> str:
    """How a message stands, in words."""
    return visit.page.say(words.MAILS[words.MAIL_STATES.get(row.state, row.state)])


def attention(session: Session, visit: DeskVisit) -> Attention:
    """What asks for the coordinator's hand in this programme, today."""
    own = visit.link.programme_id
    wrong = delivery.in_state(session, S.DEAD, S.UNSURE, S.REFUSED, programme_id=own)
    known = {row.id for row in wrong}
    refusing: dict[int, list[Delivery]] = {}
    troubles = []
    for row in wrong:
        if row.carrier_id in known:
            continue  # it went inside another one, which is listed
        if row.state == S.REFUSED and session.get_one(Person, row.person_id).mail_refused_on:
            refusing.setdefault(row.person_id, []).append(row)
        else:
            troubles.append(row)
    return Attention(
        mailings=len(mailing.drafts(session, own)),
        letters=letters_due(session, visit),
        refusing=refusing,
        troubles=troubles,
    )


def letters_due(session: Session, visit: DeskVisit) -> list[Delivery]:
    """The letters to print today."""
    waiting = delivery.in_state(session, S.HELD, programme_id=visit.link.programme_id)
    return [row for row in waiting if row.due_on <= visit.today]


def letters_digest(rows: Sequence[Delivery]) -> str:
    """Which letters these are; none has the same digest as others."""
    return list_digest([Subject(id=f"delivery:{row.id}", choices=PRINTED, shown={}) for row in rows])


def held(session: Session, visit: DeskVisit) -> list[Held]:
    """The mailings that wait for a word, each with the digest of all its messages and of the programme's own text."""
    rows: dict[str, list[Delivery]] = {}
    for row in delivery.in_state(session, S.DRAFT, programme_id=visit.link.programme_id):
        rows.setdefault(row.template, []).append(row)
    return [_held(session, visit, template, those) for template, those in sorted(rows.items())]


def _held(session: Session, visit: DeskVisit, template: str, rows: Sequence[Delivery]) -> Held:
    own_text = visit.programme.mail.texts.get(template, {})
    shown = {
        "messages": [[row.id, row.person_id, row.language, row.due_on.isoformat(), row.fields] for row in rows],
        "text": {language: text.model_dump() for language, text in own_text.items()},
    }
    return Held(
        template=template,
        subject=titled(session, visit, rows[0]),
        people=len({row.person_id for row in rows}),
        messages=len(rows),
        examples=tuple(dict.fromkeys(rows[place].id for place in (0, len(rows) // 2, -1))),
        due_on=min(row.due_on for row in rows),
        digest=Subject(id=f"mailing:{template}", choices=MAILING, shown=shown).digest(),
        numbers=tuple(row.id for row in rows),
    )


def titled(session: Session, visit: DeskVisit, row: Delivery) -> str:
    """The subject of a message, or what stands in its place where it is not for the coordinator, or has no words."""
    seen = mails.preview(session, row, visit.today)
    if seen.withheld:
        return visit.page.say("A personal message between two people")
    return seen.subject or visit.page.say("A message that could not be put into words")


def may_go_again(session: Session, visit: DeskVisit, row: Delivery) -> bool:
    """Whether its reader still works here and takes mail, and its question is still open."""
    whom = session.get_one(Person, row.person_id)
    asked = session.get(Request, row.request_id) if row.request_id else None
    is_open = asked is None or asked.status == RequestStatus.OPEN
    return is_open and whom.mailbox is not None and whom.value().is_here(visit.today)


def refusing(session: Session, found: Attention) -> list[Refusing]:
    """The addresses that take no mail, by name."""
    rows = []
    for whom, those in found.refusing.items():
        one = session.get_one(Person, whom)
        if one.mail_refused_on:
            rows.append(
                Refusing(
                    name=one.value().name,
                    address=one.email or "",
                    since=one.mail_refused_on,
                    code=one.mail_refused_code,
                    mails=len(those),
                )
            )
    return sorted(rows, key=lambda row: row.name.casefold())


def troubles(session: Session, visit: DeskVisit, found: Attention) -> list[Trouble]:
    """The first messages that did not arrive, or of which nobody knows."""
    rows = []
    for row in found.troubles[:SHOWN]:
        whom = session.get_one(Person, row.person_id)
        rows.append(
            Trouble(
                id=row.id,
                subject=titled(session, visit, row),
                name=whom.value().name,
                address=whom.email or "",
                state=str(row.state),
                on=row.planned_on,
                again=may_go_again(session, visit, row),
            )
        )
    return rows
