"""Looking for people, and all about one of them: those of this programme and its target group, and nobody else."""

import pytest
from lxml import html

from models import participant, person, programme
from models.base import insert_many, transaction
from portal.running.people import folded
from tests.portal import running
from tests.portal import stage as stages
from tests.portal.stage import TODAY


@pytest.fixture
def stage(database):
    return stages.build()


def found(browser, stage, asked):
    """The names that a search brings."""
    page = browser.get(f"/desk/{stage.desk}/people", params={"q": asked} if asked else {}).text
    return [one.text_content() for one in html.fromstring(page).cssselect(".someone .name a")]


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("lukasz", "Łukasz Gąska"),
        ("GASKA", "Łukasz Gąska"),
        ("gąs łuk", "Łukasz Gąska"),
        ("soren", "Søren Weiß"),
        ("weiss", "Søren Weiß"),
        ("liege", "Søren Weiß"),
        ("LIÈGE weis", "Søren Weiß"),
        ("x-17", "Łukasz Gąska"),
        ("logistique", "Łukasz Gąska"),
    ],
)
def test_search_ignores_capitals_and_accents_in_any_order(stage, browser, asked, name):
    running.colleague(stage, "X-17", "Łukasz", "Gąska", department="Logistique", site="Ghent", years=2)
    running.colleague(stage, "X-18", "Søren", "Weiß", department="Planning", site="Liège", years=2)
    assert found(browser, stage, asked) == [name]


def test_every_word_has_to_fit(stage, browser):
    assert found(browser, stage, "zoe peeters") == ["Zoë Peeters"]
    assert found(browser, stage, "zoe maes") == []


def test_with_nothing_typed_those_who_have_a_part_or_a_question_are_listed(stage, browser):
    assert found(browser, stage, "") == []
    running.couple(stage, "tom", "zoe")
    stage.ask("readiness_survey", "jan")
    assert found(browser, stage, "") == ["Tom De Smet", "Jan Maes", "Zoë Peeters"]


@pytest.fixture
def narrow(stage):
    """The programme addresses one department, and nobody is experienced enough to be asked as a mentor."""
    with transaction() as session:
        row = session.get(programme.Programme, stage.programme)
        group = row.rules.target_group.model_copy(update={"departments": ("Planning",), "mentor_years": 50})
        programme.keep(session, row.rules.model_copy(update={"target_group": group}))


def test_nobody_outside_the_programme_and_its_target_group_is_found(stage, browser, narrow):
    inside = running.colleague(stage, "in", "Ines", "Vermeer", department="Planning")
    outside = running.colleague(stage, "out", "Otto", "Vermeer", department="Sales")
    assert found(browser, stage, "vermeer") == ["Ines Vermeer"]
    desk = f"/desk/{stage.desk}/people"
    assert browser.get(f"{desk}/{inside}").status_code == 200
    assert browser.get(f"{desk}/{outside}").status_code == 404
    with transaction() as session:
        session.get(person.Person, inside).left_on = TODAY
    assert found(browser, stage, "vermeer") == []
    assert browser.get(f"{desk}/{inside}").status_code == 404
    stage.ask("readiness_survey", "out")
    assert found(browser, stage, "vermeer") == ["Otto Vermeer"]
    assert browser.get(f"{desk}/{outside}").status_code == 200


def test_what_was_typed_is_shown_as_text(stage, browser):
    page = browser.get(f"/desk/{stage.desk}/people", params={"q": '"><script>x</script>'}).text
    assert "<script>" not in page
    assert browser.get(f"/desk/{stage.desk}/people", params={"q": "\0zoe"}).status_code == 200
    assert browser.get(f"/desk/{stage.desk}/people", params={"q": "x" * 5000}).status_code == 200


def test_letters_are_folded():
    assert folded("Ærøskøbing Straße ŁÓDŹ") == "aeroskobing strasse lodz"
    assert folded("PLAIN") == "plain"


def test_one_person_is_told_in_full(stage, browser):
    pair = running.couple(stage, "tom", "zoe", held=(8,), coming=(20,))
    running.raised(stage, "RSK-09", f"pairing:{pair}", satisfied_gap=2)
    running.said(stage, "mentee_application", "zoe", "programme", {"goal": "Lead a team one day"})
    stage.ask("check_in_mentee", "zoe", about=f"pairing:{pair}")
    number = stages.mail(stage, "review_request", "zoe", state="sent", behind="form")
    page = browser.get(f"/desk/{stage.desk}/people/{stage.people['zoe']}").text
    for told in ("Zoë Peeters", "Mentee: takes part", "Tom De Smet", "The match may not work", "Lead a team one day"):
        assert told in page
    assert f"/mails/{number}" in page
    assert "How is it going?" in page
    with transaction() as session:
        part = participant.of_person(session, stage.programme, stage.people["zoe"], "mentee")
        assert f"participant:{part.id}.digest" in page


def test_mail_between_two_people_keeps_its_subject(stage, browser):
    running.couple(stage, "tom", "zoe")
    stages.mail(stage, "thanks_from_partner", "zoe", state="sent", fields={"words": "You saved my year"})
    page = browser.get(f"/desk/{stage.desk}/people/{stage.people['zoe']}").text
    assert "A personal message between two people" in page
    assert "You saved my year" not in page


def test_who_completed_has_nothing_left_to_stop(stage, browser):
    with transaction() as session:
        stage.member(session, "zoe", "mentee", "completed")
    page = browser.get(f"/desk/{stage.desk}/people/{stage.people['zoe']}").text
    assert "Stops taking part" not in page
    assert "completed" in page


@pytest.mark.slow
def test_search_among_ten_thousand_is_quick(stage, browser):
    rows = [
        {
            "employee_number": f"e{number}",
            "email": f"e{number}@example.org",
            "given_name": "Amélie" if number % 100 == 0 else "Bert",
            "family_name": f"Ørsted{number:05}",
            "department": "Planning",
            "site": "Ghent",
            "language": "nl",
            "country": "",
            "job_title": "",
            "years": 3,
            "level": 0,
            "skills": [],
            "interests": [],
            "external": False,
            "mail_refused_code": "",
            "gender": "",
        }
        for number in range(10_000)
    ]
    with transaction() as session:
        for start in range(0, len(rows), 500):
            insert_many(session, person.Person, rows[start : start + 500])
    page = browser.get(f"/desk/{stage.desk}/people", params={"q": "AMELIE orsted"})
    assert "100 people found" in page.text
    assert page.elapsed.total_seconds() < 3
