"""Before anything goes: samples in the programme's own face, what comes next, and everybody whom a mailing reaches."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from lxml import html

from framework.programme import PHASES
from models import delivery, participant, person, programme
from models.base import transaction
from notifications.emails import EMAILS
from notifications.words import languages
from portal import coming, mails
from tests.portal.stage import TODAY, everything


def preview(browser, stage, name, language="en", rest="", **query):
    return browser.get(f"/desk/{stage.desk}/mails/preview{rest}", params={"mail": name, "in": language, **query})


def test_every_email_is_shown_in_the_programmes_face(stage, browser):
    before = everything()
    for place, name in enumerate(EMAILS):
        page = preview(browser, stage, name, languages()[place % len(languages())], "/sheet")
        assert page.status_code == 200, name
        assert "Acme" in page.text
        assert "href=" not in page.text
        assert "cid:" not in page.text
        assert "sandbox" in page.headers["content-security-policy"]
    assert "guide" in preview(browser, stage, "mentor_call", "en", "/sheet").text
    assert everything() == before


def test_page_shows_the_mail_beside_its_plain_text(stage, browser):
    answer = preview(browser, stage, "mentor_call")
    tree = html.fromstring(answer.text)
    assert tree.xpath("//iframe[@sandbox]/@src")[0].endswith("/sheet?mail=mentor_call&in=en")
    assert tree.xpath("//select[@id='mail']//option[@selected]/@value") == ["mentor_call"]
    assert {*tree.xpath("//select[@id='mail']//option/@value")} == set(EMAILS)
    plain = tree.xpath("string(//pre)")
    assert mails.MASK in plain
    assert "Growing together" in answer.text
    assert 'lang="nl"' in preview(browser, stage, "mentor_call", "nl").text


def test_language_of_the_page_is_not_that_of_the_mail(stage, browser):
    answer = preview(browser, stage, "mentor_call", "fr", lang="nl")
    assert html.fromstring(answer.text).xpath("/html/@lang") == ["nl"]
    assert 'pre class="plain" lang="fr"' in answer.text


def test_own_words_of_the_programme_are_shown(stage, browser):
    with transaction() as session:
        row = session.get(programme.Programme, stage.programme)
        text = {"mentor_call": {"en": {"subject": "Come and guide somebody", "body": "We thought of you."}}}
        row.settings = row.settings | {"mail": row.settings["mail"] | {"texts": text}}
    assert "We thought of you." in preview(browser, stage, "mentor_call", "en", "/sheet").text
    assert "Come and guide somebody" in preview(browser, stage, "mentor_call").text


@pytest.mark.parametrize("query", ["mail=nothing", "mail=mentor_call&in=xx", "mail=../etc"])
def test_what_there_is_not_is_not_found(stage, browser, query):
    for rest in ("", "/sheet"):
        assert browser.get(f"/desk/{stage.desk}/mails/preview{rest}?{query}").status_code == 404


def test_only_the_desk_sees_it(stage, browser):
    token = stage.ask("pairing_mentor")
    assert browser.get(f"/desk/{token}/mails/preview").status_code == 404
    assert browser.get(f"/desk/{token}/mails/held/mentor_call").status_code == 404


def _open_in(stage, phase, days):
    with transaction() as session:
        for one in programme.milestones(session, stage.programme):
            one.opens_on = TODAY + timedelta(days=days if one.phase == phase else 400)


def test_what_goes_next_is_counted_as_recruitment_would(stage, browser):
    _open_in(stage, "recruitment", 5)
    with transaction() as session:
        for who, years in (("tom", 20), ("zoe", 1), ("amira", 2)):
            session.get(person.Person, stage.people[who]).years = years
        session.get(person.Person, stage.people["jan"]).no_campaigns_since = TODAY
        session.get(person.Person, stage.people["zoe"]).manager_id = stage.people["amira"]
    answer = preview(browser, stage, "mentor_call").text
    told = {one.template: one for one in _coming(stage)}
    assert {name: one.people for name, one in told.items()} == {
        "programme_announcement": 3,
        "manager_briefing": 1,
        "mentor_call": 1,
        "mentee_call": 2,
    }
    assert told["mentor_call"].on == TODAY + timedelta(days=8)
    assert "to one person, as it stands today" in answer


def _coming(stage):
    from starlette.datastructures import QueryParams

    from portal.visit import open_desk

    with transaction() as session:
        return coming.coming(session, open_desk(session, stage.desk, QueryParams()))


def test_what_has_opened_or_lies_far_off_is_not_announced(stage, browser):
    _open_in(stage, "recruitment", coming.AHEAD_DAYS + 1)
    assert _coming(stage) == []
    assert "No phase opens in the next 60 days." in preview(browser, stage, "mentor_call").text
    _open_in(stage, "recruitment", 3)
    assert _coming(stage)
    stage.open("recruitment")
    assert _coming(stage) == []


def test_every_phase_says_what_it_sends_first(stage):
    with transaction() as session:
        rules = session.get(programme.Programme, stage.programme).rules
    for phase in PHASES:
        found = coming.mails_of(rules, phase, phase)
        assert found, phase
        assert all(EMAILS[one.template].phase == phase for one in found)
    modes = [name for planned in coming.MATCHING.values() for name in planned]
    assert all(EMAILS[one.template].phase == "matching" for one in modes)
    assert coming.mails_of(rules, "evaluation", "final")[0].template == "final_evaluation"


def _hold(stage, number):
    with transaction() as session:
        rows = [
            {"given_name": f"Given{n}", "family_name": f"Fam{n:03}", "email": f"h{n}@example.org"}
            for n in range(number)
        ]
        ids = list(session.scalars(sa.insert(person.Person).returning(person.Person.id), rows))
        for one in ids:
            delivery.enqueue(
                session,
                key=f"held:{one}",
                programme_id=stage.programme,
                phase="recruitment",
                template="programme_announcement",
                person_id=one,
                language="en",
                fields={"given_name": "Given", "calls_on": TODAY.isoformat()},
                state="draft",
                due_on=TODAY,
            )


def test_a_mailing_that_waits_shows_three_examples_and_everybody(stage, browser):
    _hold(stage, 60)
    page = html.fromstring(browser.get(f"/desk/{stage.desk}/mails").text)
    examples = [link for link in page.xpath("//form//a/@href") if link.rpartition("/")[2].isdigit()]
    assert len(examples) == len(set(examples)) == 3
    assert all(browser.get(link).status_code == 200 for link in examples)
    (all_of_them,) = [link for link in page.xpath("//form//a/@href") if "/held/" in link]
    names = []
    for number in (1, 2):
        found = html.fromstring(browser.get(f"{all_of_them}?page={number}").text)
        names += [one.text for one in found.xpath("//tbody//th/a")]
    assert names == [f"Fam{n:03}, Given{n}" for n in range(60)]
    assert "Page 2 of 2" in found.text_content()


@pytest.mark.parametrize("query", ["?page=0", "?page=x", "?page=-1", "?page=999999999999"])
def test_a_page_that_is_none_is_not_found(stage, browser, query):
    _hold(stage, 1)
    assert browser.get(f"/desk/{stage.desk}/mails/held/programme_announcement").status_code == 200
    assert browser.get(f"/desk/{stage.desk}/mails/held/programme_announcement{query}").status_code == 404
    assert browser.get(f"/desk/{stage.desk}/mails/held/mentor_call").status_code == 404


def test_the_one_example_of_a_small_mailing_is_shown_once(stage, browser):
    _hold(stage, 1)
    page = html.fromstring(browser.get(f"/desk/{stage.desk}/mails").text)
    assert len([link for link in page.xpath("//form//a/@href") if link.rpartition("/")[2].isdigit()]) == 1
    with transaction() as session:
        assert not participant.of_programme(session, stage.programme)
