"""How long what is kept: one table, with periods that a programme's file may change (LEG-08, CAP-200).

Emptying is not deleting: rows stay, so that figures count as before (framework/counted.py). Periods are calendar months
or days; each begins on a day that the programme itself knows. Whether a period suits is for the company's own counsel.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

DRAFT_DAYS = 90
"""What was typed and never sent, in every programme alike."""


class Kind(StrEnum):
    """The classes of what is kept."""

    DRAFTS = "drafts"
    REFUSED = "refused"
    REFLECTIONS = "reflections"
    ANSWERS = "answers"
    AGREEMENTS = "agreements"
    CERTIFICATES = "certificates"
    MATCHINGS = "matchings"
    MAILS = "mails"


class Retention(BaseModel):
    """A programme's own periods: the `[retention]` table of its file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    refused_months: int = Field(default=12, ge=1, le=120, description="Applications of those who do not take part")
    reflections_months: int = Field(default=6, ge=1, le=120, description="What a pair told about its meetings")
    answers_months: int = Field(default=6, ge=1, le=120, description="All other answers, reasons and profiles")
    agreements_months: int = Field(default=60, ge=1, le=240, description="Agreements, signatures, consents")
    certificates_months: int = Field(default=60, ge=1, le=240, description="The number of a certificate")
    matchings_months: int = Field(default=12, ge=1, le=120, description="What runs of matching looked at")
    mails_days: int = Field(default=90, ge=7, le=3650, description="The words of a mail")


@dataclass(frozen=True, slots=True)
class Rule:
    """One class: what it is, from which day its period counts, and what is left of it afterwards."""

    what: str
    since: str
    left: str


RULES: Mapping[Kind, Rule] = {
    Kind.DRAFTS: Rule("what was typed and never sent", "it was saved", "nothing"),
    Kind.REFUSED: Rule(
        "applications of those who do not take part, and what was said of them",
        "the selection was finished",
        "status and figures",
    ),
    Kind.REFLECTIONS: Rule("what a pair told about its meetings", "the pair ended", "dates and figures"),
    Kind.ANSWERS: Rule(
        "all other answers; reasons of decisions; profiles",
        "the pair ended, the evaluation round or the closure was finished",
        "figures",
    ),
    Kind.AGREEMENTS: Rule("agreements, signatures, consents", "the pair ended", "dates"),
    Kind.CERTIFICATES: Rule("numbers of certificates", "they were given", "that there was one"),
    Kind.MATCHINGS: Rule(
        "what runs of matching looked at, and why pairs were proposed", "the closure was finished", "pairs and scores"
    ),
    Kind.MAILS: Rule("the words of mails that went, or will not go", "they went, or were to go", "kind, day, state"),
}


def before(kept: Retention, kind: Kind, today: date) -> date:
    """What began its period before this day, or on it, is let go."""
    match kind:
        case Kind.DRAFTS:
            return today - timedelta(days=DRAFT_DAYS)
        case Kind.MAILS:
            return today - timedelta(days=kept.mails_days)
        case _:
            return _months_before(today, getattr(kept, f"{kind}_months"))


def period(kept: Retention, kind: Kind) -> str:
    """How long, in words."""
    if kind is Kind.DRAFTS:
        return f"{DRAFT_DAYS} days"
    return f"{kept.mails_days} days" if kind is Kind.MAILS else f"{getattr(kept, f'{kind}_months')} months"


def _months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last day of the month where that day does not exist."""
    years, month = divmod(day.month - 1 - months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(day.year + years, month + 1, number)
        except ValueError:
            continue
    return date(day.year + years, month + 1, day.day)
