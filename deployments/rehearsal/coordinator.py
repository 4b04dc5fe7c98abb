"""The rehearsal's coordinator: opens the desk from a mail, looks at what waits, and decides."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from email.message import EmailMessage

import httpx

from deployments.rehearsal.letters import links_in
from deployments.rehearsal.page import Form, forms_of, links_of
from deployments.rehearsal.people import RehearsalError

DECIDES = ("readiness", "selection", "matching", "training", "review")
REASONS = {
    "approve": "I know them both, and in this case it does no harm.",
    "strike": "They know each other too well already.",
    "not_selected": "Another kind of support fits better this year.",
    "later": "Very willing; first a course in giving feedback, then next year.",
    "waived": "Has followed the same course elsewhere.",
    "rematch": "Asked for, and both will gain by it.",
    "end": "Both agree that it is done.",
}
SWAP = "swap:"
ASKED_FOR = "Another partner was asked for"


@dataclass
class Coordinator:
    """One coordinator or deputy: decides a day or two after the mail.

    On each desk one proposal is struck, and in another one somebody else is chosen; one mentor in all is put off.
    """

    seed: int
    portal: str
    desks: dict[str, date] = field(default_factory=dict)
    decided: int = 0
    helped: int = 0
    struck: set[str] = field(default_factory=set)
    swapped: set[str] = field(default_factory=set)
    later: bool = False

    def read(self, message: EmailMessage, today: date) -> None:
        """Read a mail; where it leads to the desk, plan to look there."""
        mood = random.Random(f"{self.seed}:{message['To']}:{today}")
        for url in links_in(message, f"{self.portal}/desk/"):
            self.desks.setdefault(url, today + timedelta(days=mood.choice((1, 1, 2))))

    def next_day(self) -> date | None:
        """The next day on which the coordinator means to look at the desk."""
        return min(self.desks.values()) if self.desks else None

    def act(self, client: httpx.Client, today: date) -> int:
        """Look at each desk that is due, and decide all that waits; how many decisions."""
        due = [url for url, on in self.desks.items() if on <= today]
        for url in due:
            del self.desks[url]
        return sum(self._desk(client, url, today) for url in sorted(due))

    def _desk(self, client: httpx.Client, url: str, today: date) -> int:
        page = client.get(url)
        if page.status_code != httpx.codes.OK:
            msg = f"the desk answered {page.status_code}"
            raise RehearsalError(msg)
        made = 0
        for phase in DECIDES:
            for link in links_of(page, f"/{phase}"):
                if link.split("?")[0].rstrip("/").endswith(f"/{phase}"):
                    made += self._decide(client, link, phase, today)
        self.decided += made
        return made + sum(self._help(client, link) for link in links_of(page, "/asked"))

    def _help(self, client: httpx.Client, link: str) -> int:
        """Read what people asked for, talk with them, and say that it helped; how many."""
        helped = 0
        for one in links_of(client.get(link), "/asked/"):
            for form in forms_of(client.get(one)):
                sent = client.post(form.action, data={**form.hidden, "outcome": "helped"})
                if sent.status_code != httpx.codes.OK:
                    msg = f"the desk refused what was done with {sent.status_code}"
                    raise RehearsalError(msg)
                helped += 1
        self.helped += helped
        return helped

    def _decide(self, client: httpx.Client, link: str, phase: str, today: date) -> int:
        page = client.get(link)
        forms = forms_of(page)
        if not forms:
            return 0
        desk = link.partition("?")[0].removesuffix(f"/{phase}")
        typed, made = self._choose(forms[0], desk, f"{self.seed}:{phase}:{today}")
        if made:
            sent = client.post(forms[0].action, data=typed)
            if sent.status_code == httpx.codes.UNPROCESSABLE_ENTITY:  # a bent rule wants a reason, or a place is taken
                sent = client.post(forms[0].action, data=self._think_again(typed))
            if sent.status_code != httpx.codes.OK:
                msg = f"the desk refused {phase} with {sent.status_code}"
                raise RehearsalError(msg)
        return made

    def _think_again(self, typed: dict[str, str]) -> dict[str, str]:
        """The same decisions, with a reason for each, and without choosing somebody else."""
        again = {name: "approve" if value.startswith(SWAP) else value for name, value in typed.items()}
        return again | {f"{name}.reason": REASONS["approve"] for name, value in again.items() if value == "approve"}

    def _choose(self, form: Form, desk: str, day: str) -> tuple[dict[str, str], int]:
        typed, made = dict(form.hidden), 0
        for name, choice in form.choices.items():
            if name == "all" or len(choice.values) < 2:  # noqa: PLR2004 - the choice for everybody at once
                continue
            words = form.labels.get(name, "")
            picked = self._pick(choice.values, words, desk, random.Random(f"{day}:{words}"))
            typed[name] = picked
            made += 1
            if picked in REASONS and picked != "approve":
                typed[f"{name}.reason"] = REASONS[picked]
        return typed, made

    def _pick(self, values: list[str], words: str, desk: str, mood: random.Random) -> str:
        if "go" in values:
            return "go"
        if "approve" in values:
            return self._pair(values, desk)
        if "rematch" in values:
            return "rematch" if ASKED_FOR in words else "support"
        if "attended" in values:
            return "attended" if mood.random() < 0.95 else "absent"  # noqa: PLR2004
        later = "later" in values and not self.later
        self.later = self.later or later
        return "later" if later else "select"

    def _pair(self, values: list[str], desk: str) -> str:
        if desk not in self.struck:
            self.struck.add(desk)
            return "strike"
        others = [value for value in values if value.startswith(SWAP)]
        if others and desk not in self.swapped:
            self.swapped.add(desk)
            return others[0]
        return "approve"
