"""Every why is true: a change that is said to help helps when it is made, and a price is never more than the cost."""

from collections import Counter
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.matching.criteria import Candidate, broken_rules, is_available
from framework.matching.proposal import Market, market
from framework.matching.settings import Matching, Rule
from framework.matching.why import Kind, Move, Reason, Unmatched, WhyNot, why_not, why_unmatched
from framework.people import Person
from tests.framework.matching.crowds import crowd


def someone(number: int, **values: object) -> Candidate:
    about = {k: values.pop(k) for k in list(values) if k in Person.__dataclass_fields__}
    person = Person(id=number, given_name=f"N{number}", family_name=f"F{number}", **about)  # type: ignore[arg-type]
    return Candidate(id=number, person=person, **values)  # type: ignore[arg-type]


def plan(*rules: Rule, **changes: object) -> Matching:
    return Matching.model_validate({"rules": rules, **changes})


def alone(found: Market) -> list[int]:
    return [one.id for one, by in zip(found.scorer.mentees, found.assignment.mentor_of, strict=True) if by < 0]


def eligible(found: Market, mentee: int) -> set[int]:
    row = found.scorer.rows(np.array([[one.id for one in found.scorer.mentees].index(mentee)]))[0]
    return {one.id for one, score in zip(found.scorer.mentors, row, strict=True) if score >= 0}


def made(found: Market) -> dict[int, int]:
    return {one.mentee: one.mentor for one in found.proposals()}


# Nobody for this mentee


def test_language_that_no_mentor_speaks_is_the_reason_and_the_change() -> None:
    mentors, mentee = (
        [someone(1, languages=("nl", "fr")), someone(2, languages=("nl",))],
        someone(11, languages=("de",)),
    )
    found = why_unmatched(market(mentors, [mentee], plan(Rule.COMMON_LANGUAGE), {}), 11)
    assert (found.reason, found.rule) == (Reason.NOBODY_ALLOWED, Rule.COMMON_LANGUAGE)
    assert found.left == ((Rule.UNAVAILABLE, 2), (Rule.COMMON_LANGUAGE, 0))
    assert found.without == ((Rule.COMMON_LANGUAGE, 2),)
    assert [(c.kind, c.language, c.rule) for c in found.changes] == [
        (Kind.RULE, "", Rule.COMMON_LANGUAGE),
        (Kind.LANGUAGE, "nl", None),
    ]


def test_own_line_of_managers_is_the_reason() -> None:
    mentors = [someone(1), someone(2, manager=1)]
    found = why_unmatched(market(mentors, [someone(3, manager=2)], plan(Rule.REPORTING_LINE), {2: 1, 1: None}), 3)
    assert (found.reason, found.rule) == (Reason.NOBODY_ALLOWED, Rule.REPORTING_LINE)
    assert [(c.kind, c.rule) for c in found.changes] == [(Kind.RULE, Rule.REPORTING_LINE)]


def test_two_rules_that_only_together_leave_nobody() -> None:
    mentors = [someone(1, department="A", country="BE"), someone(2, department="B", country="FR")]
    rules = plan(Rule.OTHER_DEPARTMENT, Rule.OTHER_COUNTRY, relax=(Rule.OTHER_COUNTRY,))
    found = why_unmatched(market(mentors, [someone(11, department="A", country="FR")], rules, {}), 11)
    assert found.rule is Rule.OTHER_COUNTRY
    assert found.left == ((Rule.UNAVAILABLE, 2), (Rule.OTHER_DEPARTMENT, 1), (Rule.OTHER_COUNTRY, 0))
    assert [(c.rule, c.mentor) for c in found.changes] == [(Rule.OTHER_COUNTRY, 2)]


def test_private_wish_stays_one_neutral_word() -> None:
    one, other = someone(1), someone(11, avoid="F1")
    found = why_unmatched(market([one], [other], plan(Rule.REPORTING_LINE), {}), 11)
    assert (found.rule, found.changes) == (Rule.UNAVAILABLE, ())
    again = why_unmatched(market([one], [someone(11)], plan(Rule.REPORTING_LINE), {}, {(1, 11)}), 11)
    conflict = why_unmatched(market([replace(one, conflicts=(11,))], [someone(11)], plan(Rule.REPORTING_LINE), {}), 11)
    assert found == again == conflict


