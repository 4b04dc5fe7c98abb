"""A small programme lived through with a canary in every answer that has words, and all that each reader got of it.

Answers are typed into the real portal, mails are posted by the real outbox, and every page behind everybody's links is
opened, day by day. A picture of the database is kept of each morning, so that a day can be lived again.
"""

import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from email import message_from_bytes, policy
from functools import cache
from html import unescape
from io import BytesIO
from pathlib import Path
from re import compile as pattern
from typing import Any
from zipfile import ZipFile

import sqlalchemy as sa

from framework.content import FORMS
from framework.questions import Answers, Kind
from framework.requests import RequestStatus
from framework.visibility import Reader, Track, Visibility, Whose
from models import link, programme, request, response
from models.base import engine, transaction
from models.pairing import Pairing
from portal.app import create_app
from portal.downloads.sheets import SHEETS
from portal.fields import retyped
from tasks.mail import post_due
from tests.conftest import environment
from tests.world import DECIDES, MENTEES, MENTORS, SLUG, STAFF, World, _person, address, build, fill

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette would rather have httpx2, which is no dependency of ours
    from starlette.testclient import TestClient

COORDINATOR, TEAM, MANAGER = STAFF
SPONSOR, UNWILLING = "Ignatius", MENTORS[3]
WHO: dict[str, Reader] = {
    **dict.fromkeys(MENTORS, Reader.MENTOR),
    **dict.fromkeys(MENTEES, Reader.MENTEE),
    COORDINATOR: Reader.COORDINATOR,
    TEAM: Reader.TEAM,
    MANAGER: Reader.LINE_MANAGER,
    SPONSOR: Reader.SPONSOR,
}
SETTINGS: dict[Track, dict[str, Any]] = {
    Track.GROWTH: {
        "matching": {"mode": "mutual"},
        "team": (address(TEAM),),
        "deputy": None,
        "sponsor": address(SPONSOR),
        "review": {"quarterly_months": 2},
        "relationship_months": 3,
        "mail": {"largest_mailing": 99},
    },
    Track.NEW_HIRE: {
        "track": "new-hire",
        "team": (address(TEAM),),
        "deputy": None,
        "sponsor": address(SPONSOR),
        "review": {"at_months": (2,)},
        "relationship_months": 3,
        "mail": {"largest_mailing": 99},
    },
}
PLANTED = {Kind.TEXT, Kind.LONG_TEXT}
CHOSEN = {"topics": Visibility.PROFILE, "decline_reason": Visibility.SPECIAL}
"""Answers without words, in whose place a canary is put once they are given."""
HREF = pattern(r'(?:href|src)="([^"]+)"')
CANARY = pattern(r"kanarie\d{5}[a-z0-9]+zz")


