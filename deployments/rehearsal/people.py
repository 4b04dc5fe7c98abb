"""People of a rehearsal: each reads an own mailbox, opens the links and answers as people do.

They know what their mails and pages say, and nothing else. Everything they do follows from the seed.
"""

import random
import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from email.message import EmailMessage
from email.utils import parseaddr

import httpx

from deployments.rehearsal.page import Choice, Form, forms_of, language_of
from deployments.rehearsal.phrases import SENTENCES, SHORT

YES = {
    "join": 0.42,
    "accept": 0.93,
    "agree": 0.97,
    "consent": 0.98,
    "took_place": 0.9,
    "contact": 0.9,
    "rematch": 0.0,
    "credit": 0.0,
    "release": 0.95,
    "continue": 0.9,
    "again": 0.9,
    "mentored_before": 0.4,
    "become_mentor": 0.5,
}
"""How likely a yes is, by what is asked; one half where nothing is said."""
NUMBERS = {"minutes": (30, 90), "hours": (2, 4), "rel_c07_hours": (2, 4), "rel_c03_months": (9, 12)}
FIRST = {"recommend": "go", "q04": "yes", "changed": "same_job"}
ALWAYS = {"rel_c06_every": "monthly"}
SILENT, LATE = 0.06, 0.2


class RehearsalError(RuntimeError):
    """A page did not take a proper answer, or a link did not open: a fault of ours, not of the people."""


@dataclass(order=True)
class Errand:
    """Something that somebody means to do on a day."""

    on: date
    number: int
    message: str = field(compare=False)
    address: str = field(compare=False)
    name: str = field(compare=False)
    url: str = field(compare=False)


@dataclass
class Crowd:
    """Everybody with a mailbox, but for the coordinators, who have a desk."""

    seed: int
    portal: str
    errands: list[Errand] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    read_before: set[str] = field(default_factory=set)
    mentors: list[str] = field(default_factory=list)
    unhappy: str = ""
    answers: int = 0
    number: int = 0

    def read(self, address: str, message: EmailMessage, today: date) -> None:
        """Read a mail, and make up one's mind about the link in it: soon, late, or never."""
        key = str(message["Message-ID"])
        if key in self.read_before:
            return
        self.read_before.add(key)
        for url in links_in(message, f"{self.portal}/f/"):
            self._plan(Errand(today, self.number, key, address, parseaddr(str(message["To"]))[0], url))

    def _plan(self, errand: Errand) -> None:
        url, today = errand.url, errand.on
        if url in self.done or any(e.url == url for e in self.errands):
            return
        mood = random.Random(f"{self.seed}:{errand.message}")
        if url not in self.silent and mood.random() < SILENT:
            self.silent.add(url)  # forgets it; a reminder helps half of the time
            return
        if url in self.silent and mood.random() < 0.5:  # noqa: PLR2004
            return
        days = mood.choice((4, 5, 8)) if mood.random() < LATE else mood.choice((1, 1, 2, 3))
        self.number += 1
        self.errands.append(replace(errand, on=mailbox_day(today + timedelta(days=days)), number=self.number))

    def next_day(self) -> date | None:
        """The next day on which somebody means to do something."""
        return min(e.on for e in self.errands) if self.errands else None

    def act(self, client: httpx.Client, today: date) -> int:
        """Everybody does what they meant to do by today; how many forms were sent."""
        due = sorted(e for e in self.errands if e.on <= today)
        self.errands = [e for e in self.errands if e.on > today]
        return sum(self._answer(client, errand, today) for errand in due)

    def _answer(self, client: httpx.Client, errand: Errand, today: date) -> int:
        page = client.get(errand.url)
        if page.status_code in {404, 410}:  # the question is not open any more
            return 0
        forms = forms_of(page)
        if page.status_code != httpx.codes.OK or not forms:
            msg = f"a form page answered {page.status_code} with {len(forms)} forms"
            raise RehearsalError(msg)
        form, language = forms[0], language_of(page)
        mood = random.Random(f"{self.seed}:{errand.message}:answer")
        if "ses_g2" in form.texts and errand.address not in self.mentors:
            self.mentors.append(errand.address)
        typed = fill(form, mood, language, errand.name, today)
        self._complain(form, typed, errand)
        sent = client.post(form.action, data=typed)
        if sent.status_code != httpx.codes.OK:
            msg = f"a form was refused with {sent.status_code}: {', '.join(sorted(form.texts | form.choices))}"
            raise RehearsalError(msg)
        self.done.add(errand.url)
        self.answers += 1
        return 1

    def _complain(self, form: Form, typed: dict[str, str | list[str]], errand: Errand) -> None:
        """One mentee, once, asks for another mentor."""
        if "rematch" in form.choices and "credit" in form.choices and self.unhappy in {"", errand.address}:
            first = not self.unhappy
            self.unhappy = errand.address
            if first:
                typed |= {"rematch": "yes", "satisfied": "2"}


def mailbox_day(day: date) -> date:
    """The next day on which people get round to such mails: Tuesdays and Thursdays."""
    while day.isoweekday() not in {2, 4}:
        day += timedelta(days=1)
    return day


def links_in(message: EmailMessage, start: str) -> list[str]:
    """The addresses in a mail's text that begin with `start`."""
    body = message.get_body(("plain",))
    return list(dict.fromkeys(re.findall(re.escape(start) + r"[\w\-/]+", body.get_content() if body else "")))


def fill(form: Form, mood: random.Random, language: str, name: str, today: date) -> dict[str, str | list[str]]:
    """Fill in a whole form, as a willing person would."""
    typed: dict[str, str | list[str]] = dict(form.hidden)
    for choice in form.choices.values():
        if value := _choose(choice, mood):
            typed[choice.name] = value
    for field_name, kind in form.texts.items():
        typed[field_name] = _write(field_name, kind, mood, language, name, today)
    return {key: value for key, value in typed.items() if value}


def _choose(choice: Choice, mood: random.Random) -> str | list[str]:
    values = [value for value in choice.values if value]
    name = choice.name
    if choice.kind == "select":
        return mood.choice(values) if mood.random() < 0.15 else ""  # noqa: PLR2004 - few things have priority
    if choice.kind == "checkbox":
        if len(values) == 1:
            return values[0]
        kept = [value for value in values if value != "none"]
        return mood.sample(kept, k=min(len(kept), mood.randint(2, 4)))
    if set(values) == {"yes", "no"}:
        return "yes" if mood.random() < YES.get(name, 0.5) else "no"
    if set(values) == {"1", "2", "3", "4", "5"}:
        return mood.choices(("2", "3", "4", "5"), weights=(1, 5, 60, 34))[0]
    if name in ALWAYS:
        return ALWAYS[name]
    return FIRST[name] if name in FIRST and mood.random() < 0.85 else mood.choice(values)  # noqa: PLR2004


def _write(field_name: str, kind: str, mood: random.Random, language: str, name: str, today: date) -> str:
    question, _, part = field_name.rpartition(".")
    if part in {"day", "month", "year"} and question:
        return str(getattr(today, part))
    if field_name.endswith(".own") or field_name == "avoid":
        return ""
    if "signature" in field_name or field_name == "rel_c14":
        return name or "A. Signatory"
    if field_name in NUMBERS or kind == "number":
        low, high = NUMBERS.get(field_name, (1, 12))
        return str(mood.randint(low, high))
    words = SENTENCES if kind == "textarea" else SHORT
    return mood.choice(words.get(language, words["en"]))
