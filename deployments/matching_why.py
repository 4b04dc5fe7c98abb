"""Why a mentee was paired so, why with nobody, and why not with that mentor: plain English with names (CAP-104).

What somebody asked in private is never told: `unavailable` is one sentence for all of that.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.datastructures import QueryParams

from framework.matching.proposal import Market, market
from framework.matching.settings import Rule
from framework.matching.shapes import without
from framework.matching.why import Reason, Unmatched, WhyNot, why_not, why_unmatched
from framework.people import Role
from models import matching_run, pairing, participant, person, programme
from models.desk.solved import Solved, hidden, opened
from models.matching_run import MatchingRun
from models.pairing import Pairing
from models.programme import Programme
from portal.matching import pair_words
from portal.page import Page

SCALE = 10  # basis points in a point of the score
STATUS = {
    "proposed": "waits for the coordinator",
    "approved": "was approved, and the two are asked",
    "struck": "was struck by the coordinator",
    "dropped": "was replaced by another proposal",
    "accepted": "was accepted",
    "declined": "did not come about",
    "active": "is a pair now",
    "closed": "is over",
}


class NotInTheRun(LookupError):
    """Somebody whom no run knows; the text says what to do."""


@dataclass(frozen=True, slots=True)
class _Case:
    """A mentee, the newest run that looked at him or her, and everybody's names by participant id."""

    row: Programme
    mentee: int
    solved: Solved
    names: Mapping[int, str]
    page: Page

    @property
    def run(self) -> MatchingRun:
        return self.solved.run

    def name(self, one: int) -> str:
        return self.names.get(one, "somebody who takes part no more")

    def market(self) -> Market:
        given, settings = self.solved.inputs, self.solved.settings
        if settings.shape == "two_mentors":  # whatever the mentee speaks
            settings = without(settings, Rule.COMMON_LANGUAGE)
        return market(given.mentors, given.mentees, settings, given.managers, given.apart)


def told(session: Session, slug: str, key: str, not_key: str | None = None) -> list[str]:
    """The sentences. Raises NotInTheRun, and UnknownProgramme."""
    case = _case(session, slug, key)
    pairs = [pair for pair in case.run.result["pairs"] if pair[1] == case.mentee]
    lines = [f"Round {case.run.round}, run {case.run.number}, made on {case.run.made_on}."]
    for mentor, _, score, language in pairs:
        made = pairing.between(session, mentor, case.mentee, case.run.round, case.run.number)
        lines += _paired(case, mentor, score, language, made)
    if not pairs:
        lines += _alone(case)
    if not_key is not None:
        mentor_id = _participant(session, case.row, not_key, Role.MENTOR)
        lines += _not(case, mentor_id)
    return lines


def _case(session: Session, slug: str, key: str) -> _Case:
    row = programme.by_slug(session, slug)
    mentee = _participant(session, row, key, Role.MENTEE)
    for run in reversed(matching_run.of_programme(session, row.id)):
        if not run.trial and any(one["id"] == mentee for one in run.people["mentees"]):
            names = {one.id: one.person.value().name for one in participant.of_programme(session, row.id)}
            return _Case(row, mentee, opened(run), names, Page(QueryParams("")))
    raise NotInTheRun("No run of matching has looked at this mentee yet.")


def _participant(session: Session, row: Programme, key: str, role: Role) -> int:
    who = person.by_key(session, key)
    found = participant.of_person(session, row.id, who.id, role) if who else None
    if found is None:
        msg = f"There is no {role} with that number or address in this programme."
        raise NotInTheRun(msg)
    return found.id


