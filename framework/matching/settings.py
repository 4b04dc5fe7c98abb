"""How a programme matches, as its file says it: who makes the pairs, what they look like, rules, weights (CAP-086)."""

from enum import StrEnum
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator


class Strict(BaseModel):
    """Settings that refuse what they do not know, so that a slip of the pen is found at once."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rule(StrEnum):
    """Hard rules of matching: a pair that breaks one is never proposed (CAP-088 to CAP-092, CAP-105 to CAP-107).

    `unavailable` holds always, listed or not: one person, together before, a conflict of interest, or somebody to
    avoid. It is one word for all of these, so that a reason never tells who asked not to meet whom.
    """

    UNAVAILABLE = "unavailable"
    REPORTING_LINE = "reporting_line"
    OTHER_DEPARTMENT = "other_department"
    SAME_DEPARTMENT = "same_department"
    COMMON_LANGUAGE = "common_language"
    SAME_SITE = "same_site"
    OTHER_COUNTRY = "other_country"
    SAME_COUNTRY = "same_country"
    WAS_MENTEE = "was_mentee"
    MORE_EXPERIENCED = "more_experienced"


class Weights(Strict):
    """What counts in a match, in thousandths of the whole; they add up to 1000. What weighs 0 is not looked at.

    Only answers that people gave and facts of the roster count; nothing of a special category (LEG-28), ever.
    """

    goal: int = Field(default=400, ge=0, description="How much of what the mentee wants to learn the mentor can teach")
    ambitions: int = Field(
        default=0, ge=0, description="How many of the mentee's reasons to take part the mentor's topics answer"
    )
    experience: int = Field(default=250, ge=0, description="A good lead in years of experience: see `window`")
    interests: int = Field(default=150, ge=0, description="How many interests the two share, of all that they have")
    language: int = Field(default=100, ge=0, description="The same first language; half of it for another one")
    site: int = Field(default=100, ge=0, description="The same site, or both ready to meet online and one asks for it")
    channel: int = Field(default=0, ge=0, description="They like to meet in the same way, in person or online")
    availability: int = Field(
        default=0, ge=0, description="How many of the parts of the day that suit the mentee suit the mentor too"
    )
    style: int = Field(
        default=0,
        ge=0,
        description="How they like to work together, shared of all named; a difference can teach too: then 0 (MAT-22)",
    )
    preference: int = Field(default=0, ge=0, description="They asked for each other by name; half if one of them did")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        total = sum(self.model_dump().values())
        if total != 1000:  # noqa: PLR2004
            msg = f"the weights add up to {total}; they must add up to 1000"
            raise ValueError(msg)
        return self


Mode = Literal["appointed", "proposed", "mutual", "mentee_picks", "by_lot", "open_pool"]
"""Who makes the pairs (CAP-086).

- appointed: the best set; the coordinator decides, and the two are introduced (new hires, on day one).
- proposed: the best set; the coordinator decides, then the mentor and the mentee are asked.
- mutual: both sides put names in order; the stable set that is best for mentees. Who finds nobody so is proposed.
- mentee_picks: the mentee puts mentors in order; they are asked one by one, each with a last day.
- by_lot: a draw among all that the rules allow; then as proposed.
- open_pool: no pairs; every mentee hears which mentors are open to a talk.
"""

Shape = Literal["one_to_one", "group", "two_mentors", "peers"]
"""One mentor with one mentee at a time or several apart; a group of mentees; two mentors, one for each of the
programme's first two languages; pairs of equals out of one pool."""

BEST_SET: frozenset[str] = frozenset({"appointed", "proposed"})
"""The modes that look for the best set: shapes other than one to one, and bent rules, belong to these."""


class Matching(Strict):
    """How mentors and mentees find each other (CAP-086)."""

    mode: Mode = Field(default="proposed", description="Who makes the pairs: see the list of modes")
    shape: Shape = Field(default="one_to_one", description="What a relationship looks like: see the list of shapes")
    reverse: bool = Field(default=False, description="The one with fewer years is the mentor (PRG-08)")
    meet_first: bool = Field(
        default=False, description="The two meet before they say yes or no, each in private (MAT-12, CAP-096)"
    )
    wishes: int = Field(default=5, ge=1, le=10, description="Most names that one person may put in order")
    shown: int = Field(default=20, ge=2, le=50, description="Most people among whom one person chooses, best first")
    group: tuple[int, int] = Field(default=(3, 8), description="The fewest and the most mentees in a group (CAP-103)")
    rules: tuple[Rule, ...] = (Rule.REPORTING_LINE, Rule.OTHER_DEPARTMENT, Rule.COMMON_LANGUAGE)
    relax: tuple[Rule, ...] = Field(
        default=(),
        description="Of these rules, those that may be bent, the first one first, for who would find nobody (MAT-08)",
    )
    window: tuple[int, int, int, int] = Field(
        default=(1, 4, 15, 30),
        description="Years of experience that the mentor is ahead: too few, right from, right until, too many (MAT-01)",
    )
    weights: Weights = Weights()
    capacity: int = Field(default=2, ge=1, le=20, description="Most mentees for one mentor at a time")

    @field_validator("window")
    @classmethod
    def _rises(cls, window: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
        if list(window) != sorted(window):
            raise ValueError("the four ages of the window must rise")
        return window

    @model_validator(mode="after")
    def _may_relax(self) -> Self:
        if len(set(self.relax)) < len(self.relax) or not set(self.relax) <= set(self.rules) - {Rule.UNAVAILABLE}:
            raise ValueError("what may be relaxed is one of the rules, each named once, and never `unavailable`")
        return self

    @field_validator("group")
    @classmethod
    def _is_a_range(cls, group: tuple[int, int]) -> tuple[int, int]:
        if not 2 <= group[0] <= group[1] <= 30:  # noqa: PLR2004
            raise ValueError("a group has a fewest and a most: from 2 to 30 mentees, the fewest first")
        return group

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.shape != "one_to_one" and self.mode not in BEST_SET:
            raise ValueError(f"the shape {self.shape} goes with the mode appointed or proposed, not with {self.mode}")
        if self.relax and (self.mode not in BEST_SET or self.shape != "one_to_one"):
            raise ValueError("rules are relaxed for one to one, with the mode appointed or proposed")
        if self.meet_first and self.mode not in {"proposed", "by_lot"}:
            raise ValueError("people meet first only where pairs are proposed or drawn")
        if self.meet_first and self.shape in {"group", "two_mentors"}:
            raise ValueError("people meet first in twos: one to one, or as peers")
        if self.reverse and (self.shape == "peers" or Rule.MORE_EXPERIENCED in self.rules):
            raise ValueError("reverse mentoring is not for peers, nor with the rule more_experienced")
        return self
