"""A programme's timeline: the moments when something happens, each with a key, a day, a plain name (house idea 10).

A moment falls on a plain date in the programme's own time zone. What waits for people's answers moves as they answer;
these are the days that the plan alone gives: opening, the calls, reminders, the celebration, and the closing, on the
morning after the last day, for only then what nobody answered lapses (TIM-03 to TIM-06, CEL-02, FUP-01).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol
from urllib.parse import urlencode

from framework.closure import celebration_on
from framework.content import FORMS
from framework.programme import PHASES, Programme
from framework.recruitment import LEAD_DAYS
from framework.visibility import Track

KEY_LENGTH = 60
ORDER = ("opens", "calls", "reminders", "reminders-2", "celebration", "closes")
"""What may happen to a round, in the order in which it does."""

ASKS = {
    "readiness": "readiness_survey",
    "recruitment": "mentor_application",
    "selection": "mentor_profile_c",
    "matching": "decision",
    "training": "training_enrolment_mentee",
    "closure": "relationship_end_mentee",
}
"""The form whose reminders a phase's plan shows; where several are asked, the one that is asked first."""

ENDINGS = {"meetings": "end", "closure": "ends"}
REVIEWS = {"quarterly": 3, "half-yearly": 6}


class Round(Protocol):
    """A round of a phase, as it is planned and as it stands."""

    @property
    def phase(self) -> str:
        """The phase."""

    @property
    def round(self) -> int:
        """Which round of it, from 1."""

    @property
    def kind(self) -> str:
        """What tells rounds of one phase apart."""

    @property
    def opens_on(self) -> date:
        """The planned first day."""

    @property
    def closes_on(self) -> date:
        """The planned last day."""

    @property
    def opened_on(self) -> date | None:
        """The day on which it really opened."""

    @property
    def finished_on(self) -> date | None:
        """The day on which it was done."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of the timeline. `key` names it within its programme: `review:2:opens`."""

    on: date
    key: str
    phase: str
    round: int
    what: str
    name: str


def moments(programme: Programme, rounds: Iterable[Round]) -> tuple[Moment, ...]:
    """Every moment that the rounds still have before them, in the order of the calendar.

    What has opened does not open again, and counts its days from when it did; what is finished has nothing before it.
    """
    every = sorted(rounds, key=lambda one: (one.opens_on, PHASES.index(one.phase), one.round))
    found = [moment for one in every if one.finished_on is None for moment in _of_round(programme, one, every)]
    return tuple(sorted(found, key=lambda m: (m.on, PHASES.index(m.phase), m.round, ORDER.index(m.what))))


def names(programme: Programme, rounds: Iterable[Round]) -> dict[tuple[str, int], str]:
    """What people call each round, by its phase and its number."""
    every = sorted(rounds, key=lambda one: (one.opens_on, PHASES.index(one.phase), one.round))
    return {(one.phase, one.round): _called(programme, one, every) for one in every}


def _of_round(programme: Programme, one: Round, every: Sequence[Round]) -> Iterator[Moment]:
    called = _called(programme, one, every)
    for what, on in _days(programme, one):
        key = f"{one.phase}:{one.round}:{what}"
        yield Moment(on, key, one.phase, one.round, what, _name(one, called, what))


def _days(programme: Programme, one: Round) -> Iterator[tuple[str, date]]:
    start = one.opened_on or one.opens_on
    last = max(one.closes_on, start + (one.closes_on - one.opens_on))  # what opens late keeps its length
    if one.opened_on is None:
        yield "opens", start
    asked_on = start
    if one.phase == "recruitment":
        asked_on = start + timedelta(days=LEAD_DAYS)
        yield "calls", asked_on
    for what, days in zip(("reminders", "reminders-2"), _reminders(programme, one), strict=False):
        if asked_on + timedelta(days=days) <= last:
            yield what, asked_on + timedelta(days=days)
    if one.phase == "closure":
        yield "celebration", celebration_on(start)
    yield "closes", last + timedelta(days=1)


