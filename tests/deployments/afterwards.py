"""What the rows and the mailboxes of a rehearsal say afterwards, read in plain words and without the engine."""

import html
import re
import sqlite3
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cache
from pathlib import Path
from typing import Any

import icalendar
import sqlalchemy as sa

from framework.pairing import TOGETHER
from models import person, programme
from models.base import transaction
from models.decision import Decision
from models.delivery import Delivery
from models.meeting import Meeting
from models.pairing import Pairing
from models.participant import Participant
from models.programme import Milestone
from models.request import Request
from models.response import Response
from models.signal import Signal


def rows(table: Any, slug: str, *where: Any) -> list[Any]:
    """The rows of a table that belong to a programme, in the order made."""
    with transaction() as session:
        mine = table.programme_id == programme.by_slug(session, slug).id
        return list(session.scalars(sa.select(table).where(mine, *where).order_by(table.id)).unique())


def rules_of(slug: str) -> Any:
    """The programme's settings."""
    with transaction() as session:
        return programme.by_slug(session, slug).rules


def made(slug: str) -> list[Pairing]:
    """The pairs that were introduced."""
    return rows(Pairing, slug, Pairing.status.in_(TOGETHER))


def above(who: int, managers: dict[int, int | None]) -> set[int]:
    """Everybody in the line of command over a person."""
    found: set[int] = set()
    boss = managers.get(who)
    while boss is not None and boss not in found:
        found.add(boss)
        boss = managers.get(boss)
    return found


def speaks(one: Participant) -> set[str]:
    """The languages of somebody."""
    return set(one.profile.get("languages", ())) or {one.person.language}


def broken(slug: str, mentor: Participant, mentee: Participant, language: str = "") -> set[str]:
    """The hard rules of the programme that these two break."""
    with transaction() as session:
        managers = {one.id: one.manager_id for one in person.all_people(session)}
    one, other = mentor.person, mentee.person
    common = language in speaks(mentor) if language else bool(speaks(mentor) & speaks(mentee))
    holds = {
        "unavailable": one.id != other.id,
        "reporting_line": one.id not in above(other.id, managers) and other.id not in above(one.id, managers),
        "other_department": one.department != other.department,
        "common_language": common,
        "same_site": one.site == other.site or online(mentor, mentee),
    }
    return {rule for rule in ("unavailable", *rules_of(slug).matching.rules) if not holds[rule]}


def online(one: Participant, other: Participant) -> bool:
    """Whether one of them asks to meet online and the other does not ask for a room."""
    ways = {who.profile.get("channel", "both") for who in (one, other)}
    return "online" in ways and "in_person" not in ways


@cache
def letters(home: Path) -> list[tuple[str, str, EmailMessage]]:
    """Every message in the mailboxes: to whom, under which id."""
    found = []
    for file in sorted((home / "mailbox").rglob("*.eml")):
        message = message_from_bytes(file.read_bytes(), policy=default)
        found.append((file.parent.name, str(message["Message-ID"]).strip("<>").partition("@")[0], message))
    return found


def text_of(message: EmailMessage) -> str:
    """All that can be read in a message, its pages as plain words."""
    parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    text = html.unescape(re.sub(r"<[^>]+>", " ", "\n".join(str(part) for part in parts)))
    return " ".join(f"{message['Subject']}\n{text}".split())


def entries(message: EmailMessage) -> list[str]:
    """The calendar entries in a message, by their UID."""
    found = []
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            content = part.get_content()
            calendar = icalendar.Calendar.from_ical(content if isinstance(content, str) else bytes(content))
            found += [str(event["UID"]) for event in calendar.walk("VEVENT")]
    return found


def carrier(one: Delivery) -> Delivery:
    """The message in which a part went, or the message itself."""
    if one.carrier_id is None:
        return one
    with transaction() as session:
        return session.get_one(Delivery, one.carrier_id)


def given() -> list[dict[str, Any]]:
    """All that was answered, opened: most of what people write lies sealed in the rows."""
    with transaction() as session:
        return [dict(one.answers) for one in session.scalars(sa.select(Response))]


