"""Who has nobody, in words: the reason, the smallest change that would help, and mentors who have nobody (MAT-M12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from framework.matching.proposal import Market, market
from framework.matching.settings import Matching, Rule
from framework.matching.why import Change, Kind, Reason, Unmatched, why_unmatched
from models.desk.rounds import Round, who
from models.desk.solved import Solved
from models.participant import Participant
from portal.matching import front, pair_words
from portal.page import Page

AT_ONCE = 25
"""People explained on one page: each is solved again several times."""
NAMED = 6
"""Names in one sentence."""
People = Mapping[int, Participant]


@dataclass(frozen=True, slots=True)
class Help:
    """One thing to do, and what would come of it."""

    do: str
    then: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """A mentee who has nobody: why, and what would help, the smallest change first."""

    who: Mapping[str, object]
    waited: int
    why: Sequence[str]
    helps: Sequence[Help]


@dataclass(frozen=True, slots=True, kw_only=True)
class Everybody:
    """The page: some of those who have nobody, how many in all, and mentors with nobody as (name, place, places)."""

    alone: Sequence[Alone]
    number: int
    following: int
    idle: Sequence[tuple[Mapping[str, object], int]]


def everybody(now: Round, page: Page, people: People, first: int) -> Everybody | None:
    """Who has nobody in the open round, from `first` on; nothing where no run was kept."""
    seen, left = front.newest(now), front.left_over(now)
    if seen is None or left is None:
        return None
    here = [one for one in left.without if one in people and people[one].person.value().is_here(now.today)]
    waited = {one.id: one.waited for one in seen.inputs.mentees}
    here.sort(key=lambda one: (-waited[one], people[one].person.value().name, one))
    shown = here[first : first + AT_ONCE]
    whole = _market(seen) if shown else None
    places = {one.id: one.places for one in seen.inputs.mentors}
    return Everybody(
        alone=[_alone(page, people, one, waited[one], whole) for one in shown],
        number=len(here),
        following=first + AT_ONCE if first + AT_ONCE < len(here) else 0,
        idle=sorted(
            ((who(people[one].person), places[one]) for one in left.idle if one in people),
            key=lambda row: str(row[0]["name"]),
        ),
    )


def _market(seen: Solved) -> Market | None:
    """What the reasons rest on: the pairs as the run made them, under the rules that were left when all was bent."""
    given, settings = seen.inputs, seen.inputs.settings
    if settings.shape != "one_to_one":
        return None
    if settings.relax:
        rules = tuple(rule for rule in settings.rules if rule not in settings.relax)
        settings = Matching.model_validate(settings.model_dump() | {"rules": rules, "relax": ()})
    best = market(given.mentors, given.mentees, settings, given.managers, given.apart)
    mentors = {one.id: at for at, one in enumerate(best.scorer.mentors)}
    mates = {mentee: mentors[mentor] for mentor, mentee, *_ in seen.run.result.get("pairs", [])}
    if len(mates) != best.assignment.count:
        return best
    made = np.array([mates.get(one.id, -1) for one in best.scorer.mentees], dtype=best.assignment.mentor_of.dtype)
    return Market(best.scorer, replace(best.assignment, mentor_of=made))


def _alone(page: Page, people: People, one: int, waited: int, whole: Market | None) -> Alone:
    about = who(people[one].person)
    if whole is None:
        return Alone(who=about, waited=waited, why=[page.say("No place was left in this way of matching.")], helps=())
    at = [mentee.id for mentee in whole.scorer.mentees].index(one)
    if whole.assignment.mentor_of[at] >= 0:
        told = page.say("There is a place: the next run of the matching makes a new proposal.")
        return Alone(who=about, waited=waited, why=[told], helps=())
    found = why_unmatched(whole, one)
    names = {number: row.person.value().name for number, row in people.items()}
    helps = [Help(pair_words.change(page, change, names), _then(page, change, names)) for change in found.changes]
    if found.reason is Reason.NOBODY_ALLOWED:
        helps.append(_from_outside(page))
    return Alone(who=about, waited=waited, why=_why(page, found, names), helps=helps)


def _from_outside(page: Page) -> Help:
    """The same words whatever leaves nobody: a rule, or what somebody asked in private (CAP-105, MAT-25)."""
    return Help(
        page.say("Or look for a guide from outside the company, whom nobody here knows or answers to."),
        page.say("The list of people from HR takes in such a person, marked as external."),
    )


def _why(page: Page, found: Unmatched, names: Mapping[int, str]) -> list[str]:
    if found.reason is Reason.NO_MENTORS:
        return [page.say("No place is free with any of the %(mentors)s.")]
    if found.reason is Reason.PLACES_TAKEN:
        return _taken(page, found, names)
    if found.rule is None or found.rule is Rule.UNAVAILABLE:
        return [page.say("None of the %(mentors)s is available to this person.")]
    rule = page.say(pair_words.RULES[found.rule])
    lines = [page.say("One rule leaves nobody: “%(rule)s”.", rule=rule)]
    if without := dict(found.without).get(found.rule, 0):
        one, more = "Without it there would be one to choose.", "Without it there would be %(num)s to choose from."
        lines.append(page.count(one, more, without))
    return lines


def _taken(page: Page, found: Unmatched, names: Mapping[int, str]) -> list[str]:
    listed = [names.get(one, "") for one in found.mentors[:NAMED]]
    if (more := len(found.mentors) - NAMED) > 0:
        listed.append(page.count("one more", "%(num)s more", more))
    who_can = page.count(
        "Whoever competes for the same places can go to one person only: %(list)s.",
        "Whoever competes for the same places can go to %(num)s people only: %(list)s.",
        len(found.mentors),
        list=page.listed(listed),
    )
    count = page.count(
        "There is one place for %(people)s people.",
        "There are %(num)s places for %(people)s people.",
        found.places,
        people=len(found.rivals),
    )
    return [who_can, count]


def _then(page: Page, change: Change, names: Mapping[int, str]) -> str:
    if not change.for_this:
        return page.say("Then one more person has a place, though perhaps another one.")
    if change.kind is Kind.PLACE or change.mentor is None:
        return page.say("Then this person has a place.")
    return page.say("Then %(name)s would be free for this person.", name=names.get(change.mentor, ""))