@dataclass(frozen=True, slots=True)
class Plant:
    """One canary: whose answer to what."""

    what: Visibility
    writer: int
    form: str
    question: str
    about: str
    request: int


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that reached somebody: on which day, where, and the canaries in it."""

    on: date
    where: str
    words: frozenset[str]


@dataclass
class Life(World):
    """The company, the canaries told so far, and what each person got; `outside` is what no person of it got."""

    track: Track = Track.GROWTH
    plants: dict[str, Plant] = field(default_factory=dict)
    seen: dict[int, list[Seen]] = field(default_factory=dict)
    mornings: dict[date, Path] = field(default_factory=dict)
    known: dict[date, dict[str, Plant]] = field(default_factory=dict)
    mails: int = 0
    news: bool = False
    rounds: set[tuple[str, int]] = field(default_factory=set)

    # What arrives

    def note(self, who: int, where: str, text: str) -> None:
        """Somebody got this text."""
        words = frozenset(CANARY.findall(text))
        if words:
            self.seen.setdefault(who, []).append(Seen(self.today, where, words))

    def deliver(self, _sender: str, recipient: str, raw: bytes) -> str:
        """A mail arrives: the outbox posts to us."""
        self.mails += 1
        message = message_from_bytes(raw, policy=policy.default)
        parts = [str(message["Subject"])]
        parts += [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
        who = next(number for name, number in self.ids.items() if address(name) == recipient)
        self.note(who, f"mail {message['Subject']}", "\n".join(map(str, parts)))
        return "kept"

    def close(self) -> None:
        """Nothing to take leave of."""

    # A day

    def day(self) -> None:
        """The calendar, the post, everybody looks, and then does what is asked."""
        self.advance()
        post_due(self.today, lambda: self)
        self.look()
        self.news = bool(self.tell())
        for phase, choice in DECIDES:
            self.news |= bool(self.decide(phase, choice))

    def look(self) -> None:
        """Everybody opens the pages behind the questions that are open; the coordinator goes round the desk."""
        for number, who, token, _ in self._open():
            self.note(who, f"request {number}", told(visitor().get(f"/f/{token}/all")))
        waits = {(m.phase, m.round) for m in self.milestones() if m.state == "Awaiting-Coordinator" and m.opened_on}
        if waits - self.rounds:
            self.rounds |= waits
            self.go_round()

    def go_round(self, *, mails: bool = False) -> None:
        """Every page of the desk; those of the outbox, and all files to take along, once, at the end."""
        with transaction() as session:
            where = programme.by_slug(session, SLUG).id
            token = link.desk_link(session, where, self.ids[COORDINATOR]).token
        leave = () if mails else ("/mails",)
        self.walk(self.ids[COORDINATOR], f"/desk/{token}", "desk", leave=leave)
        for sheet in SHEETS if mails else ():
            for way in ("csv", "xlsx"):
                file = visitor().post(f"/desk/{token}/downloads", data={"what": sheet.id, "as": way})
                assert file.status_code == 200, (sheet.id, file.status_code)
                self.note(self.ids[COORDINATOR], f"download {sheet.id}.{way}", told(file))

    def walk(self, who: int, start: str, where: str, *, leave: tuple[str, ...] = ()) -> set[str]:
        """Open a page and all pages below it that it leads to; the addresses."""
        browser, done, todo = visitor(), set[str](), [start]
        while todo:
            place = todo.pop()
            path = place.partition("?")[0]
            if place in done or not path.startswith(start) or any(one in path for one in leave) or "lang=" in place:
                continue
            done.add(place)
            answer = browser.get(place)
            self.note(who, f"{where} {path.removeprefix(start)}", told(answer))
            todo += [unescape(found) for found in HREF.findall(answer.text)]
        return done

    def tell(self) -> int:
        """Everybody answers in the portal, and looks at what they sent; how many did."""
        open_ = self._open()
        for number, who, token, typed in open_:
            browser = visitor()
            sent = browser.post(f"/f/{token}", data=typed, follow_redirects=False)
            if sent.headers.get("location", "").endswith("/check"):
                sent = browser.post(f"/f/{token}/check", data={"sure": "yes"}, follow_redirects=False)
            assert sent.status_code == 303, (number, sent.status_code, sent.text)
            self._swap(number)
            self.see(who, token, browser)
        return len(open_)

    def see(self, who: int, token: str, browser: Any) -> None:
        """Somebody looks at what was sent: in that browser, and through the link alone."""
        self.note(who, "own", told(browser.get(f"/f/{token}/mine")))
        for rest in ("/done", "/mine", "?change=1"):
            self.note(who, f"link alone {rest}", told(visitor().get(f"/f/{token}{rest}")))

    def _open(self) -> list[tuple[int, int, str, dict[str, list[str]]]]:
        """Open questions: number, whose, the link's token, and what will be typed."""
        with transaction() as session:
            found = request.of_programme(session, programme.by_slug(session, SLUG).id)
            mine = [one for one in found if one.status == RequestStatus.OPEN and one.link.purpose == "form"]
            return [
                (one.id, one.person_id, one.link.token, retyped(FORMS[one.form], self._answers(one))) for one in mine
            ]

    def _answers(self, one: request.Request) -> Answers:
        given: Answers = {"join": "no"} if self._declines(one) else {}
        usual = {"changed": "", "signature": "A B"} | given
        answers = fill(one, usual)
        for asked in FORMS[one.form].questions:
            if asked.id in answers and asked.kind in PLANTED:
                answers[asked.id] = self._plant(one, asked.id, asked.reads)
        return answers

    def _declines(self, one: request.Request) -> bool:
        return one.form == "mentor_application" and one.person_id == self.ids[UNWILLING]

    def _plant(self, one: request.Request, question: str, reads: Visibility) -> str:
        word = f"kanarie{one.id:05d}{question.replace('_', '')}zz"
        self.plants[word] = Plant(reads, one.person_id, one.form, question, one.about, one.id)
        return word

    def _swap(self, number: int) -> None:
        """Put a canary in the place of a choice, before anything acts on it."""
        with transaction() as session:
            one = session.get_one(request.Request, number)
            given = response.of_request(session, number)
            assert given, (one.form, str(one.status))
            answers = dict(given.answers)
            if not CHOSEN.keys() & answers.keys():
                return  # a sitting holds for what was sent, and for nothing that took its place
            reads = {q.id: q.reads for q in FORMS[one.form].questions}
            for question, what in CHOSEN.items():
                if question in answers and reads[question] is what:
                    word = self._plant(one, question, what)
                    answers[question] = [word] if isinstance(answers[question], list) else word
            told_in = {"form": one.form, "version": given.version, "language": given.language}
            response.keep(session, one, answers=answers, answered_on=self.today, **told_in)

    # The whole

    def live(self, folder: Path, until: date | None = None) -> None:
        """From day to day; of each morning there is a picture in the folder."""
        for _ in range(400):
            self.mornings[self.today] = picture(folder / f"{self.today}")
            self.known[self.today] = dict(self.plants)
            self.day()
            coming = self.following()
            if coming and self.news:
                coming = min(coming, self.today + timedelta(days=1))
            if coming is None or (until and coming > until):
                return
            self.today = coming
        raise AssertionError("it never ends")

    def again(self, since: date) -> "Life":
        """The same company on a morning before, with the canaries that it had then; nobody has seen anything."""
        day = max(one for one in self.mornings if one <= since)
        engine().dispose()
        with sqlite3.connect(self.mornings[day]) as then, sqlite3.connect(_file()) as now:
            then.backup(now)
        then.close()
        now.close()
        return Life(today=day, ids=dict(self.ids), track=self.track, plants=dict(self.known[day]))

    def look_back(self) -> None:
        """At the end the coordinator looks through the whole desk, every mail that ever went included."""
        self.go_round(mails=True)

    # Who is who

    def reader(self, who: int) -> Reader:
        """What somebody is in this company."""
        return WHO[next(name for name, number in self.ids.items() if number == who)]

    def got(self, what: Visibility, reader: Reader, whose: Whose) -> list[tuple[str, Seen]]:
        """The canaries of that class that readers of that kind got, of their own hand or of another's."""
        return [
            (word, seen)
            for who, found in self.seen.items()
            if self.reader(who) is reader
            for seen in found
            for word in sorted(seen.words)
            if self.plants[word].what is what and (self.plants[word].writer == who) is (whose is Whose.OWN)
        ]

    def pairs_of(self) -> dict[int, set[int]]:
        """Whom each person was proposed to or together with, and him- or herself."""
        found = {who: {who} for who in self.ids.values()}
        with transaction() as session:
            for pair in session.scalars(sa.select(Pairing)).unique():
                mentor, mentee = pair.mentor.person_id, pair.mentee.person_id
                found[mentor].add(mentee)
                found[mentee].add(mentor)
        return found


