"""Mutual choice: no two would rather have each other, and no mentee could do better in anything that is stable."""

import json
from itertools import product
from random import Random

import numpy as np
import pytest

from benchmarks import mutual as benchmark
from framework.matching.mutual import NOBODY, Ranking, Wishes, blocking_pairs, drawn, mutual, ranking, stable

Ranks = dict[tuple[int, int], int]  # (who, whom) to the rank; ties may occur


class Case:
    """A small company: what each ranks, whom the rules forbid, keys, places."""

    def __init__(self, seed: int, most_mentees: int = 4, most_mentors: int = 3, ties: bool = True) -> None:
        dice = Random(seed)
        self.n, self.m = dice.randint(0, most_mentees), dice.randint(0, most_mentors)
        top = 2 if ties else 10**6
        pairs = list(product(range(self.n), range(self.m)))
        self.ours: Ranks = {(i, j): dice.randint(0, top) for i, j in pairs if dice.random() < 0.95}
        self.theirs: Ranks = {(j, i): dice.randint(0, top) for i, j in pairs if dice.random() < 0.95}
        self.scores = np.array([[dice.choice((-20_000, *[0, 9000] * 5)) for _ in range(self.m)] for _ in range(self.n)])
        self.scores = self.scores.reshape(self.n, self.m).astype(np.int16)
        self.places = [dice.choice((0, 1, 1, 1, 2)) for _ in range(self.m)]
        self.mentee_key = dice.sample(range(100), self.n)
        self.mentor_key = dice.sample(range(100), self.m)

    def wishes(self) -> Wishes:
        return mutual(
            columns(self.ours),
            columns(self.theirs),
            mentee_key=self.mentee_key,
            mentor_key=self.mentor_key,
            score_rows=lambda rows: self.scores[rows],
        )

    def open_to(self, i: int) -> list[int]:
        """The mentors whom a mentee may have, dearest first."""
        both = [j for j in range(self.m) if (i, j) in self.ours and (j, i) in self.theirs and self.scores[i, j] >= 0]
        return sorted(both, key=lambda j: (self.ours[i, j], self.mentor_key[j]))

    def blocks(self, mate: tuple[int, ...]) -> bool:
        """Whether some two would rather have each other; by trying each pair."""
        for i, own in enumerate(mate):
            for j in self.open_to(i):
                if j == own:
                    break
                held = [(self.theirs[j, k], self.mentee_key[k]) for k in range(self.n) if mate[k] == j]
                if len(held) < self.places[j] or any((self.theirs[j, i], self.mentee_key[i]) < one for one in held):
                    return True
        return False

    def every_stable(self) -> list[tuple[int, ...]]:
        every = product(*[[*self.open_to(i), NOBODY] for i in range(self.n)])
        fits = (mate for mate in every if all(mate.count(j) <= self.places[j] for j in range(self.m)))
        return [mate for mate in fits if not self.blocks(mate)]


def columns(ranks: Ranks) -> Ranking:
    rows = np.array([(*pair, rank) for pair, rank in ranks.items()], np.int64).reshape(-1, 3)
    return Ranking(rows[:, 0], rows[:, 1], rows[:, 2])


def test_the_best_for_every_mentee_of_all_that_is_stable_in_three_thousand_companies() -> None:
    choices = 0
    for seed in range(3000):
        case = Case(seed, 4, 4, ties=seed % 3 == 0)
        found = tuple(stable(case.wishes(), case.places).tolist())
        every = case.every_stable()
        assert found in every, seed
        assert len(blocking_pairs(case.wishes(), case.places, found)) == 0, seed
        for i, own in enumerate(found):
            order = [*case.open_to(i), NOBODY]
            assert all(order.index(own) <= order.index(other[i]) for other in every), seed
        choices += len(every) > 1
    assert choices > 40  # there was something to choose


