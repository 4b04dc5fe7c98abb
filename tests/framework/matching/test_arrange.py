"""Every mode and shape: no forbidden pair, the same set whoever comes first, held again from what was kept."""

import json
from collections import Counter
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.matching import arrange as door
from framework.matching import shapes
from framework.matching.arrange import Arrangement, Inputs, arrange
from framework.matching.criteria import FULL, Candidate, broken_rules, is_available
from framework.matching.proposal import market, propose
from framework.matching.record import digest, kept, restored
from framework.matching.settings import Matching, Rule, Weights
from framework.matching.shapes import among_equals
from framework.matching.why import why_not
from framework.people import Person
from tests.framework.matching.crowds import crowd

WAYS: dict[str, dict[str, object]] = {
    "appointed": {"mode": "appointed"},
    "proposed": {"mode": "proposed"},
    "strict": {"relax": ()},
    "left over of mutual": {"mode": "mutual", "relax": ()},
    "left over of picks": {"mode": "mentee_picks", "relax": ()},
    "by lot": {"mode": "by_lot", "relax": ()},
    "group": {"shape": "group", "group": (2, 3), "relax": ()},
    "two mentors": {"shape": "two_mentors", "relax": (), "rules": (Rule.COMMON_LANGUAGE, Rule.REPORTING_LINE)},
    "peers": {"shape": "peers", "relax": (), "reverse": False},
}


def someone(number: int, **values: object) -> Candidate:
    about = {k: values.pop(k) for k in list(values) if k in Person.__dataclass_fields__}
    person = Person(id=number, given_name=f"N{number}", family_name=f"F{number}", **about)  # type: ignore[arg-type]
    return Candidate(id=number, person=person, **values)  # type: ignore[arg-type]


def inputs(seed: int, way: str, **changes: object) -> Inputs:
    """A crowd in which one person has one name."""
    mentors, mentees, rules, managers, apart = crowd(seed)
    mentors, mentees = ([replace(c, person=replace(c.person, id=c.id)) for c in side] for side in (mentors, mentees))
    chosen = Matching.model_validate(rules.model_dump() | WAYS[way] | changes)
    return Inputs(mentors, mentees, chosen, managers, apart, ("nl", "fr"), seed)


def shuffled(given: Inputs, dice: Random) -> Inputs:
    mentors, mentees = list(given.mentors), list(given.mentees)
    dice.shuffle(mentors)
    dice.shuffle(mentees)
    return replace(given, mentors=mentors, mentees=mentees)


def forbidden(given: Inputs, found: Arrangement) -> list[object]:
    """Pairs and choices that may never be, by the meaning of the rules and not by the engine's tables."""
    people = {one.id: one for one in (*given.mentors, *given.mentees)}
    chosen, bad = given.settings, []
    for one in found.proposals:
        for mentor, bent in [(one.mentor, one.relaxed), *((other.mentor, ()) for other in one.others)]:
            left, right = people[mentor], people[one.mentee]
            rules = set(chosen.rules) - set(bent)
            if one.language:
                rules -= {Rule.COMMON_LANGUAGE}
                bad += [one] if one.language not in left.languages else []
            if chosen.shape == "peers":
                rules -= {Rule.WAS_MENTEE, Rule.MORE_EXPERIENCED}
            apart = {(mentor, one.mentee), (one.mentee, mentor)} if chosen.shape == "peers" else {(mentor, one.mentee)}
            if broken_rules(left, right, rules, given.managers) or not is_available(left, right) or apart & given.apart:
                bad.append(one)
    return bad


