"""Several programmes on one page, the way to each desk, and the way to the runs in the Prefect UI."""

from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from lxml import html

from framework import programme as rules
from models import event, link, programme
from models.base import transaction
from models.settings import Settings
from portal.runs import runs
from tests.portal.stage import SURE, everything


def another(slug="onboarding", **values):
    given = {
        "slug": slug,
        "title": f"The {slug} programme",
        "company": "Other Works",
        "track": "new-hire",
        "starts_on": date(2027, 3, 1),
        "coordinator": "amira",
        "words": {"en": {"mentor": "godmother", "mentors": "godmothers"}},
    }
    with transaction() as session:
        return programme.keep(session, rules.Programme.model_validate(given | values)).id


def page(browser, desk):
    return html.fromstring(browser.get(f"/desk/{desk}/programmes").text)


def test_each_programme_of_the_coordinator_has_a_card(stage, browser):
    other = another()
    another("foreign", coordinator="tom")
    another("arriving", coordinator="tom", deputy="amira", starts_on=date(2027, 6, 7))
    stage.open("matching")
    stage.pair()
    shown = page(browser, stage.desk)
    assert shown.xpath("//section/h2/text()") == [
        "Growing together",
        "The onboarding programme",
        "The arriving programme",
    ]
    first, second, third = (" ".join(one.text_content().split()) for one in shown.xpath("//section"))
    assert "Matching" in first
    assert "1 subject waits for you" in first
    assert "0 subjects wait for you" in second
    assert "Next: Readiness, as soon as it can" in second
    assert "Next: Readiness, on Monday 7 June 2027" in third
    assert "as deputy" in third
    assert len(shown.xpath("//section[1]//svg/rect")) > 10
    assert shown.xpath("//section//input[@name='programme']/@value") == [str(other)]


def test_looking_makes_no_desk_and_a_post_makes_one(stage, browser):
    other = another()
    before = everything()
    page(browser, stage.desk)
    assert everything() == before
    answer = browser.post(f"/desk/{stage.desk}/programmes", data=SURE | {"programme": str(other)})
    assert answer.status_code == 303
    assert browser.get(answer.headers["location"]).status_code == 200
    assert "The onboarding programme" in browser.get(answer.headers["location"]).text
    again = browser.post(f"/desk/{stage.desk}/programmes", data=SURE | {"programme": str(other)})
    assert again.headers["location"] == answer.headers["location"]
    with transaction() as session:
        made = session.scalars(sa.select(link.Link).where(link.Link.programme_id == other)).all()
        assert [one.purpose for one in made] == ["desk"]
        assert session.scalar(sa.select(sa.func.count()).where(event.Event.action == "desk opened")) == 2
    assert answer.headers["location"] in page(browser, stage.desk).xpath("//section//a/@href")


@pytest.mark.parametrize(("deputy", "status"), [("amira", 403), ("jan", 404)])
def test_only_the_coordinator_makes_a_desk(stage, browser, deputy, status):
    other = another(coordinator="tom", deputy=deputy)
    answer = browser.post(f"/desk/{stage.desk}/programmes", data=SURE | {"programme": str(other)})
    assert answer.status_code == status
    shown = page(browser, stage.desk).text_content()
    assert ("As deputy you get one by e-mail" in shown) == (deputy == "amira")
    for wrong in ({}, {"programme": "0"}, {"programme": "x"}, {"programme": "99999999999"}):
        assert browser.post(f"/desk/{stage.desk}/programmes", data=wrong).status_code == 404


def test_a_desk_names_the_other_programmes_where_there_are_any(stage, browser):
    assert "/programmes" not in browser.get(f"/desk/{stage.desk}").text
    another()
    assert "/programmes" in browser.get(f"/desk/{stage.desk}").text


def test_only_a_desk_shows_programmes(stage, browser):
    assert browser.get(f"/desk/{stage.ask('pairing_mentor')}/programmes").status_code == 404


def test_runs_are_linked_where_the_ui_is_known(stage, browser, monkeypatch):
    stage.open("matching")
    with transaction() as session:
        growth = programme.by_slug(session, "growth").rules
    assert runs(growth) == ""
    assert "/v2/runs" not in browser.get(f"/desk/{stage.desk}").text
    monkeypatch.setenv("BAKEN_PREFECT_UI", "https://prefect.example/v2/")
    asked = parse_qs(urlsplit(runs(growth)).query)
    assert (asked["tags"], asked["start"]) == (["calendar:growth"], [f"{growth.starts_on}T00:00:00.000Z"])
    asked = parse_qs(urlsplit(runs(growth, "matching")).query)
    assert (asked["tags"], asked["flow-run-search"]) == (["matching"], [f"{growth.title} ·"])
    links = html.fromstring(browser.get(f"/desk/{stage.desk}").text).xpath("//a[contains(@href, '/v2/runs?')]/@href")
    assert links == [runs(growth), runs(growth, "matching")]
    assert stage.desk not in "".join(links)


@pytest.mark.parametrize("bad", ["javascript:alert(1)", "prefect.example", 'https://x/"onclick', "https://x/?a=b"])
def test_an_address_that_is_none_is_refused(monkeypatch, bad):
    monkeypatch.setenv("BAKEN_PREFECT_UI", bad)
    with pytest.raises(ValueError, match="prefect_ui"):
        Settings()


def test_the_interface_of_prefect_reads_those_words():
    """The control: the bundle that came with the installed Prefect knows the words that we put in the address."""
    import prefect

    assets = Path(prefect.__ui_v2_static_path__) / "assets"
    bundle = "".join(one.read_text("utf-8") for one in assets.glob("*.js"))
    for word in ("flow-run-search", "hide-subflows", "START_TIME_ASC", "flow-runs"):
        assert word in bundle
