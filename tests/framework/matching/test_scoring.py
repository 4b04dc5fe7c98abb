"""Scores of all pairs at once are those of each pair alone, to the last digit, whichever rows are asked for."""

import time
from collections import Counter
from dataclasses import replace
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.content import FORMS
from framework.content.recruitment import MENTEE_APPLICATION, MENTOR_APPLICATION, MOTIVES
from framework.content.skills import SKILLS
from framework.matching.criteria import (
    SERVES,
    Candidate,
    broken_rules,
    factors,
    is_available,
    meet_online,
    points,
    window,
)
from framework.matching.scoring import BAD, OUT, SCALE, Scorer
from framework.matching.settings import Matching, Rule, Weights
from framework.matching.tables import Named, Shared
from framework.people import Person
from framework.visibility import Visibility
from tests.framework.matching.crowds import crowd

FORBIDDEN = SCALE * OUT


def naive(mentor, mentee, rules, managers, apart):
    """One pair, from what the words mean."""
    if (mentor.id, mentee.id) in apart or not is_available(mentor, mentee):
        return FORBIDDEN
    if broken_rules(mentor, mentee, rules.rules, managers):
        return FORBIDDEN
    return SCALE * sum(points(factors(mentor, mentee, rules), rules.weights).values())


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**9))
def test_all_at_once_is_one_by_one(seed: int) -> None:
    mentors, mentees, rules, managers, apart = crowd(seed)
    scorer = Scorer(mentees, mentors, rules, managers, apart)
    found = scorer.rows(slice(0, len(mentees)))
    assert found.dtype == np.int16
    expected = [[naive(mentor, mentee, rules, managers, apart) for mentor in mentors] for mentee in mentees]
    assert found.tolist() == expected
    for i, j in product(range(len(mentees)), range(len(mentors))):
        assert bool(scorer.broken(i, j)) is (expected[i][j] < 0)
        if expected[i][j] >= 0:
            assert sum(scorer.factors(i, j).values()) == expected[i][j] == SCALE * sum(scorer.points(i, j).values())


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.randoms(use_true_random=False))
def test_rows_are_the_same_in_any_order_and_any_company(seed: int, dice: Random) -> None:
    mentors, mentees, rules, managers, apart = crowd(seed, mentees=20, mentors=12)
    scorer = Scorer(mentees, mentors, rules, managers, apart)
    whole = scorer.rows(slice(0, len(mentees)))
    some = [dice.randrange(len(mentees)) for _ in range(9)] if mentees else []
    assert scorer.rows(np.array(some, dtype=np.int64)).tolist() == whole[np.array(some, dtype=np.int64)].tolist()
    assert scorer.rows(slice(1, None)).tolist() == whole[1:].tolist()
    dice.shuffle(mentors)
    turned = Scorer(mentees, mentors, rules, managers, apart).rows(slice(0, len(mentees)))
    back = [mentors.index(one) for one in scorer.mentors]
    assert turned[:, back].tolist() == whole.tolist()


def test_every_rule_and_every_factor_occurs_in_these_crowds() -> None:
    """The control: the crowds above are not tame."""
    rules: Counter[Rule] = Counter()
    given_: Counter[str] = Counter()
    for seed in range(150):
        mentors, mentees, settings_, managers, apart = crowd(seed)
        scorer = Scorer(mentees, mentors, settings_, managers, apart)
        for i, j in product(range(len(mentees)), range(len(mentors))):
            rules.update(scorer.broken(i, j))
            given_.update(name for name, value in scorer.factors(i, j).items() if value)
    assert set(rules) == set(Rule)
    assert set(given_) == set(Weights.model_fields)
    assert min(*rules.values(), *given_.values()) > 20


def test_scorer_that_forgets_a_rule_would_be_found() -> None:
    """The control: the comparison above sees one pair too many."""
    seen = 0
    for seed in range(60):
        mentors, mentees, rules, managers, apart = crowd(seed)
        bare = Scorer(mentees, mentors, rules.model_copy(update={"rules": ()}), managers, apart).rows(slice(0, 99))
        seen += bare.tolist() != Scorer(mentees, mentors, rules, managers, apart).rows(slice(0, 99)).tolist()
    assert seen > 10


def test_worst_sums_stay_within_int16() -> None:
    """Four tables with a broken rule each, then a full score on top: neither wraps round to a pair that may be."""
    least = np.iinfo(np.int16).min
    assert least < 4 * int(BAD) < int(BAD) + 1000 < OUT < 0
    mentee = Candidate(
        id=2, person=Person(id=2, given_name="", family_name="A", years=9), languages=("nl",), wants=("x",)
    )
    mentor = Candidate(
        id=1,
        person=Person(id=1, given_name="", family_name="B", site="Gent", country="BE"),
        languages=("fr",),
        offers=("x",),
    )
    rules = Matching(rules=tuple(Rule), weights=Weights(goal=1000, experience=0, interests=0, language=0, site=0))
    scorer = Scorer([mentee], [mentor], rules, {})
    assert scorer.rows(slice(0, 1)).tolist() == [[FORBIDDEN]]
    assert len(scorer.broken(0, 0)) >= 5


def test_nobody_on_either_side_is_no_scores() -> None:
    one = Candidate(id=1, person=Person(id=1, given_name="", family_name=""))
    assert Scorer([], [one], Matching(), {}).rows(slice(0, 0)).shape == (0, 1)
    assert Scorer([one], [], Matching(), {}).rows(slice(0, 1)).shape == (1, 0)


