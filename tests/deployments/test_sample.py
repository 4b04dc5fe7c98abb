"""The invented company."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from deployments.sample.company import AS_OF, DEFAULT_CSV, DEPARTMENTS, DOMAIN, SITES, make_company, write_csv
from framework import roster, roster_cells
from framework.content.skills import SKILLS


def test_the_shipped_file_is_what_the_generator_makes(tmp_path: Path) -> None:
    write_csv(make_company(), tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == DEFAULT_CSV.read_bytes()


def test_another_seed_makes_another_company() -> None:
    assert make_company(30, 1) == make_company(30, 1)
    assert make_company(30, 1) != make_company(30, 2)


@pytest.mark.parametrize("people", [1, 2, 3, 4, 7, 12, 33, 200, 1000])
def test_everybody_has_a_place_in_one_tree(people: int) -> None:
    rows = make_company(people)
    manager = {row["Employee number"]: row["Manager"] for row in rows}
    assert len(manager) == people
    tops = [row for row in rows if not row["Manager"] and row["External"] == "no"]
    assert len(tops) == 1
    for number in (row["Employee number"] for row in rows if row["External"] == "no"):
        steps, at = 0, number
        while manager[at]:
            at, steps = manager[at], steps + 1
            assert steps < 5
        assert at == tops[0]["Employee number"]


def test_a_company_needs_somebody() -> None:
    with pytest.raises(ValueError, match="at least one"):
        make_company(0)


def test_the_company_is_mixed_and_its_addresses_are_reserved() -> None:
    rows = make_company()
    assert {row["Site"] for row in rows} == set(SITES)
    assert {row["Department"] for row in rows} == {"Management", *DEPARTMENTS}
    assert {row["Language"] for row in rows} == {"nl", "fr", "en"}
    assert all(row["Language"] == SITES[row["Site"]][1] for row in rows)
    addresses = [row["E-mail"] for row in rows if row["E-mail"]]
    assert len(addresses) == len(set(addresses)) == 196
    assert all(address.isascii() and address.endswith("@" + DOMAIN) for address in addresses)
    assert Counter(row["External"] for row in rows) == {"no": 196, "yes": 4}


def test_rank_years_and_skills_fit_together() -> None:
    rows = make_company()
    ids = {option.id for option in SKILLS}
    for row in rows:
        hired = date.fromisoformat(row["Hire date"])
        assert int(row["Years"]) == AS_OF.year - hired.year - ((hired.month, hired.day) > (AS_OF.month, AS_OF.day))
        assert 0 <= int(row["Years"]) <= 35
        assert 1 <= int(row["Level"]) <= 7
        assert {skill for cell in (row["Skills"], row["Interests"]) for skill in cell.split("; ") if skill} <= ids
    senior = [len(row["Skills"].split(";")) for row in rows if int(row["Level"]) >= 5]
    junior = [len(row["Skills"].split(";")) for row in rows if int(row["Level"]) <= 2]
    assert min(senior) > max(junior)


def test_the_roster_takes_every_row() -> None:
    rows = make_company()
    headings = list(rows[0])
    places = roster_cells.guess(headings)
    reading = roster.read_rows(headings, places, [list(row.values()) for row in rows], 2, AS_OF)
    plan = roster.plan(reading.entries, [], AS_OF)
    assert len(places) == len(headings)
    assert (len(plan.added), reading.refused, reading.notices, plan.notices) == (200, (), (), ())
