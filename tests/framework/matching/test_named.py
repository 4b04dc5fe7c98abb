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


def test_accents_capitals_spaces_and_signs_make_no_difference() -> None:
    assert plain("D'Hônt-van  ÉLST") == plain("dhont VAN elst") == "dhontvanelst"


def test_everybody_is_found_by_the_own_full_name_in_either_order() -> None:
    directory = Directory(PEOPLE)
    for one, given, family in PEOPLE:
        assert directory.meant(f"{given} {family}") == directory.meant(f"{family.upper()} {given}") == {one}