def crowded(given: Inputs, found: Arrangement) -> bool:
    """Whether somebody is in more pairs than there is room."""
    held = Counter(one.mentor for one in found.proposals)
    each = Counter(one.mentee for one in found.proposals)
    match given.settings.shape:
        case "peers":
            return max((held + each).values(), default=0) > 1
        case "group":
            least, most = given.settings.group
            return not all(least <= size <= most for size in held.values()) or max(each.values(), default=0) > 1
        case "two_mentors":
            legs = Counter((one.mentee, one.language) for one in found.proposals)
            people = Counter((one.mentee, one.mentor) for one in found.proposals)
            if max([*legs.values(), *people.values()], default=1) > 1 or set(each.values()) - {2}:
                return True
        case _:
            if max(each.values(), default=0) > 1:
                return True
    return any(held[one.id] > max(0, one.places) for one in given.mentors)


@pytest.mark.parametrize("way", WAYS)
def test_no_forbidden_pair_no_crowd_and_reasons_that_add_up(way: str) -> None:
    made = 0
    for seed in range(30):
        given = inputs(seed, way)
        found = arrange(given)
        assert forbidden(given, found) == []
        assert not crowded(given, found), seed
        for one in found.proposals:
            assert one.score == sum(one.reasons.values())
            assert 0 <= one.score <= FULL
            assert one.mentor not in {other.mentor for other in one.others}
            assert all(other.score == sum(other.reasons.values()) for other in one.others)
            assert len(one.others) <= 3
        assert found.proposals == sorted(found.proposals, key=lambda one: (one.mentee, one.mentor))
        assert found.proved
        made += len(found.proposals)
    assert made > 15


@pytest.mark.parametrize("way", WAYS)
def test_held_again_from_what_was_kept_and_in_another_order(way: str) -> None:
    for seed in range(12):
        given = inputs(seed, way)
        found = arrange(given)
        written = json.loads(json.dumps(kept(given)))
        again = restored(written, Matching.model_validate(json.loads(given.settings.model_dump_json())))
        assert kept(again) == written
        assert digest(again, arrange(again)) == digest(given, found)
        other = shuffled(given, Random(seed))
        turned = arrange(other)
        assert turned.proposals == found.proposals, seed
        assert kept(other) == written
        assert digest(other, turned) == digest(given, found)


def test_digest_tells_another_person_setting_or_pair() -> None:
    given = inputs(3, "strict")
    found = arrange(given)
    assert found.proposals
    other = replace(given, mentors=[*given.mentors, someone(999)])
    milder = replace(given, settings=given.settings.model_copy(update={"capacity": 7}))
    fewer = replace(found, proposals=found.proposals[1:])
    prints = {digest(given, found), digest(other, found), digest(milder, found), digest(given, fewer)}
    assert len(prints) == 4
    assert all(len(one) == 64 for one in prints)


def test_no_name_address_or_title_is_kept() -> None:
    secret = {"given_name": "Quirijn", "family_name": "Zonnebloem", "email": "q@z.example", "job_title": "Dijkgraaf"}
    one = someone(1, employee_number="Z-9", skills=("weaving",))
    one = replace(one, person=replace(one.person, **secret), avoid="Wendelmoet Maes")
    other = replace(someone(2), person=replace(someone(2).person, given_name="Wendelmoet", family_name="Maes"))
    given = Inputs([one, someone(3)], [other], Matching(rules=()), {})
    written = json.dumps(kept(given))
    for word in (*secret.values(), "Wendelmoet", "Maes", "Z-9", "weaving"):
        assert word not in written
    assert kept(given)["mentors"][0]["conflicts"] == [2]
    again = restored(kept(given), given.settings)
    assert [p.mentor for p in arrange(again).proposals] == [p.mentor for p in arrange(given).proposals] == [3]


def test_a_pool_makes_no_pairs_and_two_mentors_need_two_languages() -> None:
    with pytest.raises(ValueError, match="pool"):
        arrange(Inputs([], [], Matching(mode="open_pool"), {}))
    for languages in ((), ("nl",), ("nl", "nl", "fr")):
        with pytest.raises(ValueError, match="two languages"):
            arrange(Inputs([], [], Matching(shape="two_mentors"), {}, languages=languages))


