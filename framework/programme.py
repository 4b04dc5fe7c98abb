"""A programme is a file: its settings, and the calendar that follows from them.

All dates are plain calendar dates in the programme's own time zone; offsets count whole days or months.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from framework.mail import MailRules
from framework.matching.settings import Matching, Strict
from framework.retention import Retention
from framework.review import may_impose
from framework.visibility import Track

PHASES = (
    "readiness",
    "recruitment",
    "selection",
    "matching",
    "training",
    "agreement",
    "meetings",
    "review",
    "closure",
    "evaluation",
)
"""The spine, in the order of the calendar; agreement and meetings support the eight phases."""

NEEDS = {
    "recruitment": "readiness",
    "selection": "recruitment",
    "matching": "selection",
    "training": "matching",
    "agreement": "training",
    "meetings": "training",  # pairs with an agreement meet; they do not wait for those that still draft theirs
    "review": "training",
    "closure": "training",
    "evaluation": "closure",
}
"""A phase opens on its date, once the phase it needs has reached a good end."""

BY_DAY = 100
"""Rounds of review beyond this number stand on no calendar: they are planned as pairs of later rounds begin."""

Slug = Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$")]


class Words(Strict):
    """The company's own words (CAP-011), in one language."""

    mentor: str = "mentor"
    mentors: str = "mentors"
    mentee: str = "mentee"
    mentees: str = "mentees"


class Aim(Strict):
    """One SMART objective (CAP-006): what is measured, from where, to where, by when."""

    measure: str
    unit: str = "%"
    baseline: float
    target: float
    by: date | None = None


class TargetGroup(Strict):
    """Whom the campaign addresses; an empty list means everybody."""

    departments: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    mentor_years: int = Field(default=8, ge=0, description="From this many years on, a person is asked to be a mentor")
    hired_within_days: int | None = Field(default=None, ge=1, description="New hires only: in service at most so long")


class Recruitment(Strict):
    """How the campaign finds people beside its calls (REC-03, CAP-060)."""

    nominations: bool = Field(default=True, description="Line managers may name colleagues, who decide for themselves")


class Review(Strict):
    """When reviews fall (TIM-03 to TIM-06), in months after the relationships start."""

    quarterly_months: int | None = Field(default=3, ge=1, le=12, description="A short check with both sides (REV-04)")
    pair_months: int | None = Field(default=6, ge=4, le=6, description="The pair's own review (REV-01)")
    at_months: tuple[int, ...] = Field(default=(), description="Fixed months, for new hires (REV-N5, REV-N6)")
    early_check_days: int | None = Field(
        default=21, ge=7, le=90, description="Days until pairs that others made are asked whether it fits (MAT-05)"
    )


class Meetings(Strict):
    """How often pairs meet, and the least that is asked (TIM-16, TIM-25)."""

    every_days: int = Field(default=28, ge=1)
    minutes: int = Field(default=60, ge=5)
    at_least: int = Field(default=3, ge=0, description="Fewer meetings than this by a review is a signal (REV-F2)")


class Training(Strict):
    """The course and its gate (CAP-109, CAP-113, CAP-116)."""

    sessions: int = Field(default=2, ge=1, le=10, description="How many dates people can choose from")
    hours: int = Field(default=4, ge=1, le=24)
    must_attend: bool = True


class Span(Strict):
    """When a phase opens, and for how long: days after the programme starts, and days that it stays open."""

    after_days: int = Field(ge=0)
    open_days: int = Field(ge=1)


class Spans(Strict):
    """The plan of the phases before the relationships start."""

    readiness: Span = Span(after_days=0, open_days=14)
    recruitment: Span = Span(after_days=21, open_days=28)
    selection: Span = Span(after_days=50, open_days=14)
    matching: Span = Span(after_days=66, open_days=14)
    training: Span = Span(after_days=84, open_days=14)
    agreement: Span = Span(after_days=100, open_days=14)