def written() -> set[str]:
    """What people wrote in their own words, as far as it stands nowhere by chance."""
    texts = (value for one in given() for value in one.values() if isinstance(value, str))
    return {text for text in texts if len(text) > 12 and " " in text}


def read(file: Path, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query on a file of SQLite."""
    with sqlite3.connect(file) as db:
        return db.execute(query).fetchall()


def end_state(slug: str) -> dict[str, list[tuple[object, ...]]]:
    """Where everything stands: who is in it, with whom, what was asked and told, when; by what is so on any database.

    No row's number stands in it: people are named by address, and what is about a row by the people in it.
    """
    who = _Known(slug)
    found: dict[str, list[tuple[object, ...]]] = {
        "participants": [(who.part(one.id), one.status, one.capacity) for one in who.parts.values()],
        "pairings": [
            (who.pair(p.id), p.status, p.origin, p.score, p.accepted_on, p.active_on, p.closed_on, p.close_reason)
            for p in who.pairs.values()
        ],
        "meetings": [(who.meeting(m.id), m.planned_on, m.status, m.held_on, m.minutes) for m in who.meetings.values()],
        "requests": [
            (*who.request(r.id), r.status, r.due_on, r.answered_on, r.reminders, r.escalated_on, r.lapsed_on)
            for r in who.requests.values()
        ],
        "deliveries": [
            (one.template, who.mail(one.person_id), who.about(one.key), one.state, one.sent_on, one.carrier_id is None)
            for one in rows(Delivery, slug)
        ],
        "signals": [(s.code, who.named(s.about), s.round, s.raised_on, s.settled_on) for s in rows(Signal, slug)],
        "decisions": [
            (d.phase, d.round, who.named(d.subject), d.choice, d.decided_on, d.applied) for d in rows(Decision, slug)
        ],
        "milestones": [
            (m.phase, m.round, m.state, m.opened_on, m.finished_on, m.wake_on) for m in rows(Milestone, slug)
        ],
    }
    return {name: sorted(those, key=repr) for name, those in found.items()}


def mails_read(home: Path) -> list[tuple[str, str]]:
    """What stood in each message that arrived, once a Message-ID: to whom, and its words without its addresses."""
    once = {(who, key): message for who, key, message in letters(home)}
    return sorted((who, re.sub(r"https?://[^\s\"<>]+", "", text_of(message))) for (who, _), message in once.items())


class _Known:
    """The rows of a programme by number, and what each is called where numbers differ."""

    def __init__(self, slug: str) -> None:
        """Read them."""
        with transaction() as session:
            self.people = {one.id: str(one.email or one.employee_number) for one in person.all_people(session)}
        self.parts = {one.id: one for one in rows(Participant, slug)}
        self.pairs = {one.id: one for one in rows(Pairing, slug)}
        self.meetings = {one.id: one for one in rows(Meeting, slug)}
        self.requests = {one.id: one for one in rows(Request, slug)}

    def mail(self, number: int) -> str:
        return self.people[number]

    def part(self, number: int) -> str:
        return f"{self.mail(self.parts[number].person_id)} as {self.parts[number].role}"

    def pair(self, number: int) -> str:
        one = self.pairs[number]
        return f"{self.part(one.mentor_id)} with {self.part(one.mentee_id)}, {one.round}.{one.number}"

    def meeting(self, number: int) -> str:
        one = self.meetings[number]
        return f"{self.pair(one.pairing_id)}: {one.number}"

    def request(self, number: int) -> tuple[object, ...]:
        one = self.requests[number]
        return one.form, one.round, self.mail(one.person_id), self.named(one.about), one.opened_on

    def named(self, about: str) -> str:
        """`pairing:7`, by the people in it; what names no row stays as it is."""
        kind, _, number = about.partition(":")
        called = {
            "pairing": self.pair,
            "participant": self.part,
            "meeting": self.meeting,
            "person": self.mail,
            "request": self.request,
        }.get(kind)
        return f"{kind} {called(int(number))}" if called and number.isdigit() else about if not number else kind

    def about(self, key: str) -> str:
        """What a mail is about, from the middle of its key: `programme:phase:template:pairing:7:person:round`."""
        kind, number = (*key.split(":")[3:5], "")[:2]
        return self.named(f"{kind}:{number}") if kind != "programme" else kind
