"""Names as people type them: who is meant, and that a wish is rather kept too widely than broken."""

import pytest

from framework.matching.named import Directory, plain

PEOPLE = (
    (1, "Jan", "Peeters"),
    (2, "An", "Peeters"),
    (3, "Loïc", "Van den Berghe"),
    (4, "Karel", "De Groot"),
    (5, "Ria", "Groot"),
    (6, "Jan-Willem", "Ré"),
    (7, "Els", "Maes"),
    (8, "Els", "Claes"),
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Jan Peeters", {1}),
        ("PEETERS, Jan", {1}),
        ("  jan   peeters. ", {1}),
        ("mevrouw Peeters", {1, 2}),
        ("Karel Peeters", {1, 2}),
        ("vandenberghe", {3}),
        ("Loic van den berghe (IT)", {3}),
        ("Loïc", {3}),
        ("Karel de Groot", {4}),
        ("Groot", {5}),
        ("Jan Willem Re", {6}),
        ("jan-willem", {6}),
        ("Els", set()),
        ("Jan Peeters; Ria", {1, 5}),
        ("Jan Peeters\nEls Maes", {1, 7}),
        ("I am married to Els Claes", {8}),
        ("geen", set()),
        ("", set()),
        (" ,. ", set()),
    ],
)
def test_name_is_found_as_people_write_it(typed: str, meant: set[int]) -> None:
    assert Directory(PEOPLE).meant(typed) == meant


@pytest.mark.parametrize(
    ("typed", "wished"),
    [
        ("Jan Peeters", (1,)),
        ("PEETERS, Jan", (1,)),
        ("mevrouw Peeters", ()),
        ("Karel Peeters", ()),
        ("Karel Maes", ()),
        ("Maes", (7,)),
        ("graag met mevrouw Maes", (7,)),
        ("Els", ()),
        ("Loïc", (3,)),
        ("Els Claes, Karel De Groot; Jan Peeters", (8, 4, 1)),
        ("Els Claes\nLoïc Van den Berghe\nJan Peeters\nEls Maes", (8, 3, 1)),
        ("", ()),
    ],
)
def test_wish_counts_only_for_who_is_surely_meant(typed: str, wished: tuple[int, ...]) -> None:
    """MAT-Q14: a guess would give somebody else's place away; of many names the first three count."""
    assert Directory(PEOPLE).wished(typed, 3) == wished


def test_wish_for_one_of_two_namesakes_is_nobody_sure() -> None:
    twice = Directory([*PEOPLE, (9, "Jan", "Peeters")])
    assert twice.wished("Jan Peeters", 3) == ()
    assert twice.wished("Jan Peeters, An Peeters", 3) == (2,)
    assert twice.meant("Jan Peeters") == {1, 9}


def test_accents_capitals_spaces_and_signs_make_no_difference() -> None:
    assert plain("D'Hônt-van  ÉLST") == plain("dhont VAN elst") == "dhontvanelst"


def test_everybody_is_found_by_the_own_full_name_in_either_order() -> None:
    directory = Directory(PEOPLE)
    for one, given, family in PEOPLE:
        assert directory.meant(f"{given} {family}") == directory.meant(f"{family.upper()} {given}") == {one}