class Programme(Strict):
    """One programme, as its file says (CAP-001). People are named by employee number or e-mail address."""

    slug: Slug
    title: str = Field(min_length=2, max_length=60)
    company: str = Field(min_length=1, max_length=60)
    track: Track
    source: str = ""
    mentor_role: Literal["A", "B", "C"] = "C"
    starts_on: date
    relationship_months: int = Field(default=12, ge=1, le=36)
    follow_up_months: tuple[int, ...] = Field(default=(3, 6, 12), description="Waves after the end; one at 12 or later")
    time_zone: str = "Europe/Brussels"
    languages: tuple[str, ...] = ("en",)
    coordinator: str
    deputy: str | None = None
    sponsor: str | None = None
    team: tuple[str, ...] = ()
    colour: str = Field(default="#0b5d66", pattern=r"^#[0-9a-fA-F]{6}$")
    words: dict[str, Words] = Field(default_factory=dict)
    aims: tuple[Aim, ...] = ()
    target_group: TargetGroup = TargetGroup()
    recruitment: Recruitment = Recruitment()
    matching: Matching = Matching()
    training: Training = Training()
    meetings: Meetings = Meetings()
    review: Review = Review()
    mail: MailRules = MailRules()
    retention: Retention = Retention()
    phases: Spans = Spans()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            return ZoneInfo(zone).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            msg = f"{zone!r} is not a time zone; write one such as Europe/Brussels"
            raise ValueError(msg) from None

    @field_validator("follow_up_months")
    @classmethod
    def _a_year(cls, months: tuple[int, ...]) -> tuple[int, ...]:
        if not months or max(months) < 12:  # noqa: PLR2004
            raise ValueError("the last follow-up wave falls at least 12 months after the end (FUP-01)")
        return tuple(sorted(set(months)))

    @model_validator(mode="after")
    def _speaks_both(self) -> Self:
        if self.matching.shape == "two_mentors" and len(set(self.languages[:2])) < 2:  # noqa: PLR2004
            raise ValueError('the shape two_mentors needs two languages in this file, such as languages = ["nl", "fr"]')
        return self

    def words_in(self, language: str) -> Words:
        """The company's words in that language, or the plain ones."""
        return self.words.get(language) or PLAIN.get(language) or Words()


PLAIN = {
    "en": Words(),
    "nl": Words(mentors="mentoren"),
    "fr": Words(mentee="mentoré", mentees="mentorés"),
}


@dataclass(frozen=True, slots=True)
class Milestone:
    """One entry of the calendar. `kind` tells rounds of one phase apart (`check_in`, `early_check`, `final`, ...)."""

    phase: str
    round: int
    kind: str
    opens_on: date
    closes_on: date


def months_after(start: date, months: int) -> date:
    """The same day so many months later; the last day of the month where that day does not exist."""
    years, month = divmod(start.month - 1 + months, 12)
    for day in range(start.day, 27, -1):
        try:
            return date(start.year + years, month + 1, day)
        except ValueError:
            continue
    return date(start.year + years, month + 1, start.day)


def calendar(programme: Programme) -> tuple[Milestone, ...]:
    """Every milestone of a programme, in the order of opening (house idea 10)."""
    return tuple(sorted(_milestones(programme), key=lambda m: (m.opens_on, PHASES.index(m.phase), m.round)))


def _milestones(programme: Programme) -> Iterator[Milestone]:
    for phase in ("readiness", "recruitment", "selection", "matching", "training", "agreement"):
        span: Span = getattr(programme.phases, phase)
        opens = programme.starts_on + timedelta(days=span.after_days)
        yield Milestone(phase, 1, phase, opens, opens + timedelta(days=span.open_days))
    start = relationships_start(programme)
    end = months_after(start, programme.relationship_months)
    yield Milestone("meetings", 1, "meetings", start, end)
    for number, (months, kind) in enumerate(review_rounds(programme), 1):
        opens = months_after(start, months)
        yield Milestone("review", number, kind, opens, opens + timedelta(days=21))
    opens = start + timedelta(days=_early_check(programme))
    if start < opens < end:
        yield Milestone("review", len(review_rounds(programme)) + 1, "early_check", opens, opens + timedelta(days=14))
    yield Milestone("closure", 1, "closure", end, end + timedelta(days=28))
    over = end + timedelta(days=28)
    yield Milestone("evaluation", 1, "final", over, over + timedelta(days=28))
    for number, months in enumerate(programme.follow_up_months, 2):
        opens = months_after(over, months)
        yield Milestone("evaluation", number, f"follow_up_{months}", opens, opens + timedelta(days=28))


def _early_check(programme: Programme) -> int:
    """Days after the start on which pairs that others made are asked; 0 where none can be (MAT-05, CAP-099)."""
    wanted = may_impose(programme.track, programme.matching.mode)
    return programme.review.early_check_days or 0 if wanted else 0


def relationships_start(programme: Programme) -> date:
    """The day by which the agreements stand and the meetings begin."""
    span = programme.phases.agreement
    return programme.starts_on + timedelta(days=span.after_days + span.open_days)


def review_rounds(programme: Programme) -> list[tuple[int, str]]:
    """Months after the start, with the instrument used: check_in, pair_review or new_hire_review (REV-N, REV-P)."""
    plan, last = programme.review, programme.relationship_months - 1
    if plan.at_months:
        return [(month, "new_hire_review") for month in sorted(plan.at_months) if month <= last + 1]
    pair = set(range(plan.pair_months, last + 1, plan.pair_months)) if plan.pair_months else set()
    short = set(range(plan.quarterly_months, last + 1, plan.quarterly_months)) if plan.quarterly_months else set()
    return [(month, "pair_review" if month in pair else "check_in") for month in sorted(pair | short)]
