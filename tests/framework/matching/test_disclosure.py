"""A small group is neither shown nor to be worked out from what is shown, within a way of grouping and across them."""

from collections import Counter
from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from framework.matching.disclosure import LEAST, publishable


def people(**sizes: int) -> list[dict[str, str]]:
    """So many people of each `country_site`."""
    return [
        dict(zip(("country", "site"), name.split("_"), strict=True))
        for name, size in sizes.items()
        for _ in range(size)
    ]


def rank(rows: list[list[Fraction]]) -> int:
    """By elimination in fractions: nothing is rounded, and nothing shared with the product."""
    rows, found = [list(row) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((at for at in range(found, len(rows)) if rows[at][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for at in range(found + 1, len(rows)):
            part = rows[at][column] / rows[found][column]
            rows[at] = [one - part * other for one, other in zip(rows[at], rows[found], strict=True)]
        found += 1
    return found


def told(rows: list[dict[str, str]], shown: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The small groups that follow from what is shown, and the whole."""
    sizes = Counter(pair for row in rows for pair in row.items())

    def members(group: tuple[str, str]) -> list[Fraction]:
        return [Fraction(int(row.get(group[0]) == group[1])) for row in rows]

    base = [members(group) for group in shown] + [[Fraction(1)] * len(rows)]
    small = [group for group, size in sizes.items() if size < LEAST]
    return {group for group in small if rank([*base, members(group)]) == rank(base)}


def test_a_small_group_takes_the_next_smallest_with_it() -> None:
    rows = [{"site": site} for site in "A" * 20 + "B" * 8 + "C" * 7 + "D" * 4]
    assert publishable(rows) == {("site", "A"), ("site", "B")}


def test_small_groups_that_are_many_enough_together_need_no_other() -> None:
    rows = [{"site": site} for site in "A" * 20 + "B" * 8 + "C" * 3 + "D" * 2]
    assert publishable(rows) == {("site", "A"), ("site", "B")}


def test_two_small_groups_that_are_too_few_together_take_a_third() -> None:
    rows = [{"site": site} for site in "A" * 20 + "B" * 8 + "C" * 3 + "D"]
    assert publishable(rows) == {("site", "A")}


def test_of_two_groups_a_small_one_hides_both() -> None:
    assert publishable([{"site": site} for site in "A" * 20 + "B" * 4]) == set()


def test_all_large_groups_are_shown_and_too_few_people_are_not() -> None:
    rows = [{"site": site} for site in "A" * 5 + "B" * 6]
    assert publishable(rows) == {("site", "A"), ("site", "B")}
    assert publishable(rows[:4]) == set()


def test_what_is_hidden_already_stays_so_and_is_hidden_well() -> None:
    rows = [{"site": site} for site in "A" * 20 + "B" * 8 + "C" * 7]
    assert publishable(rows, {("site", "B")}) == {("site", "A")}


def test_a_site_does_not_follow_from_its_country() -> None:
    """France is one site, Paris: who sees France, and Paris with Brussels together, would have Brussels."""
    rows = people(BE_Gent=36, BE_Brussels=4, FR_Paris=8, NL_Breda=9)
    alone = [{"site": row["site"]} for row in rows]
    assert publishable(alone) == {("site", "Gent"), ("site", "Breda")}
    naive = publishable(alone) | {("country", land) for land in ("BE", "FR", "NL")}
    assert told(rows, naive) == {("site", "Brussels")}  # the control: way by way is not enough
    assert told(rows, publishable(rows)) == set()
    assert publishable(rows)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_no_small_group_is_shown_or_follows(seed: int) -> None:
    dice = Random(seed)
    homes = {f"site{n}": f"land{dice.randrange(3)}" for n in range(dice.randint(1, 7))}
    rows = []
    for _ in range(dice.randint(5, 60)):
        site = dice.choice([*homes, next(iter(homes))])
        rows.append({"site": site, "country": homes[site], "grade": f"g{min(dice.randrange(6), dice.randrange(6))}"})
    shown = publishable(rows)
    sizes = Counter(pair for row in rows for pair in row.items())
    assert all(sizes[group] >= LEAST for group in shown)
    assert told(rows, shown) == set()
    for way in ("site", "country", "grade"):
        hidden = [group for group in sizes if group[0] == way and group not in shown]
        assert not hidden or len(hidden) > 1 or sizes[hidden[0]] == len(rows)
        assert not hidden or sum(sizes[group] for group in hidden) >= LEAST


def test_most_of_a_large_company_is_shown() -> None:
    """The control: hiding everything would pass every test above."""
    dice = Random(5)
    rows = [
        {"site": dice.choice("AAAABBBCCD"), "grade": dice.choice("12345"), "language": dice.choice(["nl", "fr", "en"])}
        for _ in range(400)
    ] + [{"site": "Z", "grade": "9", "language": "nl"}] * 2
    shown = publishable(rows)
    assert len(shown) >= 10
    assert {("site", "Z"), ("grade", "9")}.isdisjoint(shown)


def test_fifty_thousand_people_are_counted_in_seconds() -> None:
    dice = Random(3)
    rows = [
        {
            "site": f"s{int(dice.expovariate(0.05))}",
            "department": f"d{int(dice.expovariate(0.3))}",
            "grade": f"g{int(dice.expovariate(0.9))}",
            "language": dice.choice(["nl", "fr", "en"]),
        }
        for _ in range(50_000)
    ]
    assert len(publishable(rows)) > 50
