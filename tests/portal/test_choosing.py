"""Any mentor may be chosen on the page of one pair, once, after it was said what it costs; where the rules allow it."""

import pytest
import sqlalchemy as sa
from lxml import html

from models import decision, pairing, participant, person
from models.base import transaction
from notifications.words import languages
from tests.portal.crowd import crowd, ids_of
from tests.portal.stage import TODAY, deeds, everything, fields


def _decisions():
    with transaction() as session:
        rows = session.scalars(sa.select(decision.Decision).order_by(decision.Decision.id)).all()
        return [(row.subject, row.choice, row.reason) for row in rows]


def _at(stage, subject, mentor):
    return f"/desk/{stage.desk}/matching/pair/{subject[8:]}?mentor={mentor}"


def _form(browser, stage, subject, mentor):
    """What a browser would send for the choice, with its box ticked; empty where there is nothing to choose."""
    page = browser.get(_at(stage, subject, mentor))
    assert page.status_code == 200
    found = [one for one in html.fromstring(page.text).forms if one.method == "POST"]
    boxes = [box for one in found for box in one.xpath(".//input[@type='checkbox']")]
    ticked = {box.get("name"): [box.get("value")] for box in boxes}
    return ticked | {name: [value] for one in found for name, value in one.form_values()}


def _told(page):
    return " ".join(html.fromstring(page.text).text_content().split())


def _unlisted(subject):
    """A mentor who is neither proposed nor among those who may be chosen on the list."""
    with transaction() as session:
        pair = session.get(pairing.Pairing, int(subject[8:]))
        shown = {pair.mentor_id, *(one["mentor"] for one in pair.others)}
        every = session.scalars(sa.select(participant.Participant.id).where(participant.Participant.role == "mentor"))
        return next(one for one in every if one not in shown)


def test_mentor_who_is_not_listed_can_be_chosen_once_and_a_look_changes_nothing(stage, browser):
    (subject,) = crowd(stage, [{}] * 6, [{}])
    mentor = _unlisted(subject)
    before = everything()
    page = browser.get(_at(stage, subject, mentor))
    assert "Choose " in _told(page)
    assert "If you choose this, the two are approved." in _told(page)
    typed = _form(browser, stage, subject, mentor) | {f"{subject}.reason": ["they <b>met</b>"]}
    assert everything() == before
    for _ in range(2):
        answer = browser.post(_at(stage, subject, mentor), data=typed)
        assert answer.status_code == 303
        assert answer.headers["location"].endswith(f"/matching#{subject.replace(':', '-')}")
    assert _decisions() == [(subject, f"swap:{mentor}", "they <b>met</b>")]
    assert deeds("decided") == 1
    with transaction() as session:
        name = session.get(participant.Participant, mentor).person.value().name
    assert f"Choose this one instead: {name}" in _told(browser.get(f"/desk/{stage.desk}/matching"))
    assert "This pair is decided already." in _told(browser.get(_at(stage, subject, mentor)))


def test_on_the_list_only_those_shown_can_be_chosen(stage, browser):
    (subject,) = crowd(stage, [{}] * 6, [{}])
    typed = fields(browser.get(f"/desk/{stage.desk}/matching").text)[0] | {subject: [f"swap:{_unlisted(subject)}"]}
    assert browser.post(f"/desk/{stage.desk}/matching", data=typed).status_code == 422
    assert _decisions() == []


def test_whom_the_rules_forbid_cannot_be_chosen(stage, browser):
    (subject,) = crowd(stage, [{}, {}, {"department": "Sales"}], [{}])
    one, two, forbidden = (_mentors(stage)[at] for at in range(3))
    allowed = next(each for each in (one, two) if each != ids_of(subject)[0])
    typed = _form(browser, stage, subject, allowed)
    assert typed[subject] == [f"swap:{allowed}"]
    assert _form(browser, stage, subject, forbidden) == {}
    forged = {name: [value[0].replace(f"swap:{allowed}", f"swap:{forbidden}")] for name, value in typed.items()}
    assert browser.post(_at(stage, subject, forbidden), data=forged).status_code == 409
    assert browser.post(_at(stage, subject, allowed), data=forged).status_code == 422
    assert _form(browser, stage, subject, ids_of(subject)[0]) == {}
    assert _decisions() == []


def _mentors(stage):
    with transaction() as session:
        found = participant.of_programme(session, stage.programme, "mentor")
        return sorted(one.id for one in found)


