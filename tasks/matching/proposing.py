"""One run of matching: solve what is free, and keep what it began with and what came out (CAP-104).

A run and its pairs are written in one transaction, without a name: so a run can be held again (`baken matching
replay`), and a second run of the step finds the first.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy.orm import Session

from framework.matching.arrange import Arrangement, arrange
from framework.matching.proposal import Proposal
from framework.matching.record import Inputs, digest, kept, restored
from framework.matching.settings import Matching
from framework.pairing import PairingStatus
from models import event, matching_run, pairing
from models.base import insert_many
from models.matching_run import MatchingRun
from models.pairing import Pairing
from models.programme import Programme
from tasks.matching.candidates import inputs, second_leg
from tasks.matching.wishes import by_wishes, stable_pairs, wished
from tasks.stage import Stage

LANGUAGES = 2  # the first ones of the programme, for which there are two mentors
OTHERS = 3  # mentors whom the coordinator may choose instead


def undecided(session: Session, stage: Stage) -> Sequence[Pairing]:
    """The proposals of this round that wait for the coordinator."""
    return pairing.of_programme(session, stage.programme, PairingStatus.PROPOSED, number=stage.round)


def solve(session: Session, stage: Stage) -> int:
    """Propose the best set for who is free now; how many pairs. What was accepted, approved or proposed stays.

    Of two mentors, the mentees who lack one alone come first, a run for each language. An open pool makes no pairs.
    """
    rules = session.get_one(Programme, stage.programme).rules
    if rules.matching.mode == "open_pool":
        return 0
    made = 0
    for language in rules.languages[:LANGUAGES] if rules.matching.shape == "two_mentors" else ():
        if given := second_leg(session, stage, language):
            made += _run(session, stage, given, language)
    return made + _run(session, stage, inputs(session, stage))


def _run(session: Session, stage: Stage, given: Inputs, language: str = "") -> int:
    if not given.mentees and not (given.settings.shape == "peers" and given.mentors):
        return 0
    mutual = [] if language else stable_pairs(session, stage, given)
    found = with_fixed(given, mutual, language)
    by_wish = {(one.mentor, one.mentee) for one in mutual}
    wishes = {str(who): whom for who, whom in wished(session, stage).items()} if mutual else {}
    number = _keep(session, stage, given, found, result_of(given, found) | {"language": language, "wishes": wishes})
    if number is None:
        return 0
    rest = "lot" if given.settings.mode == "by_lot" else "best"
    values = {"programme_id": stage.programme, "round": stage.round, "number": number, "status": PairingStatus.PROPOSED}
    rows = [values | _row(one, "mutual" if (one.mentor, one.mentee) in by_wish else rest) for one in found.proposals]
    return insert_many(session, Pairing, rows)


def with_fixed(given: Inputs, fixed: Sequence[Proposal], language: str = "") -> Arrangement:
    """The arrangement in which these pairs stand already, and the rest is solved round them.

    `language` is that of the leg that is looked for, of two mentors.
    """
    load, has = Counter(one.mentor for one in fixed), {one.mentee for one in fixed}
    left = [replace(one, places=one.places - load[one.id]) for one in given.mentors]
    mentees = tuple(one for one in given.mentees if one.id not in has)
    found = arrange(replace(given, mentors=tuple(one for one in left if one.places > 0), mentees=mentees))
    rest = [replace(one, language=language or one.language) for one in found.proposals]
    return replace(found, proposals=sorted([*fixed, *rest], key=lambda one: (one.mentee, one.mentor)))


def _row(one: Proposal, origin: str) -> dict[str, Any]:
    return {
        "mentor_id": one.mentor,
        "mentee_id": one.mentee,
        "score": one.score,
        "reasons": dict(one.reasons),
        "origin": origin,
        "relaxed": [str(rule) for rule in one.relaxed],
        "language": one.language,
        "others": [asdict(other) | {"reasons": dict(other.reasons)} for other in one.others[:OTHERS]],
    }


def _keep(session: Session, stage: Stage, given: Inputs, found: Arrangement, result: dict[str, Any]) -> int | None:
    """Write the run down; its number, or None where it was written before, or is as empty as the last one."""
    people, counts = kept(given), counts_of(given, found)
    last = _last_of_its_kind(session, stage, result["language"])
    if last and not result["pairs"] and not last.result["pairs"] and _who(last.people) == _who(people):
        return None
    number = matching_run.next_number(session, stage.programme, stage.round)
    values: dict[str, Any] = {
        "programme_id": stage.programme,
        "round": stage.round,
        "made_on": stage.today,
        "trial": False,
        "engine": found.engine,
        "digest": digest(given, found),
        "settings": given.settings.model_dump(mode="json"),
        "people": people,
        "result": result,
        "counts": counts,
    }
    while not matching_run.write(session, number=number, **values):
        other = matching_run.at(session, stage.programme, stage.round, number)
        if other is None or not other.trial:
            return None  # the same step beside this one was first
        number += 1
    made = matching_run.at(session, stage.programme, stage.round, number)
    if made:
        event.record(session, "flow", "matched", f"matching_run:{made.id}", **counts)
    return number


def _last_of_its_kind(session: Session, stage: Stage, language: str) -> MatchingRun | None:
    """The newest run of the round that is no trial; of two mentors, the newest that looked for the same one."""
    runs = matching_run.of_round(session, stage.programme, stage.round)
    same = [one for one in runs if not one.trial and one.result.get("language", "") == language]
    return same[-1] if same else None


def result_of(given: Inputs, found: Arrangement) -> dict[str, Any]:
    """What came out, as it is kept: pairs by ids, whether it is proved, what bending rules gained, the seed.

    A run keeps beside it the language of a second mentor, and the lists that people made.
    """
    return {
        "pairs": [[one.mentor, one.mentee, one.score, one.language] for one in found.proposals],
        "proved": found.proved,
        "steps": [[str(one.rule or ""), one.matched] for one in found.steps],
        "seed": given.seed,
    }


def held_again(run: MatchingRun) -> tuple[Arrangement, str]:
    """A run solved once more from what was kept, and its digest now: the same as then, or something has changed."""
    given = restored(run.people, Matching.model_validate(run.settings))
    lists = {int(who): whom for who, whom in run.result.get("wishes", {}).items()}
    fixed = by_wishes(given, lists) if lists else []
    found = with_fixed(given, fixed, run.result.get("language", ""))
    return found, digest(given, found)


def counts_of(given: Inputs, found: Arrangement) -> dict[str, int]:
    """The figures of a run: people and places before, people matched and points after."""
    pairs, peers = found.proposals, given.settings.shape == "peers"
    matched = {one.mentee for one in pairs} | ({one.mentor for one in pairs} if peers else set())
    return {
        "mentors": len(given.mentors),
        "places": sum(one.places for one in given.mentors),
        "mentees": len(given.mentees),
        "matched": len(matched),
        "total": sum(one.score for one in pairs),
        "relaxed": sum(bool(one.relaxed) for one in pairs),
    }


def _who(people: Mapping[str, Any]) -> dict[str, Any]:
    """The people of a run but for what changes from day to day and from run to run."""
    sides = {
        side: [{name: value for name, value in one.items() if name != "waited"} for one in people[side]]
        for side in ("mentors", "mentees")
    }
    return {**people, **sides, "seed": 0}
