"""People of a rehearsal: each reads an own mailbox, opens the links and answers as people do.

They know what their mails and pages say, and nothing else. What they do follows from the seed, their address and the
words that they were asked with, never from numbers of rows or the order of the post: those differ between databases.
"""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from email.message import EmailMessage
from email.utils import parseaddr

import httpx

from deployments.rehearsal.answers import YES, Typed, fill, settle
from deployments.rehearsal.letters import questions_in
from deployments.rehearsal.page import Form, buttons_of, forms_of, heading_of, language_of, links_of, programme_of

SILENT, LATE = 0.06, 0.2
BY_PARTS, OVERNIGHT, MOST_PARTS = 0.1, 0.3, 20
MORE = {"help": 0.015, "feedback": 0.02}
"""How likely somebody who has just answered goes on to a form that stands open."""
NOMINEE, ROLE = "nominees.{}.person", "nominees.{}.role"
STRANGER, STRANGE = "Somebody Unknown", 0.3


class RehearsalError(RuntimeError):
    """A page did not take a proper answer, or a link did not open: a fault of ours, not of the people."""


@dataclass(order=True)
class Errand:
    """Something that somebody means to do on a day. `asked` are the words of the mail, without its addresses."""

    on: date
    address: str
    asked: str
    number: int
    name: str = field(compare=False)
    url: str = field(compare=False)


