"""The facts behind the points of a pair: each agrees with its factor, and none tells what was asked in private."""

from random import Random

import pytest

from framework.matching.criteria import Candidate, factors
from framework.matching.facts import FACTORS, TELL, differs, facts, flags, weakest
from framework.matching.settings import Matching, Weights
from framework.people import Person

REST = dict.fromkeys(("ambitions", "experience", "interests", "language", "site", "channel"), 100)
EVEN = Weights(goal=250, availability=50, style=50, preference=50, **REST)


def _one(number, **values):
    about = {name: values.pop(name) for name in list(values) if name in Person.__dataclass_fields__}
    return Candidate(id=number, person=Person(id=number, given_name="A", family_name=f"B{number}", **about), **values)


def _told(mentor, mentee, **settings):
    return {one.factor: one for one in facts(mentor, mentee, Matching(weights=EVEN, **settings))}


def test_every_weight_has_a_fact():
    assert set(FACTORS) == set(TELL) == set(Weights.model_fields)


def test_facts_of_a_good_pair():
    mentor = _one(1, years=12, site="Ghent", language="nl", interests=("chess", "sea"), offers=("coaching", "strategy"))
    mentee = _one(2, years=3, site="Ghent", language="nl", interests=("sea",), wants=("coaching", "conflict"))
    told = _told(mentor, mentee)
    assert told["goal"].plain() == ["goal", "goal", True, {"taught": ["coaching"], "of": 2}]
    assert told["experience"].plain() == ["experience", "years_lead", True, {"years": 9}]
    assert told["interests"].data == {"shared": ["sea"]}
    assert told["language"].code == "language_same"
    assert told["site"].data == {"site": "Ghent"}
    assert told["channel"].code == "channel_both"
    assert told["ambitions"].code == "ambitions_unknown"


@pytest.mark.parametrize(
    ("ahead", "reverse", "code"),
    [
        (0, False, "years_even"),
        (-2, False, "years_behind"),
        (2, False, "years_little"),
        (4, False, "years_lead"),
        (15, False, "years_lead"),
        (16, False, "years_much"),
        (-9, True, "years_lead_reverse"),
        (-2, True, "years_little_reverse"),
        (3, True, "years_behind_reverse"),
        (0, True, "years_even"),
    ],
)
def test_years_are_told_with_the_window(ahead, reverse, code):
    told = _told(_one(1, years=20 + ahead), _one(2, years=20), reverse=reverse)
    assert told["experience"].code == code
    assert told["experience"].data == {"years": abs(ahead)}


def test_facts_agree_with_their_factors():
    dice = Random(11)
    words, sites = ["coaching", "strategy", "conflict", "change"], ["Ghent", "Liège"]
    for _ in range(500):
        mentor, mentee = (
            _one(
                number,
                years=dice.randint(0, 30),
                site=dice.choice(sites),
                language=dice.choice(["nl", "fr"]),
                interests=tuple(dice.sample(["sea", "chess"], dice.randint(0, 2))),
                languages=tuple(dice.sample(["nl", "fr"], dice.randint(0, 2))),
                channel=dice.choice(["both", "online", "in_person"]),
                offers=tuple(dice.sample(words, dice.randint(0, 3))),
                wants=tuple(dice.sample(words, dice.randint(0, 3))),
                motives=tuple(dice.sample(["DEF-Q01", "DEF-Q04", "DEF-Q09"], dice.randint(0, 3))),
                times=tuple(dice.sample(["early", "lunch", "evening"], dice.randint(0, 3))),
                style=tuple(dice.sample(["direct", "coffee"], dice.randint(0, 2))),
                prefers=tuple(dice.sample([1, 2, 3], dice.randint(0, 2))),
            )
            for number in (1, 2)
        )
        values = factors(mentor, mentee, Matching(weights=EVEN))
        told = _told(mentor, mentee)
        for name in ("goal", "ambitions", "experience", "availability"):
            assert told[name].good is (values[name] >= 500)
        for name in ("site", "channel", "interests", "style", "preference"):
            assert told[name].good is (values[name] > 0)
        assert told["language"].good is (values["language"] == 1000)


def test_hidden_and_weightless_factors_are_not_told():
    told = facts(_one(1), _one(2), Matching(), {"goal"})
    assert {one.factor for one in told} == {"experience", "interests", "language", "site"}


def test_private_wishes_change_no_fact():
    plain = facts(_one(1), _one(2), Matching(weights=EVEN))
    private = facts(_one(1, avoid="B2", conflicts=(2,)), _one(2, avoid="B1"), Matching(weights=EVEN))
    assert plain == private


def test_times_and_ways_of_working_are_told_as_far_as_known():
    told = _told(_one(1, times=("early", "lunch"), style=("direct",)), _one(2, times=("lunch", "evening"), style=()))
    assert told["availability"].plain() == ["availability", "times", True, {"times": ["lunch"]}]
    assert (told["style"].code, told["style"].good) == ("style_unknown", False)
    told = _told(_one(1, times=("early",), style=("direct", "doing")), _one(2, times=("lunch",), style=("coffee",)))
    assert (told["availability"].code, told["style"].code) == ("times_none", "style_none")
    assert _told(_one(1), _one(2, times=("lunch",)))["availability"].code == "times_unknown"


def test_who_asked_for_the_other_is_never_told():
    """MAT-Q14: of two of whom one asked, the fact is the same whichever it was."""
    one, other = _told(_one(1, prefers=(2,)), _one(2)), _told(_one(1), _one(2, prefers=(1,)))
    assert one["preference"].plain() == other["preference"].plain() == ["preference", "preference_one", True, {}]
    both = _told(_one(1, prefers=(2,)), _one(2, prefers=(9, 1)))
    assert both["preference"].code == "preference_both"
    assert _told(_one(1, prefers=(3,)), _one(2))["preference"].code == "preference_none"


def test_that_nobody_asked_is_no_weak_spot():
    weights = {"preference": 900, "style": 100}
    told = facts(_one(1), _one(2), Matching(weights=Weights(**dict.fromkeys(Weights.model_fields, 0) | weights)))
    assert [one.good for one in told] == [False, False]
    assert weakest(told, {}, weights) == "style"


def test_weak_spot_is_where_most_is_lost():
    told = facts(_one(1, language="nl", site="a"), _one(2, language="fr", site="b"), Matching(weights=EVEN))
    assert weakest(
        told, {"language": 50, "site": 0, "goal": 250, "ambitions": 100, "experience": 100}, EVEN.model_dump()
    ) in {
        "interests",
        "site",
    }
    assert weakest([one for one in told if one.good], {}, EVEN.model_dump()) == ""


def test_alternatives_differ_by_factor():
    assert differs({"goal": 400, "site": 0}, {"goal": 200, "site": 100}) == (["site"], ["goal"])


def test_flags_come_gravest_first():
    bad = facts(_one(1), _one(2, wants=("coaching",)), Matching())
    assert flags(399, ["same_site"], bad, [(10, True)]) == ["bent", "no_goal", "low", "rival"]
    assert flags(400, [], [], [(11, True), (0, False)]) == []
