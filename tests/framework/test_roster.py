"""The roster: cells, rows, and the plan of what would change."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework import roster, roster_cells
from framework.roster import Entry, Known, Reading, Refusal, Who

TODAY = date(2027, 1, 1)


def read(headings: list[str], *rows: list[str]) -> Reading:
    return roster.read_rows(headings, roster_cells.guess(headings), rows, 2, TODAY)


def only_entry(headings: list[str], row: list[str]) -> Entry:
    reading = read(headings, row)
    assert not reading.refused, reading.refused
    return reading.entries[0]


def only_refusal(headings: list[str], row: list[str]) -> Refusal:
    reading = read(headings, row)
    assert not reading.entries
    return reading.refused[0]


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (
            ["Employee number", "First name", "Last name", "E-mail"],
            ["employee_number", "given_name", "family_name", "email"],
        ),
        (
            ["BusinessEntityID", "FirstName", "LastName", "EmailAddress"],
            ["employee_number", "given_name", "family_name", "email"],
        ),
        (
            ["Personeelsnummer", "Voornaam", "Naam", "E-mailadres"],
            ["employee_number", "given_name", "family_name", "email"],
        ),
        (
            ["N° matricule", "Prénom", "Nom", "Adresse e-mail"],
            ["employee_number", "given_name", "family_name", "email"],
        ),
        (["Matricule", "Nom"], ["employee_number", "name"]),
        (["Stamnummer", "Naam en voornaam"], ["employee_number", "last_first"]),
        (["Id", "Name", "Taal", "Manager e-mail"], ["employee_number", "name", "language", "manager_email"]),
        (["Afdeling", "Vestiging", "Land", "Functie"], ["department", "site", "country", "job_title"]),
        (["Service", "Ville", "Pays", "Fonction"], ["department", "site", "country", "job_title"]),
        (["Niveau", "Anciënniteit", "Datum in dienst", "Uit dienst"], ["level", "years", "hired_on", "left_on"]),
        (["Ancienneté", "Date d'entrée", "Date de sortie", "Externe"], ["years", "hired_on", "left_on", "external"]),
        (["Vaardigheden", "Interesses"], ["skills", "interests"]),
    ],
)
def test_columns_are_recognised_in_three_languages(headings: list[str], fields: list[str]) -> None:
    assert roster_cells.guess(headings) == {field: place for place, field in enumerate(fields)}


def test_the_best_of_two_columns_for_one_field_wins() -> None:
    assert roster_cells.guess(["City", "Site", "AddressLine1"]) == {"site": 1}


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Peeters, An", ("An", "Peeters")),
        ("An Peeters", ("An", "Peeters")),
        ("Jan Van den Berghe", ("Jan", "Van den Berghe")),
        ("Jean Marie Dupont", ("Jean Marie", "Dupont")),
        ("DUPONT Jean", ("Jean", "DUPONT")),
        ("Jan R. Peeters", ("Jan R.", "Peeters")),
        ("Plato", ("Plato", "")),
    ],
)
def test_a_name_in_one_cell_is_taken_apart(cell: str, names: tuple[str, str]) -> None:
    entry = only_entry(["Id", "Name"], ["1", cell])
    assert (entry.given_name, entry.family_name) == names


def test_a_heading_that_puts_the_family_name_first_is_believed() -> None:
    entry = only_entry(["Matricule", "Nom et prénom"], ["1", "Dupont Jean"])
    assert (entry.given_name, entry.family_name) == ("Jean", "Dupont")


def test_odd_spaces_become_ordinary_ones() -> None:
    entry = only_entry(["Id", "First name", "Last name"], ["\u00a01 ", "An\u00a0 Sofie", "\tDe\u2009 Smet\n"])
    assert (entry.employee_number, entry.name) == ("1", "An Sofie De Smet")


@pytest.mark.parametrize(
    ("column", "days"),
    [
        (["2020-03-01", "2020-3-2 00:00:00"], [date(2020, 3, 1), date(2020, 3, 2)]),
        (["01/03/2020", "13-03-2020"], [date(2020, 3, 1), date(2020, 3, 13)]),
        (["01/03/2020", "03/13/2020"], [date(2020, 1, 3), date(2020, 3, 13)]),
        (["05.05.2020", ""], [date(2020, 5, 5), None]),
    ],
)
def test_the_order_of_day_and_month_is_decided_by_the_column(column: list[str], days: list[date | None]) -> None:
    reading = read(["Id", "Name", "Hire date"], *([str(i), "An Bo", cell] for i, cell in enumerate(column)))
    assert [entry.hired_on for entry in reading.entries] == days
    assert not reading.notices


def test_a_column_that_could_be_either_is_read_day_first_with_a_warning() -> None:
    reading = read(["Id", "Name", "Hire date"], ["1", "An Bo", "01/03/2020"])
    assert reading.entries[0].hired_on == date(2020, 3, 1)
    assert [notice.column for notice in reading.notices] == ["Hire date"]


def test_years_follow_from_the_hire_date_unless_given() -> None:
    headings = ["Id", "Name", "Hire date", "Years"]
    assert only_entry(headings, ["1", "An Bo", "2020-01-02", ""]).years == 6
    assert only_entry(headings, ["1", "An Bo", "2020-01-01", "12,5"]).years == 12


@pytest.mark.parametrize(
    ("language", "country", "site", "expected"),
    [
        ("Dutch", "", "", "nl"),
        ("Nederlands", "", "", "nl"),
        ("NL", "", "", "nl"),
        ("fr-BE", "", "", "fr"),
        ("Français", "", "", "fr"),
        ("English (UK)", "", "", "en"),
        ("Polski", "Belgium", "", "en"),
        ("", "België", "Gent", "nl"),
        ("", "Belgique", "Usine de Namur", "fr"),
        ("", "France", "", "fr"),
        ("", "Nederland", "Namur", "nl"),
        ("", "Germany", "", "en"),
    ],
)
def test_languages_have_names_codes_and_a_default(language: str, country: str, site: str, expected: str) -> None:
    entry = only_entry(["Id", "Name", "Language", "Country", "Site"], ["1", "An Bo", language, country, site])
    assert entry.language == expected


def test_lists_levels_and_externals_are_read() -> None:
    headings = ["Id", "Name", "Skills", "Interests", "Level", "External"]
    skills = "Project management; coaching;Coaching;sewing"
    entry = only_entry(headings, ["1", "An Bo", skills, "sea, sand|wind", "Niveau 5", "Ja"])
    assert entry.skills == ("project_management", "coaching", "sewing")
    assert (entry.interests, entry.level, entry.external) == (("sea, sand", "wind"), 5, True)
    assert only_entry(headings, ["1", "An Bo", "Managing time, sewing", "", "", ""]).skills == (
        "time_management",
        "sewing",
    )


def test_a_level_in_another_scale_is_unknown_with_one_warning() -> None:
    reading = read(["Id", "Name", "Level"], ["1", "An Bo", "B2+"], ["2", "Bo An", "IV"])
    assert [entry.level for entry in reading.entries] == [0, 0]
    assert [notice.rows for notice in reading.notices] == [(2, 3)]


@pytest.mark.parametrize(
    "bad", ["A\u202en", "A\u200bn", "A\x00n", "A\x1bn", "A\nn", "A\ufeffn", f"A{chr(0xD800)}n", "A\ufffdn", "n" * 201]
)
@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_hostile_cells_are_refused_where_they_stand(bad: str, place: int) -> None:
    headings = ["Id", "First name", "Last name", "Department"]
    row = ["1", "An", "Bo", "Sales"]
    row[place] = bad
    refusal = only_refusal(headings, row)
    assert (refusal.row, refusal.column) == (2, headings[place])
    assert refusal.reason
    assert refusal.value_hint.isprintable()


def test_an_ordinary_row_passes_where_the_hostile_one_is_refused() -> None:
    assert only_entry(["Id", "First name", "Last name", "Department"], ["1", "An", "Bo", "n" * 120]).department


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("E-mail", "an@"),
        ("E-mail", "an bo@x.be"),
        ("E-mail", "an..bo@x.be"),
        ("E-mail", "an@x"),
        ("E-mail", '"an bo"@x.be'),
        ("E-mail", "josé@x.be"),
        ("E-mail", "an@x.be,bo@x.be"),
        ("Hire date", "29/02/2027"),
        ("Hire date", "2027-02-30"),
        ("Hire date", "soon"),
        ("Hire date", "01/01/20"),
        ("Hire date", "1066-10-14"),
        ("Years", "-1"),
        ("Years", "81"),
        ("External", "perhaps"),
        ("Skills", "x" * 1001),
        ("First name", ""),
    ],
)
def test_impossible_cells_are_refused(heading: str, cell: str) -> None:
    headings = ["Id", "First name", "Last name", "E-mail", "Hire date", "Years", "External", "Skills"]
    row = ["1", "An", "Bo", "an@x.be", "2020-01-01", "7", "no", "coaching"]
    assert only_entry(headings, row)
    row[headings.index(heading)] = cell
    assert only_refusal(headings, row).column == heading


def test_a_row_needs_a_number_or_an_address() -> None:
    headings = ["Id", "Name", "E-mail"]
    assert only_refusal(headings, ["", "An Bo", "n/a"]).reason.startswith("neither")
    assert only_entry(headings, ["", "An Bo", "AN@x.be"]).email == "an@x.be"
    assert only_entry(headings, ["1", "An Bo", ""]).email is None


def test_doubles_name_the_first_row() -> None:
    headings = ["Id", "Name", "E-mail"]
    reading = read(headings, ["1", "An Bo", "an@x.be"], [], ["1", "Bo An", ""], ["3", "Cy Do", "AN@x.be"])
    assert [(refusal.row, refusal.column) for refusal in reading.refused] == [(4, "Id"), (5, "E-mail")]
    assert all(refusal.reason.endswith("row 2") for refusal in reading.refused)


def test_ragged_rows_short_is_filled_long_is_refused() -> None:
    reading = read(["Id", "Name", "Site"], ["1", "An Bo"], ["2", "Bo An", "Gent", "", " "], ["3", "Cy Do", "Gent", "x"])
    assert [entry.row for entry in reading.entries] == [2, 3]
    assert [refusal.row for refusal in reading.refused] == [4]


def test_leaving_before_arriving_is_refused_and_the_year_9999_means_never() -> None:
    headings = ["Id", "Name", "Hire date", "Leave date"]
    assert only_refusal(headings, ["1", "An Bo", "2020-01-01", "2019-12-31"]).column == "Leave date"
    assert only_entry(headings, ["1", "An Bo", "2020-01-01", "31/12/9999"]).left_on is None


def entry(row: int, number: str, **changes: object) -> Entry:
    given = ("employee_number", "family_name", "given_name", *changes)
    base = Entry(row=row, given_name="An", family_name="Bo", employee_number=number, given=tuple(sorted(given)))
    return replace(base, **changes)  # type: ignore[arg-type]


def known(number: int, **changes: object) -> Known:
    base = Known(id=number, given_name="An", family_name="Bo", employee_number=str(number))
    return replace(base, **changes)  # type: ignore[arg-type]


def test_a_plan_sorts_everybody() -> None:
    entries = [entry(2, "1"), entry(3, "2", site="Gent"), entry(4, "9"), entry(5, "3", left_on=date(2026, 12, 31))]
    plan = roster.plan(entries, [known(1), known(2), known(3), known(4)], TODAY)
    assert [step.who for step in plan.added] == [Who(row=4)]
    assert [(step.who.person, step.fields) for step in plan.changed] == [(2, ("site",))]
    assert [step.who.person for step in plan.unchanged] == [1]
    assert [step.who.person for step in plan.left] == [3]
    assert plan.missing == (4,)


def test_a_column_that_the_file_lacks_changes_nothing_and_an_empty_cell_empties() -> None:
    there = known(1, site="Gent", language="nl")
    assert roster.plan([entry(2, "1")], [there], TODAY).unchanged
    assert roster.plan([entry(2, "1", site="")], [there], TODAY).changed[0].fields == ("site",)


def test_refused_rows_and_people_who_left_are_not_missing() -> None:
    plan = roster.plan([], [known(1), known(2, left_on=date(2026, 1, 1)), known(3)], TODAY, frozenset({"1"}))
    assert plan.missing == (3,)


def test_a_stranger_who_left_is_not_added() -> None:
    plan = roster.plan([entry(2, "1", left_on=date(2026, 1, 1))], [], TODAY)
    assert not plan.added
    assert [notice.rows for notice in plan.notices] == [(2,)]


def test_a_person_is_found_by_number_else_by_address() -> None:
    there = [known(1, email="a@x.be"), known(2, employee_number=None, email="b@x.be")]
    plan = roster.plan([entry(2, "1", email="new@x.be"), entry(3, "77", email="b@x.be")], there, TODAY)
    assert [(s.who.person, s.fields) for s in plan.changed] == [(1, ("email",)), (2, ("employee_number",))]


def test_an_address_that_passed_to_another_number_is_refused_unless_it_is_the_same_name() -> None:
    there = [known(1, email="a@x.be")]
    stranger = entry(2, "9", email="a@x.be", given_name="Cy")
    assert [refusal.row for refusal in roster.plan([stranger], there, TODAY).refused] == [2]
    assert roster.plan([entry(2, "9", email="a@x.be")], there, TODAY).changed[0].fields == ("employee_number",)


def test_two_people_may_swap_addresses_and_a_refusal_spreads() -> None:
    there = [known(1, email="a@x.be"), known(2, email="b@x.be"), known(3, email="c@x.be")]
    swap = [entry(2, "1", email="b@x.be"), entry(3, "2", email="a@x.be")]
    assert len(roster.plan(swap, there, TODAY).changed) == 2
    chain = [entry(2, "1", email="c@x.be"), entry(3, "2", email="a@x.be")]
    assert [refusal.row for refusal in roster.plan(chain, there, TODAY).refused] == [2, 3]


def test_managers_are_found_in_the_file_or_among_the_known() -> None:
    entries = [entry(2, "1", manager=None), entry(3, "2", manager="1"), entry(4, "3", manager="BOSS@x.be")]
    plan = roster.plan(entries, [known(7, email="boss@x.be")], TODAY)
    assert [step.manager for step in plan.added] == [None, Who(row=2), Who(person=7)]
    assert not plan.notices


def test_an_unknown_manager_is_a_warning_and_changes_nothing() -> None:
    plan = roster.plan([entry(2, "1", manager="999")], [known(1, manager=5), known(5)], TODAY)
    assert [step.who.person for step in plan.unchanged] == [1]
    assert [(notice.column, notice.rows) for notice in plan.notices] == [("manager", (2,))]


def test_circles_of_managers_name_their_rows() -> None:
    ring = [
        entry(2, "1", manager="3"),
        entry(3, "2", manager="1"),
        entry(4, "3", manager="2"),
        entry(5, "4", manager="1"),
    ]
    assert [notice.rows for notice in roster.plan(ring, [], TODAY).notices] == [(2, 3, 4)]
    own = roster.plan([entry(2, "1", manager="1")], [], TODAY)
    assert [notice.rows for notice in own.notices] == [(2,)]
    assert own.added[0].manager is None
    through = roster.plan([entry(2, "1", manager="5")], [known(1), known(5, manager=1)], TODAY)
    assert [notice.rows for notice in through.notices] == [(2,)]


HEADINGS = [
    "Id",
    "Name",
    "Voornaam",
    "E-mail",
    "Taal",
    "Manager",
    "Years",
    "Level",
    "Hire date",
    "Leave date",
    "Skills",
    "Extern",
]
CELL = st.one_of(
    st.text(st.characters(), max_size=20), st.sampled_from(["1", "an@x.be", "29/02/2027", "13/1/2020", "nl", ""])
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(CELL, max_size=14), max_size=6))
def test_any_table_becomes_entries_or_refusals(rows: list[list[str]]) -> None:
    reading = read(HEADINGS, *rows)
    written = [number for number, row in enumerate(rows, 2) if any(cell.strip() for cell in row)]
    assert sorted([e.row for e in reading.entries] + [r.row for r in reading.refused]) == written
    assert all(refusal.reason and refusal.column in {*HEADINGS, ""} for refusal in reading.refused)
    plan = roster.plan(reading.entries, [], TODAY, reading.keys)
    gone = sum(len(notice.rows) for notice in plan.notices if notice.column == "left_on")
    assert len(plan.added) + gone == len(reading.entries)
    people = [
        Known(id=step.entry.row, **{name: getattr(step.entry, name) for name in roster.COMPARED}) for step in plan.added
    ]
    bosses = {step.entry.row: step.manager.row for step in plan.added if step.manager}
    people = [replace(person, manager=bosses.get(person.id)) for person in people]
    again = roster.plan(reading.entries, people, TODAY, reading.keys)
    assert [again.added, again.changed, again.left, again.refused] == [(), (), (), ()]
