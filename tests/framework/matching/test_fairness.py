"""Groups are counted and judged by an exact test; gender is counted too, and no part that makes pairs can see it."""

import ast
from math import comb
from pathlib import Path
from random import Random

import framework.matching
from framework.matching.disclosure import LEAST
from framework.matching.fairness import ALPHA, Count, Seat, Side, Verdict, report
from framework.people import Person, Role

HOUSE = Path(framework.matching.__file__).parents[2]


def seats(site: str, matched: int, people: int, *, score: int = 600, waited: int = 0, **more: str) -> list[Seat]:
    """So many people at a site, so many of them matched."""
    groups = {"site": site} | more
    return [
        Seat(role=Role.MENTEE, groups=groups, score=score if at < matched else None, waited=waited)
        for at in range(people)
    ]


def mentees(*many: list[Seat]) -> Side:
    return report([one for some in many for one in some])[0]


def by_group(side: Side) -> dict[str, Count]:
    return {one.group: one for table in side.tables for one in table.counts}


def chance(matched: int, people: int, whole_matched: int, whole: int) -> float:
    """Fisher's, one-sided, from what it means: all draws of the group out of the whole."""
    ways = sum(comb(whole_matched, k) * comb(whole - whole_matched, people - k) for k in range(matched + 1))
    return ways / comb(whole, people)


def test_figures_are_those_of_the_people() -> None:
    side = mentees(seats("Gent", 8, 10, score=500, waited=10), seats("Brussel", 5, 10, score=800, waited=30))
    assert side.whole is not None
    assert (side.whole.people, side.whole.matched, side.whole.share) == (20, 13, 0.65)
    assert (side.whole.score, side.whole.waited) == (615, 20)
    gent, brussel = side.tables[0].counts[1], side.tables[0].counts[0]
    assert (gent.group, gent.people, gent.matched, gent.score, gent.waited) == ("Gent", 10, 8, 500, 10)
    assert (brussel.group, brussel.share, brussel.score, brussel.waited) == ("Brussel", 0.5, 800, 30)
    assert side.tables[0].rest is None


def test_mentors_stand_apart_and_wait_for_nothing() -> None:
    mentor = Seat(role=Role.MENTOR, groups={"site": "Gent"}, score=700)
    other = Seat(role=Role.MENTOR, groups={"site": "Brussel"})
    asked, offered = report([mentor] * 6 + [other] * 5 + seats("Gent", 3, 4))
    assert asked.whole is None
    assert not asked.tables
    assert offered.whole is not None
    assert (offered.whole.people, offered.whole.matched, offered.whole.waited) == (11, 6, None)


def test_a_group_far_behind_is_marked_and_no_other() -> None:
    side = mentees(seats("Gent", 95, 100), seats("Namur", 10, 30), seats("Brussel", 45, 50))
    found = by_group(side)
    assert {group: one.verdict for group, one in found.items()} == {
        "Gent": Verdict.WITHIN,
        "Brussel": Verdict.WITHIN,
        "Namur": Verdict.LOWER,
    }
    assert side.lower == (("site", found["Namur"]),)
    assert found["Namur"].p is not None
    assert abs(found["Namur"].p - chance(10, 30, 150, 180)) < 1e-12


def test_a_small_difference_is_no_mark() -> None:
    side = mentees(seats("Gent", 80, 100), seats("Brussel", 37, 50))
    assert {one.verdict for one in by_group(side).values()} == {Verdict.WITHIN}


def test_too_few_people_get_no_verdict_however_they_fared() -> None:
    """Nobody of six found a partner, yet that many of a half is no rare draw once it is small enough."""
    side = mentees(seats("Gent", 20, 40), seats("Namur", 0, 5))
    assert by_group(side)["Namur"].verdict is Verdict.TOO_FEW
    assert by_group(side)["Namur"].p is None


def test_where_everybody_or_nobody_is_matched_there_is_nothing_to_judge() -> None:
    for matched in (1, 0):
        side = mentees(seats("Gent", 20 * matched, 20), seats("Namur", 9 * matched, 9))
        assert {one.verdict for one in by_group(side).values()} == {None}


def test_many_groups_ask_for_a_stronger_sign() -> None:
    """Holm's: what would be marked among two groups is chance among thirty."""
    few = mentees(seats("A", 96, 160), seats("B", 23, 60))
    many = mentees(
        seats("B", 23, 60), *(seats(f"S{n}", 6, 10) for n in range(8)), *(seats(f"T{n}", 12, 20) for n in range(4))
    )
    assert by_group(few)["B"].verdict is Verdict.LOWER
    assert (by_group(few)["B"].p or 1) < ALPHA
    assert len([one for one in by_group(many).values() if one.p is not None]) > 8
    assert by_group(many)["B"].verdict is Verdict.WITHIN


