"""Selection: scores against the profile, and the decisions that may be taken (SEL-D1, SEL-D2)."""

from collections.abc import Iterable

from framework.participation import ParticipantStatus
from framework.people import Role
from framework.questions import Answers

MENTOR_CHOICES = {
    "select": ParticipantStatus.SELECTED,
    "later": ParticipantStatus.LATER,
    "not_selected": ParticipantStatus.NOT_SELECTED,
}
MENTEE_CHOICES = {"select": ParticipantStatus.CONFIRMED, "not_selected": ParticipantStatus.NOT_SELECTED}


def choices(role: Role) -> dict[str, ParticipantStatus]:
    """What the coordinator may decide on a candidate, and the status that follows."""
    return MENTOR_CHOICES if role is Role.MENTOR else MENTEE_CHOICES


def needs_reason(choice: str) -> bool:
    """Nobody is turned down without a reason or a plan (SEL-02, LEG-22)."""
    return choice != "select"


def profile_form(mentor_role: str) -> str:
    """The profile that fits the mentor's role in the programme: A newcomers, B a skill, C growth."""
    return f"mentor_profile_{mentor_role.lower()}"


def profile_score(answers: Answers) -> int | None:
    """A profile's mean as 0 to 100; None without a single score."""
    given = [value for key, value in answers.items() if key.startswith("sel_") and isinstance(value, int)]
    return round((sum(given) / len(given) - 1) * 25) if given else None


def mentee_score(motivation: int, profile: int | None) -> int:
    """A mentee's score: the wish to develop counts twice, the manager's view once (SEL-05, SEL-PM), 0 to 100.

    Without that view the wish alone counts: a manager's silence harms nobody.
    """
    return motivation if profile is None else round((2 * motivation + profile) / 3)


def motivation_score(answers: Answers) -> int:
    """A mentee's first criterion: the wish to develop several competences (SEL-05), 0 to 100.

    Competences named (up to 4) give 15 each, motives (up to 4) 10 each.
    """
    competences, motives = answers.get("competences", []), answers.get("motives", [])
    many = min(len(competences), 4) if isinstance(competences, list) else 0
    why = min(len(motives), 4) if isinstance(motives, list) else 0
    return 15 * many + 10 * why


def shortage(capacities: Iterable[int], mentees: int) -> int:
    """Places short for the mentees that were chosen; 0 when there are enough (SEL-M09)."""
    return max(0, mentees - sum(capacities))
