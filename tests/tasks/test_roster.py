"""The roster from a file into the database."""

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest
import sqlalchemy as sa

from models import link, programme
from models.base import transaction
from models.event import Event
from models.person import Person, all_people, by_key
from tasks import roster
from tasks.roster import RosterError, apply_import, propose_import, read_roster
from tests.models.rows import settings

TODAY = date(2027, 1, 1)
PLAIN = "Employee number,First name,Last name,E-mail,Manager\n1,Zoë,Bo,zoe@x.example,\n2,Cy,Dé,cy@x.example,1\n"


def file(folder: Path, content: str | bytes, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def people() -> list[Person]:
    with transaction() as session:
        return list(all_people(session))


def test_a_dry_run_writes_nothing(database: Path) -> None:
    report = propose_import(file(database, PLAIN), None, TODAY)
    assert report.counts()["added"] == 2
    assert not report.applied
    assert not people()


def test_an_import_writes_people_managers_and_one_line_of_trail(database: Path) -> None:
    apply_import(file(database, PLAIN), None, TODAY)
    boss, staff = people()
    assert (boss.given_name, staff.manager_id, boss.manager_id) == ("Zoë", boss.id, None)
    with transaction() as session:
        line = session.scalars(sa.select(Event)).one()
    assert (line.action, line.detail["added"]) == ("roster-import", 2)
    assert "zoe" not in json.dumps(line.detail).lower()


def test_the_same_file_twice_changes_nothing(database: Path) -> None:
    path = file(database, PLAIN)
    apply_import(path, None, TODAY)
    report = apply_import(path, None, TODAY)
    assert report.counts() | {"unchanged": 0} == dict.fromkeys(report.counts(), 0)
    assert report.counts()["unchanged"] == 2


def test_a_later_file_changes_leaves_and_misses_but_removes_nobody(database: Path) -> None:
    apply_import(file(database, PLAIN + "3,Di,Do,di@x.example,1\n4,Ed,Do,,1\n"), None, TODAY)
    later = "Employee number,First name,Last name,Site,Leave date\n1,Zoë,Bos,Gent,\n3,Di,Do,,2026-12-31\n"
    report = apply_import(file(database, later), None, TODAY)
    assert [step.fields for step in report.changed] == [("family_name", "site")]
    assert [step.fields for step in report.left] == [("left_on",)]
    assert len(report.missing) == 2
    assert len(people()) == 4
    assert people()[1].manager_id == people()[0].id


def test_who_goes_by_one_name_is_taken_in(database: Path) -> None:
    path = file(database, "Employee number,First name,Last name,E-mail\n7,Suharto,,s@x.example\n")
    assert apply_import(path, None, TODAY).counts()["added"] == 1
    assert [(one.given_name, one.family_name) for one in people()] == [("Suharto", "")]
    assert apply_import(path, None, TODAY).counts()["unchanged"] == 1


def test_addresses_can_be_swapped_in_one_import(database: Path) -> None:
    apply_import(file(database, PLAIN), None, TODAY)
    swapped = PLAIN.replace("zoe@", "x@").replace("cy@", "zoe@").replace("x@", "cy@")
    assert apply_import(file(database, swapped), None, TODAY).counts()["changed"] == 2
    assert [person.email for person in people()] == ["cy@x.example", "zoe@x.example"]


def test_a_plan_that_is_out_of_date_is_not_carried_out(database: Path) -> None:
    path = file(database, PLAIN)
    shown = propose_import(path, None, TODAY)
    file(database, PLAIN.replace("Cy", "Cyd"))
    with pytest.raises(RosterError, match="have changed"):
        apply_import(path, None, TODAY, expected=shown.digest)
    assert not people()
    file(database, PLAIN)
    assert apply_import(path, None, TODAY, expected=shown.digest).applied
    assert len(people()) == 2


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("cp1252"),
        PLAIN.encode("utf-16"),
        PLAIN.replace(",", ";").replace("\n", "\r\n").encode("cp1252"),
        PLAIN.replace(",", "\t").encode(),
        b"sep=;\r\n" + PLAIN.replace(",", ";").encode("utf-8-sig"),
        b"Staff list,,,,\n\n" + PLAIN.encode(),
    ],
)
def test_csv_of_every_kind_is_read(database: Path, content: bytes) -> None:
    apply_import(file(database, content), None, TODAY)
    assert [person.value().name for person in people()] == ["Zoë Bo", "Cy Dé"]


def workbook(folder: Path, *rows: list[object]) -> Path:
    book = openpyxl.Workbook()
    book.create_sheet("Staff")
    for row in rows:
        book["Staff"].append(row)
    path = folder / "people.xlsx"
    book.save(path)
    return path