def _paired(case: _Case, mentor: int, score: int, language: str, made: Pairing | None) -> list[str]:
    spoken = f" for {pair_words.language(case.page, language)}" if language else ""
    lines = [f"{case.name(case.mentee)} was proposed with {case.name(mentor)}{spoken}: {score} of 1000 points."]
    if made is None:
        return lines
    lines += [f"This proposal {STATUS[made.status]}."]
    lines += [case.page.say(pair_words.ORIGINS[made.origin])] if made.origin in pair_words.ORIGINS else []
    unseen = hidden(case.row.rules.track, Role.OPERATOR)
    facts = {
        one.factor: pair_words.fact(case.page, one.code, one.data)
        for one in case.solved.facts(mentor, case.mentee, unseen)
    }
    weights = case.solved.settings.weights.model_dump()
    for name, points in sorted(made.reasons.items(), key=lambda row: -int(row[1])):
        said = f". {facts[name]}." if name in facts else "."
        lines.append(f"  {pair_words.SHORT[name]}: {points} of {weights[name]}{said}")
    for rule in made.relaxed:
        lines.append(f"  It bends a rule: {case.page.say(pair_words.AGAINST[Rule(rule)])}")
    for other in made.others:
        place = "has a free place" if other["free"] else "somebody else would have to move"
        costs = f"the whole loses at least {other['cost']} points" if other["cost"] else "the whole may lose nothing"
        lines.append(f"  Next came {case.name(other['mentor'])}: {other['score']} points, {place}, {costs}.")
    return lines


def _alone(case: _Case) -> list[str]:
    name = case.name(case.mentee)
    if not case.solved.is_priced:
        return [f"{name} found nobody: no other set of pairs would have helped more people."]
    try:
        found = why_unmatched(case.market(), case.mentee)
    except ValueError:  # without the bent rules another set, just as large, would have had this mentee in it
        return [f"{name} found nobody: rules were bent so that more people in all have a mentor."]
    lines = [f"{name} found nobody. {_because(case, found)}"]
    for change in found.changes:
        helps = "" if change.for_this else " (The place may then go to another of those who compete for it.)"
        lines.append(f"  {pair_words.change(case.page, change, case.names)}{helps}")
    return lines


def _because(case: _Case, found: Unmatched) -> str:
    match found.reason:
        case Reason.NO_MENTORS:
            return "There was no mentor with a free place."
        case Reason.NOBODY_ALLOWED if found.rule:
            asks = case.page.say(pair_words.RULES[found.rule])
            return f"The rules allow nobody; this one leaves nobody: {asks}."
        case _:
            mentors = case.page.listed([case.name(one) for one in found.mentors])
            return f"{len(found.rivals)} people compete for {found.places} places with {mentors}."


def _not(case: _Case, mentor: int) -> list[str]:
    name, other = case.name(case.mentee), case.name(mentor)
    given = case.solved.inputs
    if mentor not in {one.id for one in given.mentors}:
        return [f"{other} had no free place, or did not take part, when this run was made."]
    found = why_not(case.market(), case.mentee, mentor)
    if found.rules:
        against = " ".join(case.page.say(pair_words.AGAINST[rule]) for rule in found.rules)
        return [f"Not {other}: {against}"]
    if not case.solved.is_priced:
        return [f"The rules allow {other}. In this way of matching it cannot be said what that would cost others."]
    if found.chosen:
        return [f"{other} is the one whom the best set of pairs gives to {name}."]
    return [_cost(found, other), *_moved(case, found)]


def _cost(found: WhyNot, other: str) -> str:
    if found.people > 0:
        people = "one person" if found.people == 1 else f"{found.people} people"
        return f"With {other}, {people} fewer would have a mentor."
    if found.points <= 0:
        return f"With {other} the whole would be just as good: it was one of several best sets."
    return f"With {other} the whole would lose {-(-found.points // SCALE)} points."


def _moved(case: _Case, found: WhyNot) -> list[str]:
    lines = []
    for move in found.moves:
        before = case.name(move.before) if move.before else "nobody"
        after = case.name(move.after) if move.after else "nobody"
        lines.append(f"  {case.name(move.mentee)} would have {after} instead of {before}.")
    return lines