def _reminders(programme: Programme, one: Round) -> tuple[int, ...]:
    """Days after the question on which those who are silent are reminded; none where each pair has days of its own."""
    match one.phase:
        case "meetings":
            return ()
        case "review":
            return FORMS["check_in_mentee" if one.kind == "check_in" else "pair_review_mentee"].ladder.remind
        case "evaluation":
            return FORMS["programme_evaluation_mentee" if one.kind == "final" else "follow_up_mentee"].ladder.remind
        case "agreement":
            form = "growth_contract" if programme.track is Track.GROWTH else "new_hire_agreement"
            return FORMS[form].ladder.remind
        case phase:
            return FORMS[ASKS[phase]].ladder.remind


def _called(programme: Programme, one: Round, every: Sequence[Round]) -> str:
    """What people call a round: `recruitment`, `quarterly review 2`, `follow-up 3 of 4`."""
    alike = [other.round for other in every if (other.phase, other.kind) == (one.phase, one.kind)]
    if one.kind.startswith("follow_up_"):
        waves = [other.round for other in every if other.kind.startswith("follow_up_")]
        return f"follow-up {waves.index(one.round) + 1} of {len(waves)}"
    if one.kind == "final":
        return "final evaluation"
    if one.phase == "review":
        return _review(programme, one, alike)
    return one.phase if one.round == 1 else f"{one.phase}, round {one.round}"


def _review(programme: Programme, one: Round, alike: Sequence[int]) -> str:
    number = alike.index(one.round) + 1
    plan = programme.review
    match one.kind:
        case "check_in":
            return f"{'quarterly' if plan.quarterly_months == REVIEWS['quarterly'] else 'short'} review {number}"
        case "pair_review":
            return f"{'half-yearly' if plan.pair_months == REVIEWS['half-yearly'] else 'pair'} review {number}"
        case "new_hire_review":
            months = sorted(plan.at_months)[number - 1 : number]
            return f"new-hire review, month {months[0]}" if months else f"new-hire review {number}"
        case "early_check":
            return "early check" if number == 1 else f"early check {number}"
        case _:
            return f"review {one.round}"


def _name(one: Round, called: str, what: str) -> str:
    if what == "opens":
        if one.phase == "meetings":
            return f"{called} begin"
        return called if one.phase == "review" or called.startswith("follow-up") else f"{called} opens"
    if what == "closes":
        return f"{called} {ENDINGS.get(one.phase, 'closes')}"
    return {
        "calls": f"{called}: the calls go out",
        "reminders": f"{called}: reminders",
        "reminders-2": f"{called}: last reminders",
        "celebration": "celebration",
    }[what]


def named(title: str, what: str) -> str:
    """A run's name: the programme's title and what happens."""
    return f"{title} · {what}"


def tags(slug: str, phase: str) -> list[str]:
    """The tags by which a programme's runs, and a phase's, are found."""
    return [f"programme:{slug}", phase]


def calendar_tag(slug: str) -> str:
    """One more, of the runs that stand on the calendar: it tells them from those that the hour or a person started."""
    return f"calendar:{slug}"


def bookmark(ui: str, start: date, end: date, tag: str, *, search: str = "") -> str:
    """The address of the runs with a tag in Prefect's UI, oldest first; empty where no UI is known.

    `ui` is the UI's own address, with or without `/v2` at its end; `search` is a part of the runs' names. Of
    several tags the UI would show the runs that bear any, so there is one.
    """
    base = ui.rstrip("/").removesuffix("/v2").rstrip("/")
    if not base:
        return ""
    asked = {
        "tab": "flow-runs",
        "sort": "START_TIME_ASC",
        "hide-subflows": "false" if search else "true",
        "tags": tag,
        "flow-run-search": search,
        "start": f"{start}T00:00:00.000Z",
        "end": f"{end}T23:59:59.000Z",
    }
    return f"{base}/v2/runs?{urlencode({name: value for name, value in asked.items() if value})}"