def test_pure_chance_marks_a_report_once_in_a_hundred_at_most() -> None:
    dice, marked = Random(11), 0
    for _ in range(400):
        everybody = [
            (site, dice.choice("123")) for site, size in (("A", 60), ("B", 40), ("C", 25)) for _ in range(size)
        ]
        lucky = set(dice.sample(range(len(everybody)), 80))
        some = [
            Seat(role=Role.MENTEE, groups={"site": site, "level": level}, score=500 if at in lucky else None)
            for at, (site, level) in enumerate(everybody)
        ]
        marked += bool(report(some)[0].lower)
    assert marked <= 400 * ALPHA * 2.5


def test_small_groups_are_hidden_and_what_is_left_is_told_together() -> None:
    side = mentees(seats("Gent", 20, 30), seats("Brussel", 5, 8), seats("Namur", 1, 3))
    (table,) = side.tables
    assert [one.group for one in table.counts] == ["Gent"]
    assert table.rest is not None
    assert (table.rest.people, table.rest.matched, table.rest.score, table.rest.verdict) == (11, 6, None, None)


def test_an_average_over_few_is_not_told_nor_one_that_would_give_it_away() -> None:
    side = mentees(
        seats("Gent", 20, 30, score=700), seats("Brussel", 12, 20, score=600), seats("Namur", 2, 9, score=100)
    )
    found = by_group(side)
    assert {group: one.score for group, one in found.items()} == {"Gent": 700, "Brussel": None, "Namur": None}
    assert found["Namur"].people == 9
    few = mentees(seats("Gent", 3, 30), seats("Brussel", 1, 20))
    assert few.whole is not None
    assert few.whole.score is None


def test_one_group_alone_makes_no_table() -> None:
    assert mentees(seats("Gent", 5, 10)).tables == ()


def test_everything_shown_is_of_five_people_or_more() -> None:
    dice = Random(2)
    for _ in range(60):
        some = [
            Seat(
                role=dice.choice([Role.MENTEE, Role.MENTOR]),
                groups={
                    "site": dice.choice("AABC"),
                    "language": dice.choice(["nl", "fr"]),
                    "gender": dice.choice("FMX"),
                },
                score=dice.choice([None, 300, 900]),
            )
            for _ in range(dice.randint(0, 50))
        ]
        for side in report(some):
            shown = [one for table in side.tables for one in (*table.counts, table.rest) if one]
            assert all(one.people >= LEAST for one in shown)
            assert all(one.matched >= LEAST for one in shown if one.score is not None)


# What makes pairs cannot see gender


def names(path: Path) -> set[str]:
    """Every word in the code of a file: names, attributes, keywords and texts."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        found |= {str(getattr(node, kind)) for kind in ("id", "attr", "arg", "name") if getattr(node, kind, None)}
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found


def test_no_code_that_makes_pairs_knows_gender() -> None:
    engine = set((HOUSE / "framework" / "matching").glob("*.py")) - {HOUSE / "framework" / "matching" / "fairness.py"}
    steps = {
        HOUSE / "tasks" / f"{name}.py" for name in ("candidates", "matching", "wishes", "acceptance", "introduction")
    }
    told = {HOUSE / "portal" / f"{name}.py" for name in ("words", "held")}  # a person may see all that is held
    pages = set((HOUSE / "portal").glob("*.py")) - told
    read = {path: names(path) for path in engine | {one for one in steps if one.exists()} | pages}
    assert len(read) > 30
    assert [path.name for path, words in read.items() if "gender" in {word.lower() for word in words}] == []
    assert "gender" in names(HOUSE / "framework" / "matching" / "fairness.py")  # the control: it would be found


def test_no_code_that_makes_pairs_sees_the_report() -> None:
    engine = set((HOUSE / "framework" / "matching").glob("*.py"))
    for path in engine - {HOUSE / "framework" / "matching" / f"{name}.py" for name in ("fairness", "disclosure")}:
        assert "framework.matching.fairness" not in path.read_text(encoding="utf-8"), path


def test_person_of_the_rules_has_no_gender() -> None:
    assert "gender" not in Person.__dataclass_fields__