def test_place_that_a_decision_has_taken_is_an_error(stage, browser):
    one, two = crowd(stage, [{}, {}], [{}, {}])
    mentor = ids_of(one)[0]
    typed = _form(browser, stage, two, mentor)
    listed = fields(browser.get(f"/desk/{stage.desk}/matching").text)[0] | {one: ["approve"]}
    assert browser.post(f"/desk/{stage.desk}/matching", data=listed).status_code == 303
    answer = browser.post(_at(stage, two, mentor), data=typed | {f"{two}.reason": ["a good reason"]})
    assert answer.status_code == 422
    assert "This person is chosen more often than there are places." in _told(answer)
    assert "a good reason" in answer.text
    assert [subject for subject, _, _ in _decisions()] == [one]
    with transaction() as session:
        session.get(pairing.Pairing, int(one[8:])).status = "approved"
    assert _form(browser, stage, two, mentor) == {}
    assert browser.post(_at(stage, two, mentor), data=typed).status_code == 409


def test_place_that_was_chosen_here_is_counted_on_the_list(stage, browser):
    subjects = crowd(stage, [{}] * 6, [{}] * 6)
    with transaction() as session:
        for row in session.scalars(sa.select(pairing.Pairing)):
            row.others = []
    one, two = subjects[:2]
    mentor = ids_of(two)[0]
    typed = _form(browser, stage, one, mentor)
    assert browser.post(_at(stage, one, mentor), data=typed).status_code == 303
    listed = fields(browser.get(f"/desk/{stage.desk}/matching").text)[0] | {two: ["approve"]}
    assert browser.post(f"/desk/{stage.desk}/matching", data=listed).status_code == 422
    assert [subject for subject, _, _ in _decisions()] == [one]


@pytest.mark.parametrize("change", ["digest", "mentor", "struck", "decided"])
def test_what_has_changed_is_shown_again(stage, browser, change):
    (subject,) = crowd(stage, [{}] * 3, [{}])
    mentor = next(one for one in _mentors(stage) if one != ids_of(subject)[0])
    typed = _form(browser, stage, subject, mentor)
    match change:
        case "digest":
            typed[f"{subject}.digest"] = ["0" * 64]
        case "mentor":
            with transaction() as session:
                session.get(person.Person, session.get(participant.Participant, mentor).person_id).job_title = "Chief"
        case "struck":
            with transaction() as session:
                session.get(pairing.Pairing, int(subject[8:])).status = "struck"
        case _:
            listed = fields(browser.get(f"/desk/{stage.desk}/matching").text)[0] | {subject: ["approve"]}
            assert browser.post(f"/desk/{stage.desk}/matching", data=listed).status_code == 303
    before = _decisions()
    answer = browser.post(_at(stage, subject, mentor), data=typed)
    assert answer.status_code == 409
    assert "This has changed since you looked; please look again." in _told(answer)
    assert _decisions() == before


def test_leaver_cannot_be_chosen(stage, browser):
    (subject,) = crowd(stage, [{}] * 3, [{}])
    mentor = next(one for one in _mentors(stage) if one != ids_of(subject)[0])
    with transaction() as session:
        session.get(person.Person, session.get(participant.Participant, mentor).person_id).left_on = TODAY
    assert _form(browser, stage, subject, mentor) == {}
    assert "At the moment this choice cannot be made." in _told(browser.get(_at(stage, subject, mentor)))


def test_group_is_not_changed_by_hand_here(stage, browser):
    subjects = crowd(stage, [{"capacity": 9}] * 2, [{}] * 3, shape="group", group=(2, 4))
    other = next(one for one in _mentors(stage) if one != ids_of(subjects[0])[0])
    assert _form(browser, stage, subjects[0], other) == {}


def test_page_speaks_every_language(stage, browser):
    (subject,) = crowd(stage, [{}] * 6, [{}])
    mentor = _unlisted(subject)
    for language in languages():
        page = browser.get(f"{_at(stage, subject, mentor)}&lang={language}")
        assert page.status_code == 200
        assert "%(" not in page.text
        assert f"mentor={mentor}" in html.fromstring(page.text).forms[-1].action


def test_unknown_pair_is_nowhere(stage, browser):
    assert browser.get(f"/desk/{stage.desk}/matching/pair/999?mentor=1").status_code == 404
    assert browser.post(f"/desk/{stage.desk}/matching/pair/999?mentor=1", data={}).status_code == 404
