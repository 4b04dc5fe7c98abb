"""The rules of the desk, without a database."""

import pytest

from framework import desk, readiness, review, selection
from framework.desk import Subject
from framework.people import Role


def _subject(number=1, **shown):
    return Subject(id=f"pairing:{number}", choices=desk.MATCHING, shown={"score": 700, **shown})


def test_digest_follows_what_is_shown():
    assert _subject().digest() == _subject().digest()
    assert len(_subject().digest()) == 64
    assert _subject().digest() != _subject(score=701).digest()
    assert _subject().digest() != _subject(2).digest()
    assert Subject(id="pairing:1", choices=desk.MATCHING[:1], shown={"score": 700}).digest() != _subject().digest()


def test_digest_does_not_depend_on_the_order_of_writing():
    one = Subject(id="x", choices=(), shown={"a": 1, "b": [2]})
    assert one.digest() == Subject(id="x", choices=(), shown={"b": [2], "a": 1}).digest()
    assert desk.list_digest([_subject(1), _subject(2)]) == desk.list_digest([_subject(2), _subject(1)])


def test_choices_are_those_of_the_phases():
    assert {c.id for c in desk.choices("readiness")} == set(readiness.Verdict)
    assert {c.id for c in desk.choices("review")} == set(review.ReviewDecision)
    for role in (Role.MENTOR, Role.MENTEE):
        assert {c.id for c in desk.choices("selection", role)} == set(selection.choices(role))
        assert all(c.reason == selection.needs_reason(c.id) for c in desk.choices("selection", role))
    with pytest.raises(KeyError):
        desk.choices("closure")


@pytest.mark.parametrize("phase", desk.BULK)
def test_bulk_choice_needs_no_reason(phase):
    for role in (Role.MENTOR, Role.MENTEE):
        assert next(c for c in desk.choices(phase, role) if c.id == desk.BULK[phase]).reason is False


def test_bulk_of_another_phase_does_nothing():
    typed = {"all": ["continue"], "all.digest": [desk.list_digest([_subject()])]}
    assert desk.read("review", [_subject()], typed, {}) == desk.Ruling()


def test_too_long_reason_is_a_problem():
    one = _subject()
    typed = {one.id: ["strike"], f"{one.id}.reason": ["x" * 5000], f"{one.id}.digest": [one.digest()]}
    ruling = desk.read("matching", [one], typed, {})
    assert [p.text for p in ruling.problems] == ["This is too long. Please shorten it."]
    assert not ruling.verdicts


def _pair(number, mentor, *others, bent=False):
    seats = {"approve": mentor} | {f"swap:{other}": other for other in others}
    return Subject(id=f"pairing:{number}", choices=desk.pair_choices(others, bent=bent), shown={}, seats=seats)


def _typed(*pairs, **more):
    chosen = {one.id: [choice] for one, choice in pairs if choice}
    return chosen | {f"{one.id}.digest": [one.digest()] for one, _ in pairs} | more


def _all(*pairs):
    whole = desk.list_digest([one for one, _ in pairs])
    return _typed(*pairs, all=["approve"]) | {"all.digest": [whole]}


def test_places_are_counted_with_what_was_decided_before():
    one, two = _pair(1, 7), _pair(2, 8, 7)
    typed = _typed((one, ""), (two, "swap:7"))
    assert [v.choice for v in desk.read("matching", [one, two], typed, {}, {7: 1}).verdicts] == ["swap:7"]
    late = desk.read("matching", [one, two], typed, {one.id: "approve"}, {7: 1})
    assert [problem.question for problem in late.problems] == [two.id]
    assert not desk.read("matching", [one, two], typed, {one.id: "approve"}, {7: 2}).problems
    assert not desk.read("matching", [one, two], typed, {one.id: "strike"}, {7: 1}).problems


def test_people_without_a_count_have_room():
    one, two = _pair(1, 7), _pair(2, 8, 7)
    ruling = desk.read("matching", [one, two], _typed((one, "approve"), (two, "swap:7")), {}, {})
    assert (len(ruling.verdicts), ruling.problems) == (2, [])


def test_bulk_takes_places_in_turn_and_no_pair_that_needs_a_reason():
    first, second, third = _pair(1, 7), _pair(2, 7), _pair(3, 9, bent=True)
    pairs = [(first, ""), (second, ""), (third, "")]
    ruling = desk.read("matching", [first, second, third], _all(*pairs), {}, {7: 1})
    assert [v.subject for v in ruling.verdicts] == [first.id]
    assert (ruling.problems, ruling.stale) == ([], [])
    again = desk.read("matching", [first, second, third], _all(*pairs), {first.id: "approve"}, {7: 1})
    assert [v.subject for v in again.verdicts] == [first.id]
