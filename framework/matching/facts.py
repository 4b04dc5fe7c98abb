"""What is behind the points of a pair, as facts that a person can check and put into words (CAP-093, CAP-104).

A fact is a code with plain values, the same in every language; `portal/pair_words.py` words it. Nothing here tells what
somebody asked in private: whom people avoid, and conflicts, are rules that no proposed pair breaks, and no facts. Of
two of whom one asked for the other, it is never told which one (MAT-Q14).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from framework.matching.criteria import (
    FULL,
    HALF,
    SERVES,
    Candidate,
    ambitions,
    factors,
    lead,
    meet_alike,
    meet_online,
)
from framework.matching.settings import Matching

FACTORS = (
    "goal",
    "ambitions",
    "experience",
    "interests",
    "language",
    "site",
    "channel",
    "availability",
    "style",
    "preference",
)
"""The factors in the order in which people read them."""
LOW = 400
"""A score of 1000 under which a pair is looked at twice."""
CLOSE = 10
"""An alternative is about as good where the whole loses no more points than this."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something true of two people that one factor rests on; `good` speaks for the pair. `data` is plain JSON."""

    factor: str
    code: str
    good: bool
    data: Mapping[str, object]

    def plain(self) -> list[object]:
        """As JSON holds it."""
        return [self.factor, self.code, self.good, dict(self.data)]


def facts(mentor: Candidate, mentee: Candidate, settings: Matching, hidden: Collection[str] = ()) -> list[Fact]:
    """One fact for each factor that weighs something, but for those that the reader may not know of."""
    weights, values = settings.weights.model_dump(), factors(mentor, mentee, settings)
    return [
        Fact(name, *TELL[name](mentor, mentee, settings, values[name]))
        for name in FACTORS
        if weights[name] and name not in hidden
    ]


def weakest(told: Collection[Fact], reasons: Mapping[str, int], weights: Mapping[str, int]) -> str:
    """The factor of the weak spot: where most points are lost, of what speaks against the pair; empty if nothing.

    That nobody asked for anybody is no weakness.
    """
    lost = [
        (weights.get(one.factor, 0) - reasons.get(one.factor, 0), one.factor)
        for one in told
        if not one.good and one.factor != "preference"
    ]
    return max(lost, key=lambda row: row[0])[1] if lost else ""


Told = tuple[str, bool, dict[str, object]]


def _goal(mentor: Candidate, mentee: Candidate, _: Matching, value: int) -> Told:
    taught = sorted(set(mentee.wants) & set(mentor.offers))
    if not mentee.wants:
        return "goal_unknown", False, {}
    return "goal" if taught else "goal_none", 2 * value >= FULL, {"taught": taught, "of": len(set(mentee.wants))}


def _ambitions(mentor: Candidate, mentee: Candidate, _: Matching, value: int) -> Told:
    hopes = ambitions(mentee)
    served = sum(not SERVES[hope].isdisjoint(mentor.offers) for hope in hopes)
    if not hopes:
        return "ambitions_unknown", False, {}
    return "ambitions" if served else "ambitions_none", 2 * value >= FULL, {"served": served, "of": len(hopes)}


def _experience(mentor: Candidate, mentee: Candidate, settings: Matching, value: int) -> Told:
    gap = lead(mentor.person.years, mentee.person.years, settings)
    _, right, until, _ = settings.window
    code = (
        "even" if not gap else "behind" if gap < 0 else "little" if gap < right else "much" if gap > until else "lead"
    )
    way = "_reverse" if settings.reverse and gap else ""
    return f"years_{code}{way}", 2 * value >= FULL, {"years": abs(gap)}


def _interests(mentor: Candidate, mentee: Candidate, *_: object) -> Told:
    shared = sorted(set(mentor.person.interests) & set(mentee.person.interests))
    return ("interests", True, {"shared": shared}) if shared else ("interests_none", False, {})


def _language(mentor: Candidate, mentee: Candidate, *_: object) -> Told:
    if mentor.person.language == mentee.person.language:
        return "language_same", True, {"language": mentor.person.language}
    common = sorted(set(mentor.languages) & set(mentee.languages))
    return ("language_common", False, {"languages": common}) if common else ("language_none", False, {})


def _site(mentor: Candidate, mentee: Candidate, *_: object) -> Told:
    if mentor.person.site == mentee.person.site:
        return ("site_same", True, {"site": mentor.person.site}) if mentor.person.site else ("site_unknown", True, {})
    if meet_online(mentor.channel, mentee.channel):
        return "site_online", True, {}
    return "site_other", False, {"sites": [mentor.person.site, mentee.person.site]}


def _channel(mentor: Candidate, mentee: Candidate, *_: object) -> Told:
    if not meet_alike(mentor.channel, mentee.channel):
        return "channel_other", False, {}
    either = mentee.channel if mentor.channel == "both" else mentor.channel
    return f"channel_{either}", True, {}


def _availability(mentor: Candidate, mentee: Candidate, _: Matching, value: int) -> Told:
    if not mentor.times or not mentee.times:
        return "times_unknown", False, {}
    fit = sorted(set(mentor.times) & set(mentee.times))
    return ("times", 2 * value >= FULL, {"times": fit}) if fit else ("times_none", False, {})


def _style(mentor: Candidate, mentee: Candidate, *_: object) -> Told:
    if not mentor.style or not mentee.style:
        return "style_unknown", False, {}
    fit = sorted(set(mentor.style) & set(mentee.style))
    return ("style", True, {"styles": fit}) if fit else ("style_none", False, {})


def _preference(_mentor: Candidate, _mentee: Candidate, _: Matching, value: int) -> Told:
    code = {FULL: "preference_both", HALF: "preference_one"}.get(value, "preference_none")
    return code, value > 0, {}


TELL: Mapping[str, Callable[[Candidate, Candidate, Matching, int], Told]] = {
    "goal": _goal,
    "ambitions": _ambitions,
    "experience": _experience,
    "interests": _interests,
    "language": _language,
    "site": _site,
    "channel": _channel,
    "availability": _availability,
    "style": _style,
    "preference": _preference,
}
"""How each factor is told: a code, whether it speaks for the pair, and the values behind it."""


def differs(reasons: Mapping[str, int], others: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """On which factors the second pair has more points than the first, and on which fewer."""
    names = [name for name in FACTORS if name in reasons or name in others]
    gain = {name: others.get(name, 0) - reasons.get(name, 0) for name in names}
    return [name for name in names if gain[name] > 0], [name for name in names if gain[name] < 0]


def flags(
    score: int, relaxed: Collection[str], told: Collection[Fact], others: Collection[tuple[int, bool]]
) -> list[str]:
    """Why a coordinator should look twice at a pair, the gravest first; `others` are the cost of each and if free."""
    found = {
        "bent": bool(relaxed),
        "no_goal": any(one.code == "goal_none" for one in told),
        "low": score < LOW,
        "rival": any(free and cost <= CLOSE for cost, free in others),
    }
    return [name for name, is_so in found.items() if is_so]