def test_places_that_are_taken_are_counted() -> None:
    mentors = [someone(1, department="A"), someone(2, department="B", places=2)]
    mentees = [someone(n, department="B") for n in (11, 12, 13)]
    found = market(mentors, mentees, plan(Rule.OTHER_DEPARTMENT), {})
    for mentee in alone(found):
        why = why_unmatched(found, mentee)
        assert (why.reason, why.rivals, why.mentors, why.places) == (
            Reason.PLACES_TAKEN,
            tuple(sorted({mentee, *made(found)})),
            (1,),
            1,
        )
        assert {c.kind for c in why.changes} == {Kind.PLACE, Kind.RULE}
        assert next(c for c in why.changes if c.kind is Kind.PLACE).mentor == 1
        assert next(c for c in why.changes if c.kind is Kind.RULE).mentor == 2


def test_who_waited_longer_comes_first_and_it_is_said() -> None:
    mentees = [someone(11, waited=10), someone(12, waited=40), someone(13, wants=("y",))]
    found = market([someone(1, offers=("y",))], mentees, plan(), {})
    assert (made(found), alone(found)) == ({12: 1}, [11, 13])
    assert [why_unmatched(found, one).longer for one in (11, 13)] == [1, 1]
    assert why_unmatched(found, 13).rivals == (12, 13)
    said = why_not(found, 13, 1)
    assert (said.people, said.turn, said.costs_turn, said.costs_person, said.least) == (0, True, True, False, 0)
    assert said.points < 0
    assert said.moves == (Move(12, 1, None), Move(13, None, 1))


def test_nobody_offers_at_all() -> None:
    assert why_unmatched(market([], [someone(1)], plan(), {}), 1) == Unmatched(mentee=1, reason=Reason.NO_MENTORS)


def test_who_is_matched_or_unknown_has_no_such_reason() -> None:
    found = market([someone(1)], [someone(2)], plan(), {})
    with pytest.raises(ValueError, match="has a mentor"):
        why_unmatched(found, 2)
    with pytest.raises(KeyError):
        why_unmatched(found, 3)
    with pytest.raises(KeyError):
        why_not(found, 2, 5)


def changed(seed: int, mentee: int, change: object) -> Market:
    """The same people with one change, made by other means than the answer used: to settings and people themselves."""
    mentors, mentees, rules, managers, apart = crowd(seed)
    if change.kind is Kind.PLACE:
        mentors = [replace(m, places=max(0, m.places) + (m.id == change.mentor)) for m in mentors]
    if change.kind is Kind.LANGUAGE:
        mentees = [
            replace(m, languages=(*m.languages, change.language) if m.id == mentee else m.languages) for m in mentees
        ]
    if change.kind is not Kind.RULE:
        return market(mentors, mentees, rules, managers, apart)
    one = next(m for m in mentees if m.id == mentee)
    kept = [rule for rule in (Rule.UNAVAILABLE, *rules.rules) if rule is not change.rule]
    bent = {(m.id, mentee) for m in mentors if (m.id, mentee) in apart or broken_rules(m, one, kept, managers)}
    others = apart | {
        (m.id, n.id)
        for m, n in product(mentors, mentees)
        if n.id != mentee and (broken_rules(m, n, rules.rules, managers) or not is_available(m, n))
    }
    bare = rules.model_copy(update={"rules": (), "relax": ()})
    return market(mentors, mentees, bare, managers, frozenset(others | bent))


