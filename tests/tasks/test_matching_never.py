"""Never a forbidden pair on the desk: random small worlds, random decisions, and a check that shares nothing with them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from framework.matching.settings import Rule
from framework.pairing import OPEN, PairingStatus
from framework.participation import ParticipantStatus
from framework.people import Role
from models import decision, installation, matching_run, pairing, participant, person, programme
from models.base import transaction
from models.pairing import Pairing
from models.participant import Participant
from models.person import Person
from tasks.matching.proposing import held_again
from tasks.matching.steps import apply_approvals, propose_pairings
from tasks.stage import Stage
from tests.world import DOMAIN, settings

P = PairingStatus
TODAY = date(2027, 3, 1)
RULES = tuple(rule for rule in Rule if rule is not Rule.UNAVAILABLE)
OPPOSED = ({Rule.OTHER_DEPARTMENT, Rule.SAME_DEPARTMENT}, {Rule.OTHER_COUNTRY, Rule.SAME_COUNTRY})
WAYS = (
    {"mode": "proposed"},
    {"mode": "appointed"},
    {"mode": "by_lot"},
    {"mode": "mutual"},
    {"mode": "proposed", "shape": "group", "group": (2, 3)},
    {"mode": "proposed", "shape": "two_mentors"},
    {"mode": "appointed", "shape": "peers"},
    {"mode": "proposed", "reverse": True},
)
SYLLABLES = ("Van ", "de ", "Ro", "lé", "mi", "Ta", "no", "ger")


def matching_of(dice: Random) -> dict[str, Any]:
    """Some way to match, with some rules."""
    way = dict(dice.choice(WAYS))
    rules = dice.sample(RULES, dice.randint(0, 4))
    rules = [rule for rule in rules if not (way.get("reverse") and rule is Rule.MORE_EXPERIENCED)]
    for two in OPPOSED:
        if two <= set(rules):
            rules.remove(min(two))
    bendable = way["mode"] in {"proposed", "appointed"} and "shape" not in way
    relax = dice.sample(rules, dice.randint(0, len(rules))) if bendable else []
    return way | {"rules": tuple(rules), "relax": tuple(relax), "capacity": dice.randint(1, 3)}


def people_of(session: Any, dice: Random, world: int) -> list[Person]:
    """A dozen people with ordinary differences, some of them above others."""
    rows: list[Person] = []
    for number in range(12):
        above = rows[dice.randrange(len(rows))].id if rows and dice.random() < 0.5 else None
        rows.append(
            Person(
                given_name=f"G{world}n{number}",
                family_name="".join(dice.sample(SYLLABLES, 3)).strip().title() + "x" * dice.randint(0, 2),
                email=f"w{world}n{number}@{DOMAIN}",
                manager_id=above,
                department=dice.choice(("A", "B")),
                country=dice.choice(("BE", "NL")),
                site=dice.choice(("Gent", "Luik")),
                years=dice.randint(0, 30),
                hired_on=TODAY - timedelta(days=90),
            )
        )
        session.add(rows[-1])
        session.flush()
    return rows


def begin(dice: Random, world: int) -> tuple[Stage, dict[str, Any], set[frozenset[int]]]:
    """A programme whose people are selected; who asked not to meet whom is written down as people write it.

    With it come the way of matching, and the two people of each such wish.
    """
    unwanted = set()
    with transaction() as session:
        rows = people_of(session, dice, world)
        given = matching_of(dice)
        boss, deputy = rows[0].email, rows[1].email
        own = settings(slug=f"w-{world}", matching=given, coordinator=boss, deputy=deputy, team=(deputy, rows[2].email))
        row = programme.keep(session, own)
        for number, one in enumerate(rows[1:]):
            role = Role.MENTOR if number < 5 else Role.MENTEE
            told: dict[str, Any] = {
                "languages": dice.sample(("en", "nl", "fr"), dice.randint(1, 2)),
                "channel": dice.choice(("both", "online", "in_person")),
                "topics": dice.sample(("a", "b", "c"), 2),
                "competences": dice.sample(("a", "b", "c"), 2),
            }
            if dice.random() < 0.4:
                other = dice.choice(rows)
                text = dice.choice(("{1}", "{0} {1}", "{1}, {0}", "mevrouw {1}"))
                unwanted.add(frozenset((one.id, other.id)))
                told[dice.choice(("avoid", "conflicts"))] = text.format(other.given_name, other.family_name.upper())
            session.add(
                Participant(
                    programme_id=row.id,
                    person_id=one.id,
                    role=role,
                    status=ParticipantStatus.CONFIRMED,
                    capacity=dice.randint(1, 3),
                    profile=told,
                )
            )
        opened = programme.milestone_of(session, row.id, "matching", 1)
        opened.opened_on = TODAY
        stage = Stage(opened.id, row.id, own.slug, "matching", 1, "matching", TODAY, TODAY, opened.closes_on)
        return stage, given, unwanted


def above(boss: int, one: int | None, managers: dict[int, int | None]) -> bool:
    """Whether somebody stands above another, step by step."""
    for _ in range(20):
        one = managers.get(one) if one else None
        if one == boss:
            return True
    return False


def faults(
    pair: Pairing, way: dict[str, Any], managers: dict[int, int | None], unwanted: set[frozenset[int]]
) -> list[str]:
    """What is wrong with a pair, said once more in the plainest way; `unwanted` are two people, asked by either."""
    mentor, mentee = pair.mentor, pair.mentee
    one, other = mentor.person, mentee.person
    speaks = (set(mentor.profile["languages"]), set(mentee.profile["languages"]))
    online = {mentor.profile["channel"], mentee.profile["channel"]}
    shape = way.get("shape", "one_to_one")
    holds = {
        Rule.UNAVAILABLE: one.id != other.id and frozenset((one.id, other.id)) not in unwanted,
        Rule.REPORTING_LINE: not above(one.id, other.id, managers) and not above(other.id, one.id, managers),
        Rule.OTHER_DEPARTMENT: one.department != other.department,
        Rule.SAME_DEPARTMENT: one.department == other.department,
        Rule.COMMON_LANGUAGE: bool(speaks[0] & speaks[1]) or shape == "two_mentors",
        Rule.SAME_SITE: one.site == other.site or ("online" in online and "in_person" not in online),
        Rule.OTHER_COUNTRY: one.country != other.country,
        Rule.SAME_COUNTRY: one.country == other.country,
        Rule.WAS_MENTEE: shape == "peers",
        Rule.MORE_EXPERIENCED: one.years > other.years or shape == "peers",
    }
    bent = {Rule(rule) for rule in pair.relaxed}
    found = [f"breaks {rule}" for rule in (Rule.UNAVAILABLE, *way["rules"]) if not holds[rule] and rule not in bent]
    found += [f"{rule} is not bent" for rule in bent if holds[rule]]
    found += [f"{rule} may not be bent" for rule in bent - set(way["relax"])]
    return found + (["does not speak it"] if pair.language and pair.language not in speaks[0] else [])


def decide(session: Any, stage: Stage, dice: Random, boss: int) -> None:
    """Any verdict on any proposal, some of them none, some of them made in a hurry."""
    for pair in pairing.of_programme(session, stage.programme, P.PROPOSED, number=stage.round):
        swaps = [f"swap:{one['mentor']}" for one in pair.others]
        choice = dice.choice(["approve", "approve", "strike", "", *swaps])
        if choice:
            decision.decide(
                session,
                programme_id=stage.programme,
                phase="matching",
                round=1,
                subject=f"pairing:{pair.id}",
                choice=choice,
                reason=dice.choice(("", "small firm")),
                digest="0" * 64,
                decided_by=boss,
                decided_on=TODAY,
            )


def checked(stage: Stage, way: dict[str, Any], unwanted: set[frozenset[int]]) -> int:
    """Nobody is in a forbidden pair, and nobody has more partners than places; how many pairs are open."""
    with transaction() as session:
        managers = person.managers(session)
        open_ = pairing.of_programme(session, stage.programme, *OPEN)
        assert [(pair.id, faults(pair, way, managers, unwanted)) for pair in open_] == [(pair.id, []) for pair in open_]
        ended = pairing.of_programme(session, stage.programme, P.STRUCK)
        assert not {(p.mentor_id, p.mentee_id) for p in open_} & {(p.mentor_id, p.mentee_id) for p in ended}
        most = {"group": 3, "peers": 1}.get(way.get("shape", ""), way["capacity"])
        for one in participant.of_programme(session, stage.programme):
            load = sum(one.id in {pair.mentor_id, pair.mentee_id} for pair in open_)
            legs = 2 if way.get("shape") == "two_mentors" else 1
            places = most if way.get("shape") in {"group", "peers"} else min(one.capacity, most)
            assert load <= (places if one.role == Role.MENTOR else legs)
        return len(open_)


def lived(dice: Random, world: int) -> int:
    """One small world: proposed, decided and proposed again, every step twice; how many pairs were looked at."""
    stage, way, unwanted = begin(dice, world)
    seen = 0
    for _ in range(3):
        for _ in range(2):
            propose_pairings.fn(stage)
        seen += checked(stage, way, unwanted)
        with transaction() as session:
            decide(session, stage, dice, participant.of_programme(session, stage.programme)[0].person_id)
        for _ in range(2):
            apply_approvals.fn(stage)
        seen += checked(stage, way, unwanted)
    with transaction() as session:
        kept = [run for run in matching_run.of_programme(session, stage.programme) if not run.trial]
    assert all(held_again(run)[1] == run.digest for run in kept)
    return seen


def none_forbidden(seed: int, worlds: int) -> None:
    """Live through so many worlds; most of them come to pairs."""
    with transaction() as session:
        installation.mark_as_rehearsal(session, TODAY)
    dice = Random(seed)
    seen = [lived(dice, world) for world in range(worlds)]
    assert sum(seen) > 5 * len(seen)
    assert sum(not one for one in seen) < len(seen) / 4


@pytest.mark.slow
def test_no_forbidden_pair_stands_on_the_desk(own_database: str) -> None:
    none_forbidden(7, 12)


@pytest.mark.slow
def test_steps_beside_themselves_come_to_one_result(own_database: str) -> None:
    with transaction() as session:
        installation.mark_as_rehearsal(session, TODAY)
    dice = Random(3)
    for world in range(4):
        stage, way, unwanted = begin(dice, world)
        for step in (propose_pairings, apply_approvals, propose_pairings):
            with ThreadPoolExecutor(3) as many:
                found = list(many.map(lambda _, step=step, stage=stage: step.fn(stage), range(3)))
            assert len(set(found)) == 1
            checked(stage, way, unwanted)
            with transaction() as session:
                decide(session, stage, dice, participant.of_programme(session, stage.programme)[0].person_id)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_no_forbidden_pair_ever_stands_on_the_desk(sqlite, seed: int) -> None:
    none_forbidden(seed, 100)


def test_check_finds_a_forbidden_pair(sqlite) -> None:
    """The control."""
    with transaction() as session:
        installation.mark_as_rehearsal(session, TODAY)
    stage, way, _ = begin(Random(1), 1)
    with transaction() as session:
        mentor, mentee = (
            participant.of_programme(session, stage.programme, role)[0] for role in (Role.MENTOR, Role.MENTEE)
        )
        values = {"programme_id": stage.programme, "round": 1, "mentor_id": mentor.id, "mentee_id": mentee.id}
        session.add(Pairing(**values, status=P.PROPOSED, score=1))
        two = frozenset((mentor.person_id, mentee.person_id))
    with pytest.raises(AssertionError, match="breaks unavailable"):
        checked(stage, way, {two})
