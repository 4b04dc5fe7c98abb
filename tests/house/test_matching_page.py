"""docs/matching.md: its example adds up as the product does, and it names what there is."""

import re
from pathlib import Path
from typing import get_args

from framework.matching.criteria import Candidate, broken_rules, factors, points
from framework.matching.fairness import WAYS
from framework.matching.settings import Matching, Mode, Shape
from framework.people import Person

PAGE = (Path(__file__).parents[2] / "docs" / "matching.md").read_text(encoding="utf-8")
USUAL = Matching()
LOTTE = Candidate(
    id=2,
    person=Person(
        id=2,
        given_name="Lotte",
        family_name="",
        language="nl",
        department="Sales",
        site="Gent",
        years=6,
        interests=("chess", "sea", "running"),
    ),
    wants=("networking", "strategy", "influencing"),
    languages=("nl", "en"),
)
KARIM = Candidate(
    id=1,
    person=Person(
        id=1,
        given_name="Karim",
        family_name="",
        language="fr",
        department="Works",
        site="Gent",
        years=18,
        interests=("chess", "cooking"),
    ),
    offers=("networking", "strategy", "coaching"),
    languages=("fr", "en"),
)


def rows(page: str) -> dict[str, tuple[int, int]]:
    """Weight and points of each factor in the example's table."""
    found = re.findall(r"^\| \*{0,2}`?(\w+)`?\*{0,2} \|.*\| (\d+) \| \*{0,2}(\d+)\*{0,2} \|$", page, re.MULTILINE)
    return {name: (int(weight), int(given)) for name, weight, given in found}


def test_the_example_is_what_the_product_says() -> None:
    told = rows(PAGE)
    assert broken_rules(KARIM, LOTTE, USUAL.rules, {}) == []
    given = points(factors(KARIM, LOTTE, USUAL), USUAL.weights)
    assert {name: one for name, (_, one) in told.items() if name != "score"} == given
    assert {name: one for name, (one, _) in told.items() if name != "score"} == {
        name: weight for name, weight in USUAL.weights.model_dump().items() if weight
    }
    assert told["score"] == (1000, sum(given.values()))


def test_an_example_that_does_not_add_up_would_be_found() -> None:
    """The control: another figure in the table is another table."""
    assert rows(PAGE.replace("| 400 | 266 |", "| 400 | 267 |")) != rows(PAGE)
    assert len(rows(PAGE)) == 6


def test_every_mode_and_shape_has_its_row() -> None:
    for name in (*get_args(Mode), *get_args(Shape)):
        assert re.search(rf"^\| `{name}` \|", PAGE, re.MULTILINE), name


def test_every_way_of_counting_is_named() -> None:
    said = PAGE.replace("grade", "level")
    assert all(way in said for way in WAYS)