def test_every_reason_is_true_and_every_change_helps() -> None:
    """On many crowds: counted anew, changed anew, and matched anew."""
    seen: Counter[object] = Counter()
    for seed in range(70):
        people = crowd(seed)
        found = market(*people)
        for mentee in alone(found):
            why = why_unmatched(found, mentee)
            seen[why.reason] += 1
            if why.reason is Reason.PLACES_TAKEN:
                assert len(why.rivals) > why.places == sum(max(0, m.places) for m in people[0] if m.id in why.mentors)
                assert mentee in why.rivals
                assert set().union(*(eligible(found, one) for one in why.rivals)) == set(why.mentors)
            elif why.reason is Reason.NOBODY_ALLOWED:
                assert not eligible(found, mentee)
                assert why.left[-1][1] == 0
                assert [count for _, count in why.left] == sorted((count for _, count in why.left), reverse=True)
            for change in why.changes:
                seen[change.kind] += 1
                after = changed(seed, mentee, change)
                assert after.assignment.count == found.assignment.count + 1
                if change.for_this:
                    assert mentee in made(after)
    assert set(seen) >= {Reason.PLACES_TAKEN, Reason.NOBODY_ALLOWED, *Kind}


# Not that mentor


def test_rule_is_named_and_no_price() -> None:
    found = market([someone(1, department="A")], [someone(2, department="A")], plan(Rule.OTHER_DEPARTMENT), {})
    assert why_not(found, 2, 1) == WhyNot(mentee=2, mentor=1, rules=(Rule.OTHER_DEPARTMENT,))


def test_who_would_be_displaced_is_named() -> None:
    mentors = [someone(1, offers=("x", "y")), someone(2, offers=("x",))]
    mentees = [someone(11, wants=("x", "y")), someone(12, wants=("x",))]
    found = market(mentors, mentees, plan(), {})
    assert made(found) == {11: 1, 12: 2}
    said = why_not(found, 12, 1)
    assert (said.people, said.points, said.rules, said.chosen) == (0, 2000, (), False)
    assert said.least <= said.points
    assert said.moves == (Move(11, 1, 2), Move(12, 2, 1))
    assert why_not(found, 11, 1).chosen
    assert not why_not(market([someone(1, places=0)], mentees, plan(), {}), 11, 1).has_places


def test_taking_it_may_cost_somebody_the_only_mentor() -> None:
    mentors = [someone(1, department="A"), someone(2, department="B")]
    mentees = [someone(11, department="B"), someone(12, department="C"), someone(13, department="B")]
    found = market(mentors, [mentees[0], mentees[1]], plan(Rule.OTHER_DEPARTMENT), {})
    assert made(found) == {11: 1, 12: 2}
    said = why_not(found, 12, 1)
    assert (said.people, {move.mentee for move in said.moves}) == (1, {11, 12})
    assert Move(11, 1, None) in said.moves


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6))
def test_price_is_never_more_than_the_cost_and_moves_make_it_so(seed: int) -> None:
    people = crowd(seed, mentees=8, mentors=5)
    found = market(*people)
    before, places = made(found), {m.id: max(0, m.places) for m in people[0]}
    rows = found.scorer.rows(slice(0, len(people[1]))).ravel().tolist()
    ids = [(m.id, n.id) for n in found.scorer.mentees for m in found.scorer.mentors]
    score = dict(zip(ids, rows, strict=True))
    for (mentor, mentee), own in score.items():
        said = why_not(found, mentee, mentor)
        assert bool(said.rules) is (own < 0)
        assert said.chosen is (before.get(mentee) == mentor)
        if said.rules or said.chosen or not said.has_places:
            assert said.moves == ()
            continue
        assert (said.people, said.turn, said.points if not said.people + said.turn else 0) >= (0, False, 0)
        assert said.people or not said.costs_person
        assert said.people or said.turn or (said.least <= said.points and not said.costs_turn)
        after = dict(before)
        for move in said.moves:
            assert before.get(move.mentee) == move.before != move.after
            after.pop(move.mentee, None)
            after |= {move.mentee: move.after} if move.after is not None else {}
        assert after[mentee] == mentor
        assert len(after) == len(before) - said.people
        assert sum(score[by, one] for one, by in after.items()) == found.assignment.total - said.points
        assert all(score[by, one] >= 0 for one, by in after.items())
        assert all(list(after.values()).count(by) <= places[by] for by in places)