def test_the_audit_finds_what_trying_each_pair_finds() -> None:
    """The control: spoilt matchings are told from stable ones, whatever `stable` does."""
    seen = {True: 0, False: 0}
    for seed in range(1500):
        case, dice = Case(seed), Random(seed)
        mate = [NOBODY] * case.n
        for i in range(case.n):
            free = [j for j in case.open_to(i) if mate.count(j) < case.places[j]]
            mate[i] = dice.choice([*free, NOBODY])
        blocked = case.blocks(tuple(mate))
        assert (len(blocking_pairs(case.wishes(), case.places, mate)) > 0) == blocked, seed
        seen[blocked] += 1
    assert min(seen.values()) > 100


def test_the_audit_names_the_two() -> None:
    wishes = mutual(ranking([[0, 1], [0]]), ranking([[0, 1], [0]]), mentee_key=[1, 2], mentor_key=[1, 2])
    assert blocking_pairs(wishes, [1, 1], [1, 0]).tolist() == [[0, 0]]
    assert blocking_pairs(wishes, [1, 1], [0, NOBODY]).tolist() == []


@pytest.mark.parametrize(("mate", "why"), [([0, 0], "more mentees"), ([1, 1], "does not wish")])
def test_the_audit_refuses_what_is_no_matching(mate: list[int], why: str) -> None:
    wishes = mutual(ranking([[0, 1], [0]]), ranking([[0, 1], [0]]), mentee_key=[1, 2], mentor_key=[1, 2])
    with pytest.raises(ValueError, match=why):
        blocking_pairs(wishes, [1, 1], mate)


def test_a_forbidden_pair_is_never_made_however_much_both_wish_it() -> None:
    scores = np.array([[-1, 0]], np.int16)
    both = ranking([[0, 1]]), ranking([[0], [0]])
    free = mutual(*both, mentee_key=[7], mentor_key=[1, 2])
    ruled = mutual(*both, mentee_key=[7], mentor_key=[1, 2], score_rows=lambda rows: scores[rows])
    assert stable(free, [1, 1]).tolist() == [0]
    assert stable(ruled, [1, 1]).tolist() == [1]


def test_rules_are_read_block_by_block_for_the_right_people() -> None:
    dice = np.random.default_rng(1)
    n, m = 700, 30
    scores = dice.choice(np.array([-20_000, 5], np.int16), (n, m))
    everybody = ranking([list(range(m))] * n), ranking([list(range(n))] * m)
    wishes = mutual(*everybody, mentee_key=np.arange(n), mentor_key=np.arange(m), score_rows=lambda rows: scores[rows])
    assert sorted(zip(wishes.mentee, wishes.mentor, strict=True)) == list(zip(*np.nonzero(scores >= 0), strict=True))


def test_people_in_another_order_make_the_same_pairs() -> None:
    for seed in range(200):
        case = Case(seed, 12, 6)
        found = stable(case.wishes(), case.places)
        pairs = {(case.mentee_key[i], case.mentor_key[j]) for i, j in enumerate(found) if j != NOBODY}
        dice = np.random.default_rng(seed)
        new_i, new_j = dice.permutation(case.n), dice.permutation(case.m)  # where each one stands now
        other = Case(seed, 12, 6)
        other.ours = {(int(new_i[i]), int(new_j[j])): rank for (i, j), rank in reversed(case.ours.items())}
        other.theirs = {(int(new_j[j]), int(new_i[i])): rank for (j, i), rank in reversed(case.theirs.items())}
        other.scores[np.ix_(new_i, new_j)] = case.scores
        for i, at in enumerate(new_i):
            other.mentee_key[at] = case.mentee_key[i]
        for j, at in enumerate(new_j):
            other.mentor_key[at], other.places[at] = case.mentor_key[j], case.places[j]
        again = stable(other.wishes(), other.places)
        assert pairs == {(other.mentee_key[i], other.mentor_key[j]) for i, j in enumerate(again) if j != NOBODY}