def visitor() -> Any:
    """A browser that knows nothing yet."""
    return TestClient(_app(), follow_redirects=True)


@cache
def _app() -> Any:
    return create_app()


def told(answer: Any) -> str:
    """What an answer of the portal says: text as it is, what is packed unpacked, anything else as far as letters go."""
    kind = answer.headers.get("content-type", "")
    if answer.content.startswith(b"PK"):
        with ZipFile(BytesIO(answer.content)) as packed:
            return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    return str(answer.text) if kind.startswith("text/") or "json" in kind else answer.content.decode("latin-1")


def _file() -> str:
    return str(engine().url.database)


def picture(place: Path) -> Path:
    """The database as it is, in a file."""
    with sqlite3.connect(_file()) as now, sqlite3.connect(place) as then:
        now.backup(then)
    then.close()
    now.close()
    return place


def begin(track: Track, kind: type[Life] = Life) -> Life:
    """The company on the first morning, with a sponsor and a project team of its own."""
    made = build(**SETTINGS[track])
    life = kind(today=made.today, ids=made.ids, track=track)
    with transaction() as session:
        _person(session, life, SPONSOR, department="Board", level=9)
    return life


@contextmanager
def at_home(folder: Path) -> Iterator[None]:
    """Baken's home is that folder, for a while."""
    with environment(BAKEN_HOME=str(folder)):
        yield
        engine().dispose()