@dataclass
class Crowd:
    """Everybody with a mailbox, but for the coordinators, who have a desk.

    `likely` is how likely a yes is, by what is asked. Of the pages whose heading is one of `offers`, the first one of
    each programme is declined, and the second person who gets one never answers; all else is answered in time then.
    `reasons` are those that people gave for a no.
    """

    seed: int
    portal: str
    errands: list[Errand] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    read_before: set[str] = field(default_factory=set)
    asked: dict[str, str] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)
    known: set[str] = field(default_factory=set)
    mentors: list[str] = field(default_factory=list)
    unhappy: str = ""
    bereft: set[str] = field(default_factory=set)
    answers: int = 0
    number: int = 0
    likely: Mapping[str, float] = field(default_factory=lambda: YES)
    offers: frozenset[str] = frozenset()
    refuser: dict[str, str] = field(default_factory=dict)
    quiet: dict[str, str] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    kept_silent: Counter[str] = field(default_factory=Counter)
    reasons: list[str] = field(default_factory=list)

    def read(self, address: str, message: EmailMessage, today: date) -> None:
        """Read a mail, and make up one's mind about the link in it: soon, late, or never."""
        key = str(message["Message-ID"])
        if key in self.read_before:
            return
        self.read_before.add(key)
        self.known.add(address)
        for url, words in questions_in(message, f"{self.portal}/f/").items():
            asked = self.asked.setdefault(url, words)
            self.times[url] += 1
            self._plan(Errand(today, address, asked, self.number, parseaddr(str(message["To"]))[0], url))

    def _plan(self, errand: Errand) -> None:
        url, today = errand.url, errand.on
        if url in self.done or any(e.url == url for e in self.errands):
            return
        mood = self._mood(errand, self.times[url])
        if self.offers:  # who answers when and how is settled already
            self._means_to(replace(errand, on=mailbox_day(today + timedelta(days=1))))
            return
        if url not in self.silent and mood.random() < SILENT:
            self.silent.add(url)  # forgets it; a reminder helps half of the time
            return
        if url in self.silent and mood.random() < 0.5:  # noqa: PLR2004
            return
        days = mood.choice((4, 5, 8)) if mood.random() < LATE else mood.choice((1, 1, 2, 3))
        self._means_to(replace(errand, on=mailbox_day(today + timedelta(days=days))))

    def _mood(self, errand: Errand, occasion: object) -> random.Random:
        """The dice of one person for one question on one occasion: on any database the same."""
        return random.Random(f"{self.seed}:{errand.address}:{errand.asked}:{occasion}")

    def _means_to(self, errand: Errand) -> None:
        self.number += 1
        self.errands.append(replace(errand, number=self.number))

    def next_day(self) -> date | None:
        """The next day on which somebody means to do something."""
        return min(e.on for e in self.errands) if self.errands else None

    def act(self, client: httpx.Client, today: date) -> int:
        """Everybody does what they meant to do by today; how many forms were sent."""
        due = sorted(e for e in self.errands if e.on <= today)
        self.errands = [e for e in self.errands if e.on > today]
        return sum(self._answer(client, errand, today) for errand in due)

    def _answer(self, client: httpx.Client, errand: Errand, today: date) -> int:
        if self._mood(errand, "parts").random() < BY_PARTS:
            start = client.get(errand.url)
            if links_of(start, "/part/"):  # a long form begins with a page of its own
                return self._by_parts(client, errand, start, today)
        page = client.get(f"{errand.url}/all")
        if page.status_code in {404, 410}:  # the question is not open any more
            return 0
        forms = forms_of(page)
        if page.status_code != httpx.codes.OK or not forms:
            msg = f"a form page answered {page.status_code} with {len(forms)} forms"
            raise RehearsalError(msg)
        form, language = forms[0], language_of(page)
        mood = self._mood(errand, "answer")
        refuse = self._refuses(errand, page)
        if self._stays_silent(errand, page):
            self.done.add(errand.url)
            return 0
        if "ses_g2" in form.texts and errand.address not in self.mentors:
            self.mentors.append(errand.address)
        typed = fill(form, mood, language, errand.name, today, self.likely)
        if reason := settle(form, typed, language, len(self.reasons) + 1, refuse=refuse):
            self.reasons.append(reason)
            self.refused[programme_of(page)] += heading_of(page) in self.offers
        self._complain(form, typed, errand)
        self._name(form, typed, errand, mood)
        sent = self._look_over(client, client.post(form.action, data=typed))
        if sent.status_code != httpx.codes.OK:
            msg = f"a form was refused with {sent.status_code}: {', '.join(sorted(form.texts | form.choices))}"
            raise RehearsalError(msg)
        self.done.add(errand.url)
        self.answers += 1
        return 1 + self._say_more(client, errand, language, today)

    def _by_parts(self, client: httpx.Client, errand: Errand, start: httpx.Response, today: date) -> int:
        """Answer a part at a time, as the pages lead; now and then the rest waits for another day."""
        mood = self._mood(errand, today)
        page = client.get((buttons_of(start) or [errand.url])[0])
        for number in range(MOST_PARTS):
            form = forms_of(page)[0]
            if "sure" in form.choices:
                break
            if "ses_g2" in form.texts and errand.address not in self.mentors:
                self.mentors.append(errand.address)
            typed = fill(form, mood, language_of(page), errand.name, today, self.likely)
            self._complain(form, typed, errand)
            later = number > 0 and mood.random() < OVERNIGHT
            page = client.post(form.action, data=typed | {"go": "later" if later else "next"})
            if page.status_code != httpx.codes.OK:
                msg = f"a part was refused with {page.status_code}: {', '.join(sorted(form.texts | form.choices))}"
                raise RehearsalError(msg)
            if later:
                self._means_to(replace(errand, on=mailbox_day(today + timedelta(days=1))))
                return 0
        if self._look_over(client, page).status_code != httpx.codes.OK:
            msg = "a form that was answered by parts was refused at its check"
            raise RehearsalError(msg)
        self.done.add(errand.url)
        self.answers += 1
        return 1

    def _look_over(self, client: httpx.Client, page: httpx.Response) -> httpx.Response:
        """Before a long form or a signature goes, the page asks whether it has been looked over."""
        asked = [form for form in forms_of(page) if "sure" in form.choices]
        return client.post(asked[0].action, data={**asked[0].hidden, "sure": "yes"}) if asked else page

    def _name(self, form: Form, typed: Typed, errand: Errand, mood: random.Random) -> None:
        """A line manager names one colleague by address, and now and then somebody whom nobody knows."""
        if NOMINEE.format(1) not in form.texts:
            return
        for field_name in [name for name in typed if name.startswith(NOMINEE.partition("{")[0])]:
            del typed[field_name]
        others = sorted(self.known - {errand.address})
        if typed.get("nominate") == "yes" and others:
            named = [mood.choice(others)] + [STRANGER] * (mood.random() < STRANGE)
            for row, who in enumerate(named, 1):
                typed |= {NOMINEE.format(row): who, ROLE.format(row): mood.choice(("mentor", "mentee"))}

    def _say_more(self, client: httpx.Client, errand: Errand, language: str, today: date) -> int:
        """Now and then somebody asks for help, or says what he or she thinks of the programme; how many forms."""
        mood = self._mood(errand, "more")
        wanted = [name for name, likely in MORE.items() if mood.random() < likely]
        for name in wanted:
            page = client.get(f"{errand.url}/{name}")
            form = forms_of(page)[0]
            sent = client.post(form.action, data=fill(form, mood, language, errand.name, today, self.likely))
            if sent.status_code != httpx.codes.OK:
                msg = f"the form {name} was refused with {sent.status_code}"
                raise RehearsalError(msg)
        return len(wanted)

    def _refuses(self, errand: Errand, page: httpx.Response) -> bool:
        """Whether this is the first offer of a partner in its programme."""
        if heading_of(page) not in self.offers or programme_of(page) in self.refuser:
            return False
        self.refuser[programme_of(page)] = errand.address
        return True

    def _stays_silent(self, errand: Errand, page: httpx.Response) -> bool:
        """Whether an offer is one to the second person who had one in that programme: that one never answers."""
        name = programme_of(page)
        if heading_of(page) not in self.offers or self.refuser[name] == errand.address:
            return False
        quiet = self.quiet.setdefault(name, errand.address) == errand.address
        self.kept_silent[name] += quiet
        return quiet

    def _complain(self, form: Form, typed: Typed, errand: Errand) -> None:
        """One mentee, once, asks for another mentor; not one whose mentor is about to leave anyhow."""
        if errand.address in self.bereft:
            return
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