def test_long_lists_of_words_are_counted_in_full() -> None:
    words = tuple(f"w{number}" for number in range(400))
    one = Candidate(id=1, person=Person(id=1, given_name="", family_name="A", interests=words), offers=words)
    other = Candidate(id=2, person=Person(id=2, given_name="", family_name="B", interests=words), wants=words)
    found = Scorer([other], [one], Matching(rules=()), {}).points(0, 0)
    assert (found["goal"], found["interests"]) == (400, 150)
    assert Scorer([other], [one], Matching(rules=()), {}).rows(slice(0, 1))[0, 0] == SCALE * sum(found.values())


def test_line_of_two_thousand_and_a_circle_are_walked_in_time() -> None:
    people = [Person(id=n, given_name="", family_name=f"N{n}", manager=n - 1 or 2_000) for n in range(1, 2_001)]
    managers = {one.id: one.manager for one in people}
    mentors = [Candidate(id=one.id, person=one, languages=("nl",)) for one in people[:20]]
    mentees = [Candidate(id=one.id, person=one, languages=("nl",)) for one in people[-20:]]
    start = time.process_time()
    scorer = Scorer(mentees, mentors, Matching(rules=(Rule.REPORTING_LINE,)), managers)
    assert (scorer.rows(slice(0, 20)) == FORBIDDEN).all()
    assert time.process_time() - start < 1


# What counts, and what never may


def test_what_people_hope_for_is_answered_by_topics_that_exist() -> None:
    topics, motives = {option.id for option in SKILLS}, {option.id for option in MOTIVES}
    assert set(SERVES) == motives - {"DEF-Q09"}
    assert all(by and by <= topics for by in SERVES.values())


def test_candidate_knows_only_what_a_form_asked_or_the_records_hold() -> None:
    asked = {question.id for form in (MENTOR_APPLICATION, MENTEE_APPLICATION) for question in form.questions}
    named = {"wants": "competences", "offers": "topics", "places": "capacity", "prefers": "prefer"}
    of_records = {"id", "person", "conflicts", "was_mentee", "waited", "rested"}
    fields = set(Candidate.__dataclass_fields__) - of_records
    assert {named.get(name, name) for name in fields} <= asked


def test_special_categories_never_enter_a_score() -> None:
    special = {q.id for form in FORMS.values() for q in form.questions if q.reads is Visibility.SPECIAL}
    known = {*Weights.model_fields, *Candidate.__dataclass_fields__, *Person.__dataclass_fields__}
    assert not special & known
    assert not {"gender", "sex", "age", "born_on", "culture", "religion", "ethnicity", "health"} & known


def test_every_weight_says_in_words_what_it_is() -> None:
    assert all(len(field.description or "") > 20 for field in Weights.model_fields.values())


@pytest.mark.parametrize(
    ("one", "other", "online"),
    [
        ("online", "online", True),
        ("online", "both", True),
        ("both", "online", True),
        ("both", "both", False),
        ("online", "in_person", False),
        ("in_person", "both", False),
    ],
)
def test_meeting_online_takes_one_who_asks_and_nobody_who_minds(one: str, other: str, online: bool) -> None:
    assert meet_online(one, other) is online


def test_what_nobody_told_is_nothing_for_everybody() -> None:
    bare = Candidate(id=2, person=Person(id=2, given_name="", family_name="A"))
    rich = Candidate(
        id=1, person=Person(id=1, given_name="", family_name="B", interests=("sea",)), offers=("coaching",)
    )
    found = factors(rich, bare, Matching())
    assert (found["goal"], found["ambitions"], found["interests"]) == (0, 0, 0)
    assert window(0, (1, 4, 15, 30)) == found["experience"]


def test_a_wish_by_name_counts_half_and_of_both_whole() -> None:
    """MAT-Q14: ids of people, not of participants; MAT-Q13: the mentee's times; MAT-22: ways shared of all named."""
    mentor = Candidate(
        id=1,
        person=Person(id=71, given_name="", family_name="A"),
        prefers=(72, 1),
        times=("early", "lunch"),
        style=("direct",),
    )
    mentee = Candidate(
        id=2,
        person=Person(id=72, given_name="", family_name="B"),
        times=("lunch", "evening", "afternoon"),
        style=("direct", "coffee"),
    )
    found = factors(mentor, mentee, Matching())
    assert (found["availability"], found["style"], found["preference"]) == (333, 500, 500)
    assert factors(mentor, replace(mentee, prefers=(71,)), Matching())["preference"] == 1000
    assert factors(replace(mentor, prefers=(2,)), replace(mentee, prefers=(1,)), Matching())["preference"] == 0
    bare = factors(replace(mentor, times=(), style=()), mentee, Matching())
    assert (bare["availability"], bare["style"]) == (0, 0)


def test_what_weighs_nothing_has_no_table() -> None:
    mentors, mentees, *_ = next(found for seed in range(99) if all((found := crowd(seed))[:2]))
    weighed = Weights(
        goal=700, availability=100, style=100, preference=100, experience=0, interests=0, language=0, site=0
    )
    bare, full = (Scorer(mentees, mentors, Matching(weights=one), {}) for one in (Weights(), weighed))
    assert not any(isinstance(table, Named) for table in bare.tables)
    assert sum(isinstance(table, Named) for table in full.tables) == 1
    assert sum(len(table.factors) for table in bare.tables if isinstance(table, Shared)) == 2
    assert sum(len(table.factors) for table in full.tables if isinstance(table, Shared)) == 3


def test_scoring_is_quick() -> None:
    """Some hundred thousand pairs in a second even on a busy machine: numpy works, not Python."""
    mentors, mentees = [], []
    for seed in range(120):
        left, right, *_ = crowd(seed)
        mentors, mentees = mentors + left, mentees + right
    scorer = Scorer(mentees, mentors, Matching(), {})
    start = time.process_time()
    scorer.rows(slice(0, len(mentees)))
    assert len(mentees) * len(mentors) > 200_000
    assert time.process_time() - start < 1