def test_modes_of_the_best_set_are_the_best_set() -> None:
    for seed in range(20):
        for way in ("strict", "left over of mutual", "left over of picks"):
            given = inputs(seed, way)
            found = arrange(given, others=False)
            people = (given.mentors, given.mentees, given.settings, given.managers, given.apart)
            assert found.proposals == propose(*people)
            assert found.market is not None
            assert found.steps[0].matched == found.market.assignment.count == len(found.proposals)


def test_another_seed_is_another_draw_and_the_same_seed_the_same() -> None:
    people = [someone(n) for n in range(1, 9)], [someone(n) for n in range(11, 19)]
    given = Inputs(*people, Matching(mode="by_lot", rules=()), {})
    drawn = {tuple(p.mentor for p in arrange(replace(given, seed=seed)).proposals) for seed in range(6)}
    assert len(drawn) == 6
    assert arrange(given).market is None


# Shapes


def test_each_of_two_mentors_speaks_one_language_whatever_the_mentee_speaks() -> None:
    mentors = [someone(1, languages=("nl",)), someone(2, languages=("fr",)), someone(3, languages=("nl", "fr"))]
    given = Inputs(mentors, [someone(11, languages=("de",))], Matching(shape="two_mentors"), {}, languages=("nl", "fr"))
    settings_ = given.settings.model_copy(update={"rules": (Rule.COMMON_LANGUAGE,)})
    found = arrange(replace(given, settings=settings_))
    assert {p.language for p in found.proposals} == {"nl", "fr"}
    assert len({p.mentor for p in found.proposals}) == 2
    assert found.steps[0].matched == 1
    assert arrange(replace(given, settings=settings_, mentors=mentors[:1])).proposals == []


def test_a_group_may_be_larger_than_the_places_and_has_no_leader_without_any() -> None:
    mentees = [someone(n) for n in range(11, 16)]
    given = Inputs([someone(1, places=2), someone(2, places=0)], mentees, Matching(shape="group", rules=()), {})
    found = arrange(given)
    assert [p.mentor for p in found.proposals] == [1] * 5
    assert all(p.others == () for p in found.proposals)


def test_peers_teach_each_other_without_a_lead_in_years() -> None:
    one = someone(1, offers=("x",), wants=("y",), years=30, language="nl")
    other = someone(11, offers=("y",), wants=("x",), years=1, language="nl")
    given = Inputs([one], [other], Matching(shape="peers", rules=(Rule.MORE_EXPERIENCED, Rule.WAS_MENTEE)), {})
    found = arrange(given).proposals
    assert [(p.mentor, p.mentee) for p in found] == [(1, 11)]
    assert "experience" not in found[0].reasons
    assert found[0].score == FULL - among_equals(given.settings).weights.interests
    alone = arrange(replace(given, mentors=[one, someone(2)], mentees=[]))
    assert [(p.mentor, p.mentee) for p in alone.proposals] == [(1, 2)]


def test_weights_among_equals_are_whole_again() -> None:
    for weights in (Weights(), Weights(goal=334, experience=333, interests=333, language=0, site=0)):
        made = among_equals(Matching(weights=weights)).weights
        assert (made.experience, sum(made.model_dump().values())) == (0, FULL)
    only = Weights(goal=0, experience=FULL, interests=0, language=0, site=0)
    assert among_equals(Matching(weights=only)).weights.goal == FULL


def test_in_reverse_the_one_with_fewer_years_is_ahead() -> None:
    young, old = someone(1, years=2), someone(2, years=12)
    reverse = Matching(rules=(), reverse=True)
    assert propose([young], [old], reverse, {})[0].reasons["experience"] == 250
    assert propose([old], [young], reverse, {})[0].reasons["experience"] == 0
    assert propose([old], [young], Matching(rules=()), {})[0].reasons["experience"] == 250