def test_equal_ranks_are_settled_by_the_key_and_a_draw_can_be_held_again() -> None:
    tied = Ranking(np.zeros(2, np.int64), np.arange(2), np.zeros(2, np.int64))
    for keys, winner in (([5, 9], 0), ([9, 5], 1)):
        wishes = mutual(ranking([[0], [0]]), tied, mentee_key=keys, mentor_key=[0])
        assert stable(wishes, [1]).tolist().index(0) == winner
    assert drawn([4, 5, 6], 1).tolist() == drawn([4, 5, 6], 1).tolist() != drawn([4, 5, 6], 2).tolist()
    assert drawn([6, 4], 1).tolist() == drawn([4, 5, 6], 1)[[2, 0]].tolist()
    assert len(set(drawn(range(100_000), -3).tolist())) == 100_000
    first = [int(np.argmin(drawn([4, 5, 6], seed))) for seed in range(3000)]
    assert all(900 < first.count(one) < 1100 for one in range(3))


@pytest.mark.parametrize(
    ("ours", "keys", "why"),
    [
        ([[0, 0]], [1], "twice"),
        ([[1]], [1], "not there"),
        ([[-1]], [1], "not there"),
        ([[0], [0]], [1], "not there"),
        ([[0], [0]], [1, 1], "share a key"),
    ],
)
def test_wishes_that_make_no_sense_are_refused(ours: list[list[int]], keys: list[int], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        mutual(ranking(ours), ranking([[0]]), mentee_key=keys, mentor_key=[1])


@pytest.mark.parametrize("places", [[-1], [1, 1], []])
def test_places_that_make_no_sense_are_refused(places: list[int]) -> None:
    with pytest.raises(ValueError, match="places"):
        stable(mutual(ranking([[0]]), ranking([[0]]), mentee_key=[1], mentor_key=[1]), places)


def test_nobody_who_wishes_and_nobody_who_is_there_are_legal() -> None:
    nothing = mutual(ranking([]), ranking([]), mentee_key=[], mentor_key=[])
    assert stable(nothing, []).tolist() == []
    silent = mutual(ranking([[], []]), ranking([[0, 1]]), mentee_key=[1, 2], mentor_key=[1])
    assert stable(silent, [3]).tolist() == [NOBODY, NOBODY]


def test_the_same_as_the_package_made_for_it() -> None:
    games = pytest.importorskip("matching.games", reason="the peer is not installed")
    for seed in range(300):
        case = Case(seed, 14, 7, ties=False)
        case.places = [max(1, room) for room in case.places]
        ours = {i: wish for i in range(case.n) if (wish := case.open_to(i))}
        theirs: dict[int, list[int]] = {}
        for i, wish in ours.items():
            for j in wish:
                theirs.setdefault(j, []).append(i)
        for j, them in theirs.items():
            them.sort(key=lambda i: (case.theirs[j, i], case.mentee_key[i]))
        if not ours:
            continue
        game = games.HospitalResident.create_from_dictionaries(ours, theirs, {j: case.places[j] for j in theirs})
        expected = {(i.name, j.name) for j, them in game.solve(optimal="resident").items() for i in them}
        found = stable(case.wishes(), case.places)
        assert {(i, j) for i, j in enumerate(found.tolist()) if j != NOBODY} == expected, seed


def test_ten_thousand_who_all_want_the_same_few_are_settled() -> None:
    dice = np.random.default_rng(3)
    n, m, length = 10_000, 6000, 10
    favour = (dice.random((n, length)) ** 3 * m).astype(np.int64)
    who, whom = np.divmod(np.unique(np.repeat(np.arange(n), length) * m + favour.ravel()), m)
    ours, theirs = (Ranking(*ends, dice.integers(0, 4, len(who))) for ends in ((who, whom), (whom, who)))
    wishes = mutual(ours, theirs, mentee_key=drawn(np.arange(n), 1), mentor_key=np.arange(m))
    places = dice.integers(0, 4, m)
    found = stable(wishes, places)
    assert len(blocking_pairs(wishes, places, found)) == 0
    assert (found != NOBODY).sum() > n // 2


def test_the_benchmark_measures_what_is_stable(capsys: pytest.CaptureFixture[str]) -> None:
    benchmark.main(["--json", "--sizes", "40x5", "--rounds", "1"])
    row = json.loads(capsys.readouterr().out)["sizes"]["40x5"]
    assert (row["blocking"], row.get("different", 0)) == (0, 0)
    assert 0 < row["matched"] <= 40