def test_a_workbook_gives_numbers_days_and_yes_and_the_rows_as_it_shows_them(database: Path) -> None:
    headings: list[object] = ["Staff ID", "Name", "Hire date", "External", "Years"]
    path = workbook(
        database, [None], headings, [12, "Bo, An", date(2020, 3, 1), True, 6.0], [], [13.0, None, None, None, 1]
    )
    report = apply_import(path, None, TODAY)
    assert [(refusal.row, refusal.column) for refusal in report.refused] == [(5, "Name")]
    with transaction() as session:
        found = by_key(session, "12")
    assert found
    assert (found.given_name, found.hired_on, found.external, found.years) == ("An", date(2020, 3, 1), True, 6)


def test_a_cell_far_outside_the_table_is_refused(database: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Staff ID", "Name"])
    sheet["XFD1048576"] = "x"
    book.save(database / "far.xlsx")
    with pytest.raises(RosterError, match="far outside"):
        read_roster(database / "far.xlsx")


def test_a_zip_bomb_is_refused(database: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 5_000_000)
    with pytest.raises(RosterError, match="unpacks to too much"):
        read_roster(file(database, held.getvalue(), "bomb.xlsx"))


def test_what_is_too_large_is_refused(database: Path) -> None:
    with pytest.raises(RosterError, match="10 MB"):
        read_roster(file(database, b"a" * 10_000_001))
    with pytest.raises(RosterError, match="50000 rows"):
        read_roster(file(database, "Id,Name\n" + "1,A\n" * 50_011))


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"%PDF-1.7 \x81\x8d", b"PK\x03\x04junk", b"\xd0\xcf\x11\xe0junk", b"hello", b"a,b\n1,2\n"]
)
def test_what_is_no_table_of_people_is_refused_in_one_line(database: Path, content: bytes) -> None:
    with pytest.raises(RosterError) as caught:
        read_roster(file(database, content))
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("people.csv: ")


def test_a_missing_file_or_a_folder_is_said_to_be_so(database: Path) -> None:
    with pytest.raises(RosterError, match="no such file"):
        read_roster(database / "none.csv")
    with pytest.raises(RosterError, match="cannot be opened"):
        read_roster(database)


def test_a_file_without_keys_or_names_says_which_columns_there_are(database: Path) -> None:
    with pytest.raises(RosterError, match="Site, Country"):
        read_roster(file(database, "Site,Country\nGent,Belgium\n"))
    with pytest.raises(RosterError, match="employee numbers or e-mail"):
        read_roster(file(database, "First name,Last name\nAn,Bo\n"))


def test_a_mapping_names_columns_by_hand(database: Path) -> None:
    table = file(database, "Code,Who,Kantoor,City\n1,An Bo,Gent,Brugge\n")
    mapping = file(database, 'employee_number = "code"\nname = "Who"\nsite = "Kantoor"\n', "columns.toml")
    report = apply_import(table, mapping, TODAY)
    assert dict(report.columns) == {"employee_number": "Code", "name": "Who", "site": "Kantoor"}
    assert people()[0].site == "Gent"
    off = read_roster(table, {"employee_number": "Code", "name": "Who", "site": ""})
    assert set(off.places) == {"employee_number", "name"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('name = "Whom"', "Who, City"),
        ('shoe_size = "City"', "employee_number, email"),
        ("name = 3", "it can have"),
        ("name: Who", "not TOML"),
    ],
)
def test_a_wrong_mapping_is_explained(database: Path, content: str, says: str) -> None:
    table = file(database, "Id,Who,City\n1,An Bo,Gent\n")
    with pytest.raises(RosterError, match=says):
        read_roster(table, file(database, content, "columns.toml"))


def test_a_mapping_that_is_not_there_is_explained(database: Path) -> None:
    with pytest.raises(RosterError, match="cannot be opened"):
        read_roster(file(database, PLAIN), database / "columns.toml")


def test_the_report_for_machines_holds_no_cell(database: Path) -> None:
    hostile = (
        PLAIN + "3,Secret\u202e,Hidden,secret@x.example,\n4,Secret,Hidden,secret.x.example,\n5,Secret,Hidden,,404\n"
    )
    report = propose_import(file(database, hostile), None, TODAY)
    said = json.dumps(report.as_dict(), ensure_ascii=False)
    assert report.counts() == {
        "added": 3,
        "changed": 0,
        "unchanged": 0,
        "left": 0,
        "missing": 0,
        "refused": 2,
        "warnings": 1,
    }
    assert report.as_dict()["refused"][0]["row"] == 4
    assert not [word for word in ("Secret", "Hidden", "secret", "Zoë", "404", "zoe@") if word in said]
    assert any("Secret" in refusal.value_hint for refusal in report.refused)