# Who comes next


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_others_cost_the_whole_no_less_than_is_said(seed: int) -> None:
    given = inputs(seed, "strict")
    found = arrange(given)
    places = Counter({one.id: max(0, one.places) for one in given.mentors})
    held = Counter(one.mentor for one in found.proposals)
    for one in found.proposals:
        assert [other.cost for other in one.others] == sorted(other.cost for other in one.others)
        for other in one.others:
            said = why_not(found.market, one.mentee, other.mentor)
            assert not said.rules
            assert said.people or said.turn or 10 * other.cost < said.points + 10
            assert other.cost >= 0
            assert other.free is (held[other.mentor] < places[other.mentor])


def test_others_are_the_three_that_cost_least() -> None:
    mentees = [someone(11, wants=("a", "b", "c", "d"))]
    mentors = [someone(n, offers=("a", "b", "c", "d")[:n]) for n in range(5)]
    mentors = [replace(one, id=one.id + 1, person=replace(one.person, id=one.id + 1)) for one in mentors]
    found = arrange(Inputs(mentors, mentees, Matching(rules=()), {})).proposals[0]
    assert found.mentor == 5
    assert [(other.mentor, other.cost, other.free) for other in found.others] == [
        (4, 100, True),
        (3, 200, True),
        (2, 300, True),
    ]


def test_others_are_told_unasked_in_a_small_programme_only(monkeypatch: pytest.MonkeyPatch) -> None:
    given = inputs(3, "strict")
    assert any(one.others for one in arrange(given).proposals)
    assert not any(one.others for one in arrange(given, others=False).proposals)
    monkeypatch.setattr(door, "OTHERS", 0)
    assert not any(one.others for one in arrange(given).proposals)
    assert any(one.others for one in arrange(given, others=True).proposals)


# Beyond what the exact way holds


@pytest.mark.parametrize("way", ["group", "two mentors", "peers"])
def test_large_shapes_keep_every_rule_and_come_near(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    most = made = 0
    for seed in range(20):
        given = inputs(seed, way)
        exact = arrange(given, others=False)
        most += exact.steps[0].matched
        with monkeypatch.context() as patch:
            patch.setattr(shapes, "MOST", dict.fromkeys(shapes.MOST, -1))
            found = arrange(given)
        assert forbidden(given, found) == []
        assert not crowded(given, found), seed
        made += found.steps[0].matched
        if found.proved:
            assert found.steps[0].matched == exact.steps[0].matched
            totals = [sum(one.score for one in each.proposals) for each in (found, exact)]
            assert abs(totals[0] - totals[1]) <= len(found.proposals)
    assert 0 < 0.75 * most <= made <= most


@pytest.mark.slow
@pytest.mark.parametrize("way", ["group", "two mentors", "peers"])
def test_two_thousand_people_in_any_shape_take_seconds(way: str) -> None:
    dice = np.random.default_rng(1)
    words = ("a", "b", "c", "d", "e", "f")

    def one(number: int, **values: object) -> Candidate:
        return someone(number, department=str(dice.choice(words)), years=int(dice.integers(30)), **values)

    def few() -> tuple[str, ...]:
        return tuple(dice.choice(words, 3).tolist())

    mentors = [one(n, places=2, offers=few(), languages=(("nl",), ("fr",), ("nl", "fr"))[n % 3]) for n in range(1, 801)]
    mentees = [one(n, wants=few(), languages=("nl",)) for n in range(1_001, 2_201)]
    chosen = Matching.model_validate({"shape": WAYS[way]["shape"], "rules": (Rule.OTHER_DEPARTMENT,)})
    given = Inputs(mentors, mentees, chosen, {}, languages=("nl", "fr"))
    found = arrange(given)
    assert forbidden(given, found) == []
    assert not crowded(given, found)
    assert found.steps[0].matched >= {"group": 1_190, "two mentors": 760, "peers": 1_990}[way]


def test_market_of_the_pairs_is_there_to_explain() -> None:
    given = inputs(3, "strict")
    found = arrange(given)
    assert found.market is not None
    same = market(given.mentors, given.mentees, given.settings, given.managers, given.apart)
    assert same.proposals() == [replace(one, others=()) for one in found.proposals]