def test_an_export_of_employees_with_addresses_and_telephones_is_read(database: Path) -> None:
    export = (
        "\ufeffBusinessEntityID,FirstName,LastName,JobTitle,PhoneNumber,PhoneNumberType,EmailAddress,AddressLine1,City,"
        "StateProvinceName,PostalCode,CountryRegionName\r\n"
        '1,Ann,O\'Neil,Buyer,151-555-0113,Work,ann0@x.example,"1, Candy Rd.",Redmond,Washington,98052,United States\r\n'
        "2,Chloé,Petit,Engineer,1 (11) 500 555-0190,Cell,chloe0@x.example,2 rue Verte,Bordeaux,Gironde,33000,France\r\n"
        "3,José,Saraiva,Buyer,185-555-0169,Work,josé1@x.example,9 Palm Dr.,London,England,SW8,United Kingdom\r\n"
    )
    report = apply_import(file(database, export), None, TODAY)
    assert [person.language for person in people()] == ["en", "fr"]
    assert [(refusal.row, refusal.column) for refusal in report.refused] == [(4, "EmailAddress")]
    assert report.ignored == ("PhoneNumber", "PhoneNumberType", "AddressLine1", "StateProvinceName", "PostalCode")


def test_the_limits_are_the_promised_ones() -> None:
    assert (roster.MAX_BYTES, roster.MAX_ROWS, roster.MAX_RATIO) == (10_000_000, 50_000, 100)


# Gender: only where a mapping asks for it


def test_a_column_of_gender_is_left_alone_unless_the_mapping_names_it(database: Path) -> None:
    path = file(database, "Employee number,First name,Last name,Gender,Geslacht\n1,Zoë,Bo,F,V\n2,Cy,Dé,M,M\n")
    report = apply_import(path, None, TODAY)
    assert "gender" not in report.columns
    assert set(report.ignored) == {"Gender", "Geslacht"}
    assert [one.gender for one in people()] == ["", ""]
    changed = apply_import(path, {"gender": "Geslacht"}, TODAY)
    assert changed.columns["gender"] == "Geslacht"
    assert [step.fields for step in changed.changed] == [("gender",), ("gender",)]
    assert [one.gender for one in people()] == ["V", "M"]


def test_gender_stays_without_the_mapping_and_empty_cells_take_it_away(database: Path) -> None:
    apply_import(
        file(database, "Employee number,First name,Last name,Gender\n1,Zoë,Bo,F\n"), {"gender": "Gender"}, TODAY
    )
    apply_import(file(database, "Employee number,First name,Last name,Gender\n1,Zoë,Bo,\n"), None, TODAY)
    assert people()[0].gender == "F"
    apply_import(
        file(database, "Employee number,First name,Last name,Gender\n1,Zoë,Bo,\n"), {"gender": "Gender"}, TODAY
    )
    assert people()[0].gender == ""


def test_the_rules_and_the_report_of_an_import_never_hold_gender(database: Path) -> None:
    path = file(database, "Employee number,First name,Last name,Gender\n1,Zoë,Bo,Geheimwoord\n")
    report = apply_import(path, {"gender": "Gender"}, TODAY)
    assert "Geheimwoord" not in json.dumps(report.as_dict())
    assert "Geheimwoord" not in repr(people()[0].value())


@pytest.mark.parametrize(
    ("before", "after", "opens"),
    [("zoe@x.example", "zoe@y.example", False), ("zoe@x.example", "zoe@x.example", True), ("", "zoe@y.example", True)],
)
def test_another_address_closes_the_links_in_the_old_mailbox(database: Path, before, after, opens) -> None:
    apply_import(file(database, PLAIN.replace("zoe@x.example", before)), None, TODAY)
    (zoe,) = [one for one in people() if one.given_name == "Zoë"]
    with transaction() as session:
        where = programme.keep(session, settings()).id
        about = {"purpose": "form", "programme_id": where, "person_id": zoe.id, "expires_on": None}
        made = link.new_link(session, **about)
        token = made.token
    apply_import(file(database, PLAIN.replace("zoe@x.example", after)), None, TODAY)
    with transaction() as session:
        assert (link.open_link(session, token, "form") is not None) is opens
        assert link.open_link(session, session.get_one(link.Link, made.id).token, "form")
